"""Reads one uploaded file in a process of its own, with little memory and time. A script.

It gets the file on stdin and, as one argument in JSON, which sheets are ``wanted`` and which
headers are ``known``. It answers on stdout in frames: four bytes length, then the content. First a
JSON object, either ``{"fault": code, "detail": …}`` or what :func:`frames_of` describes; then two
frames a column: its distinct cells as JSON, and for every row the number of its cell as unsigned
ints.

Of the portal it imports two files, which import nothing of it: it starts in a few hundredths of a
second, holds no key and no connection, and whatever a broken or hostile file does to it happens to
nobody else.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, BinaryIO

sys.path.append(str(Path(__file__).resolve().parents[2]))

from portal.imports.opening_apart import (
    MAX_COLUMNS,
    Fault,
    Rows,
    padded,
    plain,
    rows_of,
)  # found by the line above

MEMORY_BYTES = 300 * 1024 * 1024
"""Of this process as a whole; 200,000 rows of 9 columns take two thirds of it."""

CPU_SECONDS = 10
CHUNK_ROWS = 5_000

MAX_FOREIGN = 16
"""Columns beside those of the template that are kept, to stand in the workbook of the refused rows."""

HEADER_WITHIN = 10
"""Rows among which the header is looked for; what stands above it is a title."""


def main() -> None:
    """Answer on stdout; end by itself whatever happens."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        asked = json.loads(sys.argv[1])
        frames = frames_of(rows_of(content, asked["wanted"]), frozenset(map(plain, asked["known"])))
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


def frames_of(rows: Rows, known: frozenset[str]) -> Iterator[bytes]:
    """Yield the frames. The first has the number of ``rows`` after the header, the ``header`` row
    itself from 1 and its cells as ``columns``, the ``sheet``, the ``form_id`` and the ``hidden``.
    ``hidden_columns`` are the headers of columns that are not shown, ``other_sheets`` names.
    ``left_out`` are the headers of columns beyond the template's that are too many to be kept.
    """
    sheet, form_id, hidden = rows.sheet, rows.form_id, rows.hidden
    unseen, others = list(rows.hidden_columns), list(rows.other_sheets)
    header_row, header, rest = _header(rows.cells, known)
    # The sheet lives as long as its rows are asked for; see below.
    del rows
    width = len(header)
    cells: list[defaultdict[Any, int]] = []
    numbers: list[array[int]] = []
    total = 0
    kept = _kept(header, known)
    while chunk := list(islice(rest, CHUNK_ROWS)):
        widest = max(map(len, chunk))
        if widest > len(cells):
            _widen(cells, numbers, widest, total)
        for place, values in enumerate(_columns(chunk, len(cells))):
            if kept[place]:
                numbers[place].extend(map(cells[place].__getitem__, values))
        total += len(chunk)
    # Without the sheet there is room for the answer.
    del rest
    _widen(cells, numbers, max(width, len(cells)), total)
    yield _json(
        {
            "rows": total,
            "header": header_row,
            "columns": [
                _portable(cell)
                for place, cell in enumerate(padded(header, len(cells)))
                if kept[place]
            ],
            "left_out": [
                _portable(cell) for place, cell in enumerate(header) if not kept[place] and cell
            ],
            "sheet": sheet,
            "form_id": form_id,
            "hidden": list(hidden),
            "hidden_columns": [
                _portable(cell)
                for place, cell in enumerate(header)
                if kept[place] and cell and any(first <= place <= last for first, last in unseen)
            ],
            "other_sheets": others,
        }
    )
    for place, (column, number) in enumerate(zip(cells, numbers, strict=True)):
        if not kept[place]:
            continue
        yield _json([_portable(cell) for cell in column])
        yield number.tobytes()


def _kept(header: list[Any], known: frozenset[str]) -> list[bool]:
    """Say for each place whether its column is kept: those with known headers, and some others."""
    kept = []
    foreign = 0
    for place in range(max(MAX_COLUMNS, len(header))):
        cell = header[place] if place < len(header) else None
        is_known = isinstance(cell, str) and plain(cell) in known
        foreign += not is_known
        kept.append(is_known or foreign <= MAX_FOREIGN)
    return kept


def _header(
    rows: Iterator[list[Any]], known: frozenset[str]
) -> tuple[int, list[Any], Iterator[list[Any]]]:
    """Return the number of the header from 1, its cells, and the rows after it.

    It is the first of the rows that name most of the known headers; a title may stand above it.
    """
    first = list(islice(rows, HEADER_WITHIN))
    found = [
        len({plain(cell) for cell in row if isinstance(cell, str)} & known) for row in first
    ] or [0]
    place = found.index(max(found))
    header = first[place] if first else []
    return place + 1, header, chain(first[place + 1 :], rows)


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
        chunk = [padded(row, width) for row in chunk]
    return map(_apart, zip(*chunk, strict=True))


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
