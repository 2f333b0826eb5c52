"""Opens a file of either kind and gives its rows one by one, within the limits of a file.

For parser_apart.py alone, in a process of its own: whatever a file does, it does there.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from portal.imports import sheet_xml_rules

MAX_ROWS = 200_000
MAX_COLUMNS = 64
MAX_CELL_CHARACTERS = 32_767
"""What a cell of Excel holds."""

MAX_PARTS = 1_000
MAX_UNZIPPED_BYTES = 250 * 1024 * 1024
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 10 * 1024 * 1024
SCANNED_BYTES = 8 * 1024 * 1024
"""Sheets up to this size are searched for cells far out; larger ones meet the memory limit."""

NOTES = ("填表说明", "字典")
"""The sheets of our templates beside the rows: workbook_export.py writes them."""

SUBSTITUTE = b"\x1a"
"""Ctrl+Z, with which old programs end a text file."""


_SEPARATOR = re.compile(r'"?sep=([,;|\t])"?,*', re.IGNORECASE)
_FAR_CELL = re.compile(rb'<c [^<>]*?r="((?:[A-Z]{3}|[A-Z]{1,2}[0-9]{7})[A-Z0-9]*)"')
# Programs that write XML differ in prefixes and in where they declare them.
_FORM_ID = re.compile(rb'name="form_id"[^<]*>\s*<(?:\w+:)?lpwstr[^<>]*>([^<]{1,80})<')


class Fault(Exception):
    """The file cannot be read; ``code`` is known to reading_apart.py, which words it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Rows(NamedTuple):
    """The rows of a file, from its first one on, and what is known of them beside their cells.

    ``hidden`` are the numbers of rows, from 0, that a workbook does not show, ``hidden_columns``
    the first and last numbers of columns; ``other_sheets`` are visible and hold something too.
    """

    cells: Iterator[list[Any]]
    sheet: str | None = None
    form_id: str | None = None
    hidden: Iterable[int] = ()
    hidden_columns: Iterable[tuple[int, int]] = ()
    other_sheets: Iterable[str] = ()


def rows_of(content: bytes, wanted: list[str]) -> Rows:
    """Return the rows of a file of either kind, told by its first bytes."""
    if content.startswith(b"PK\x03\x04"):
        form_id = check_parts(content)
        return rows_of_workbook(content, wanted, form_id)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Fault("old_format")
    return Rows(rows_of_text(content))


def plain(text: str) -> str:
    """Return a name as it is compared: half-width, without blanks, in small letters, no star."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().rstrip("*")


def padded(row: list[Any], width: int) -> list[Any]:
    return row + [""] * (width - len(row))


# ---- workbooks -----------------------------------------------------------------------------


def check_parts(content: bytes) -> str | None:
    """Refuse a ZIP that would burst when unpacked; return the form id that a template carries."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as fault:
        raise Fault("damaged") from fault
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED_BYTES:
        raise Fault("too_large")
    for part in parts:
        is_big = part.file_size > RATIO_MATTERS_FROM_BYTES
        if is_big and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Fault("too_large")
        if part.flag_bits & 0x1:
            raise Fault("encrypted")
        if part.filename.startswith("xl/worksheets/") and part.file_size <= SCANNED_BYTES:
            _refuse_far_cells(package, part)
    return _form_id(package)


def _refuse_far_cells(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse one stray cell at the end of the world, which would make a table of 400 GB."""
    try:
        text = package.read(part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as fault:
        raise Fault("damaged") from fault
    # Only a cell that holds something counts: whole columns are often formatted to the end.
    for found in _FAR_CELL.finditer(text):
        if text[found.end() : found.end() + 80].split(b">", 1)[0][-1:] != b"/":
            raise Fault("far_cell", found.group(1).decode())


def _form_id(package: zipfile.ZipFile) -> str | None:
    try:
        properties = package.read("docProps/custom.xml")
    except (KeyError, zipfile.BadZipFile, EOFError):
        return None
    found = _FORM_ID.search(properties)
    return found.group(1).decode(errors="replace") if found else None


def rows_of_workbook(content: bytes, wanted: list[str], form_id: str | None) -> Rows:
    """Return the rows of the visible sheet with one of the names, else of the first visible one."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as fault:
        raise Fault("encrypted") from fault
    visible = _visible_sheets(workbook)
    index = _chosen_sheet(visible, [plain(name) for name in wanted])
    name = workbook.sheet_names[index]
    marked = _marked(content, index)
    others = [workbook.sheet_names[one] for one in _with_content(content, visible) if one != index]
    if marked.unreadable:
        workbook.close()
        part = sheet_xml_rules.part_of_sheet(zipfile.ZipFile(io.BytesIO(content)), index)
        content = sheet_xml_rules.with_readable_errors(content, part or "")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheet = workbook.get_sheet_by_index(index)
    workbook.close()
    _check_dimensions(sheet)
    # Whole numbers that a sheet holds come as floats; they are read by what the column means.
    rows = iter(sheet.iter_rows())
    rows = _with_marks(rows, marked.cells) if marked.cells else rows
    return Rows(rows, name, form_id, marked.hidden, marked.hidden_columns, others)


def _visible_sheets(workbook: CalamineWorkbook) -> list[tuple[int, str]]:
    """Return place and name of each sheet that a person sees, the name as it is compared."""
    return [
        (index, plain(sheet.name))
        for index, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _chosen_sheet(visible: list[tuple[int, str]], wanted: list[str]) -> int:
    """Return the place of the sheet to be read. A hidden one is not what a person sees."""
    if not visible:
        raise Fault("no_visible_sheet")
    named = (index for name in wanted for index, found in visible if found == name)
    return next(named, visible[0][0])


def _with_content(content: bytes, visible: list[tuple[int, str]]) -> list[int]:
    """Return which of the sheets hold anything, the notes of our templates excepted."""
    package = zipfile.ZipFile(io.BytesIO(content))
    parts = (
        (index, sheet_xml_rules.part_of_sheet(package, index))
        for index, name in visible
        if name not in NOTES
    )
    return [
        index for index, part in parts if part and sheet_xml_rules.holds_anything(package, part)
    ]


def _marked(content: bytes, index: int) -> sheet_xml_rules.Marked:
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        part = sheet_xml_rules.part_of_sheet(package, index)
        if part is None:
            # Not .xlsx but one of its relatives, in which errors cannot be told from blanks.
            raise Fault("other_format")
        return sheet_xml_rules.marked_in(package, part)
    except sheet_xml_rules.TooMany as many:
        raise Fault("too_many_marked", str(many)) from many
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
        raise Fault("damaged") from fault


def _with_marks(rows: Iterator[list[Any]], marks: dict[int, dict[int, str]]) -> Iterator[list[Any]]:
    """Put what stands for cells without content into the rows, after the last one too."""
    last = -1
    for last, row in enumerate(rows):
        yield _with_mark(row, marks[last]) if last in marks else row
    for number in range(last + 1, max(marks) + 1):
        yield _with_mark([], marks.get(number, {}))


def _with_mark(row: list[Any], marks: dict[int, str]) -> list[Any]:
    row = padded(row, max(marks, default=-1) + 1)
    for column, text in marks.items():
        row[column] = text
    return row


def _check_dimensions(sheet: CalamineSheet) -> None:
    if sheet.end is None:
        raise Fault("empty")
    last_row, last_column = sheet.end
    if last_row > MAX_ROWS:
        raise Fault("too_many_rows", str(last_row))
    if last_column >= MAX_COLUMNS:
        raise Fault("too_many_columns", str(last_column + 1))


# ---- text files ----------------------------------------------------------------------------


def rows_of_text(content: bytes) -> Iterator[list[Any]]:
    """Yield the rows of a CSV file in UTF-8, with or without BOM, or in GB18030."""
    content = content.rstrip().rstrip(SUBSTITUTE)
    encoding = encoding_of(content)
    csv.field_size_limit(MAX_CELL_CHARACTERS * 4)
    # Line by line: as one text the file would stand in memory two and four times as large.
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    first = lines.readline()
    told = _SEPARATOR.fullmatch(first.rstrip("\r\n"))
    if told:
        # Spreadsheets take this line as a note to themselves: it is no row of the table.
        return _csv_rows(lines, told.group(1))
    separator = "\t" if "\t" in first and "," not in first else ","
    return _csv_rows(chain([first], lines), separator)


def _csv_rows(lines: Iterable[str], separator: str) -> Iterator[list[Any]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader):
            if number > MAX_ROWS:
                raise Fault("too_many_rows", f"{MAX_ROWS}+")
            if len(row) > MAX_COLUMNS:
                raise Fault("too_many_columns", str(len(row)))
            yield row
    except csv.Error as fault:
        raise Fault("bad_csv", str(reader.line_num)) from fault


def encoding_of(content: bytes) -> str:
    """Return how a text is encoded; raise :class:`Fault` if in no known way, or if there is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise Fault("not_text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise Fault("empty")
        return encoding
    raise Fault("not_text")
