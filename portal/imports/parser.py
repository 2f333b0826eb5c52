"""Reads one uploaded file in a process of its own, with little memory and time. A script.

It gets the file on stdin and the wanted sheet names as arguments, and answers on stdout in
frames: four bytes length, then the content. First a JSON object, either ``{"fault": code,
"detail": …}`` or ``{"rows": n, "columns": [header cells], "form_id": …}``; then two frames a
column: its distinct cells as JSON, and for every row the number of its cell as unsigned ints.

It imports nothing of the portal: it starts in a few hundredths of a second, holds no key and no
connection, and whatever a broken or hostile file does to it happens to nobody else.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import struct
import sys
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from typing import Any, BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

MAX_ROWS = 200_000
MAX_COLUMNS = 64
MAX_CELL_CHARACTERS = 32_767
"""What a cell of Excel holds."""

MEMORY_BYTES = 300 * 1024 * 1024
"""Of this process as a whole; 200,000 rows of 9 columns take two thirds of it."""

CPU_SECONDS = 10
MAX_PARTS = 1_000
MAX_UNZIPPED_BYTES = 250 * 1024 * 1024
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 10 * 1024 * 1024
SCANNED_BYTES = 8 * 1024 * 1024
"""Sheets up to this size are searched for cells far out; larger ones meet the memory limit."""

CHUNK_ROWS = 5_000

_FAR_CELL = re.compile(rb'<c [^<>]*?r="((?:[A-Z]{3}|[A-Z]{1,2}[0-9]{7})[A-Z0-9]*)"')
_FORM_ID = re.compile(rb'name="form_id"[^<]*>\s*<vt:lpwstr>([^<]{1,80})</vt:lpwstr>')


class Fault(Exception):
    """The file cannot be read; ``code`` is known to reading.py, which words it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def main() -> None:
    """Answer on stdout; end by itself whatever happens."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        frames = frames_of(content, sys.argv[1:])
        write_frame(out, next(frames))
    except Fault as fault:
        write_frame(out, _json({"fault": fault.code, "detail": fault.detail}))
    except MemoryError:
        write_frame(out, _json({"fault": "too_large", "detail": ""}))
    except BaseException as fault:  # noqa: BLE001 - a broken file raises anything, a Rust panic too
        write_frame(out, _json({"fault": "unreadable", "detail": type(fault).__name__}))
    else:
        # Everything is read by now; an end before the last frame says that memory ran out.
        for frame in frames:
            write_frame(out, frame)
    out.flush()


def limit_this_process() -> None:
    """Give this process little memory and time, and let it write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def write_frame(out: BinaryIO, frame: bytes) -> None:
    out.write(struct.pack(">I", len(frame)))
    out.write(frame)


def frames_of(content: bytes, sheet_names: list[str]) -> Iterator[bytes]:
    """Yield the answer for a file of either kind, told by its first bytes."""
    if content.startswith(b"PK\x03\x04"):
        form_id = check_parts(content)
        return _frames(rows_of_workbook(content, sheet_names), form_id)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Fault("old_format")
    return _frames(rows_of_text(content), None)


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


def rows_of_workbook(content: bytes, sheet_names: list[str]) -> Iterator[list[Any]]:
    """Yield the rows of the sheet with the first name that is there, else of the first sheet."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as fault:
        raise Fault("encrypted") from fault
    name = next((name for name in sheet_names if name in workbook.sheet_names), None)
    sheet = workbook.get_sheet_by_name(name) if name else workbook.get_sheet_by_index(0)
    workbook.close()
    _check_dimensions(sheet)
    # Whole numbers that a sheet holds come as floats; they are read by what the column means.
    return iter(sheet.iter_rows())


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
    text = decoded(content)
    if not text.strip():
        raise Fault("empty")
    csv.field_size_limit(MAX_CELL_CHARACTERS * 4)
    header = text.split("\n", 1)[0]
    separator = "\t" if "\t" in header and "," not in header else ","
    return _csv_rows(text, separator)


def _csv_rows(text: str, separator: str) -> Iterator[list[Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader):
            if number > MAX_ROWS:
                raise Fault("too_many_rows", f"{MAX_ROWS}+")
            if len(row) > MAX_COLUMNS:
                raise Fault("too_many_columns", str(len(row)))
            yield row
    except csv.Error as fault:
        raise Fault("bad_csv", str(reader.line_num)) from fault


def decoded(content: bytes) -> str:
    """Return the text of a file; raise :class:`Fault` if it is no text in a known encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise Fault("not_text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Fault("not_text")


# ---- frames --------------------------------------------------------------------------------


def _frames(rows: Iterator[list[Any]], form_id: str | None) -> Iterator[bytes]:
    header = next(rows, [])
    width = len(header)
    cells: list[defaultdict[Any, int]] = []
    numbers: list[array[int]] = []
    total = 0
    while chunk := list(islice(rows, CHUNK_ROWS)):
        widest = max(map(len, chunk))
        if widest > len(cells):
            _widen(cells, numbers, widest, total)
        for column, number, values in zip(cells, numbers, _columns(chunk, len(cells)), strict=True):
            number.extend(map(column.__getitem__, values))
        total += len(chunk)
    # The sheet lives as long as its rows are asked for; without it there is room for the answer.
    del rows
    _widen(cells, numbers, max(width, len(cells)), total)
    yield _json(
        {
            "rows": total,
            "columns": [_portable(cell) for cell in _padded(header, len(cells))],
            "form_id": form_id,
        }
    )
    for column, number in zip(cells, numbers, strict=True):
        yield _json([_portable(cell) for cell in column])
        yield number.tobytes()


def _widen(
    cells: list[defaultdict[Any, int]], numbers: list[array[int]], width: int, total: int
) -> None:
    """Add columns up to a width; the rows before are empty there."""
    while len(cells) < width:
        column: defaultdict[Any, int] = defaultdict(count().__next__)
        number = array("I")
        if total:
            column[""]
            number.extend([0] * total)
        cells.append(column)
        numbers.append(number)


def _columns(chunk: list[list[Any]], width: int) -> Iterable[tuple[Any, ...]]:
    if any(len(row) != width for row in chunk):
        chunk = [_padded(row, width) for row in chunk]
    return map(_apart, zip(*chunk, strict=True))


def _padded(row: list[Any], width: int) -> list[Any]:
    return row + [""] * (width - len(row))


def _apart(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Keep TRUE and 1 apart, which are the same key of a dict."""
    if bool in set(map(type, values)):
        return tuple(str(value).upper() if isinstance(value, bool) else value for value in values)
    return values


def _portable(cell: Any) -> Any:
    """Return a cell as JSON: texts and numbers as they are, the others as [type, ISO text]."""
    if isinstance(cell, str | float | int):
        return cell
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return ["time", str(cell)]
    return str(cell)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    main()
