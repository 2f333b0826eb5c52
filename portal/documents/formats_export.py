"""The kinds of files a document is given out as, by the ending of their names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import IO, NamedTuple

from portal.documents.description_rules import Document
from portal.documents.docx_export import write_docx
from portal.documents.pdf_export import write_pdf
from portal.documents.xlsx_export import write_xlsx


class Format(NamedTuple):
    """A kind of file: what it is called, how it is sent, who writes it."""

    label: str
    mimetype: str
    write: Callable[[Document, IO[bytes]], None]


class Names(NamedTuple):
    """What a file is called, in Chinese and for programs that know only ASCII."""

    name: str
    plain_name: str


IN_MEMORY = 1024 * 1024
"""Bytes of a file that may stand in memory while it is written and sent."""


def sha256_of(file: IO[bytes]) -> str:
    """Return the hash of a file that was written, and wind it back to its beginning."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # any binary file will do
    file.seek(0)
    return digest


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    "pdf": Format("PDF 文件", "application/pdf", write_pdf),
    "docx": Format("Word 文档", f"{_OFFICE}.wordprocessingml.document", write_docx),
    "xlsx": Format("Excel 工作簿", f"{_OFFICE}.spreadsheetml.sheet", write_xlsx),
}
