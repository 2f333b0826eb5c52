"""What the reader of workbooks leaves out, found in the XML of a sheet. Only the standard library.

calamine answers an error cell (#REF!) and a formula without a stored result as an empty cell, says
nothing of rows that a filter hides, and gives up on errors that are newer than itself. All of them
are found here by patterns over the packed sheet, a piece at a time: where there is none, which is
the usual case, it costs little more than unpacking.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

NO_RESULT = "#公式无结果!"
"""What stands for a formula whose result the file does not hold; cell_rules.py refuses it."""

MAX_MARKED = 100_000
"""Cells of that sort that are remembered; a file with more is broken as a whole."""

PIECE_BYTES = 1 << 20

READABLE = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!", b"#DATA!")
"""Errors that calamine knows; any other one ends its reading."""

HINTS = (b't="e"', b"t='e'", b"hidden=")
"""Without one of these, and without a formula, a piece of a sheet holds nothing to be marked."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_SHEET_ID = re.compile(rb"""\w+:id\s*=\s*["']([^"']*)["']""")
_ID = re.compile(rb"""\bId\s*=\s*["']([^"']*)["']""")
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']*)["']""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["']([0-9]{1,7})["']""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_IS_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_SPAN = re.compile(rb"""\b(min|max)\s*=\s*["']([0-9]{1,5})["']""")
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|is)\b")
_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")


class Marked(NamedTuple):
    """``cells[row][column]`` is what stands for a cell that has no content of its own.

    Rows and columns are counted from 0. ``hidden`` are the rows that are not shown,
    ``hidden_columns`` the columns, as pairs of the first and the last of some side by side;
    ``unreadable`` says that a cell holds an error at which calamine would give up.
    """

    cells: dict[int, dict[int, str]]
    hidden: array[int]
    hidden_columns: list[tuple[int, int]]
    unreadable: bool


class TooMany(Exception):
    """More marked cells than are remembered; the text names the first."""


def part_of_sheet(package: zipfile.ZipFile, index: int) -> str | None:
    """Return the name of the part that holds a sheet, by its place in the workbook, or None."""
    sheets = [found.group(1) for found in _SHEET.finditer(_part(package, "xl/workbook.xml"))]
    wanted = _SHEET_ID.search(sheets[index]) if index < len(sheets) else None
    if wanted is None:
        return None
    for relation in _RELATION.finditer(_part(package, "xl/_rels/workbook.xml.rels")):
        attributes = relation.group(1)
        id_, target = _ID.search(attributes), _TARGET.search(attributes)
        if id_ and target and id_.group(1) == wanted.group(1):
            path = html.unescape(target.group(1).decode(errors="replace"))
            path = path[1:] if path.startswith("/") else f"xl/{path}"
            return next((name for name in package.namelist() if name.lower() == path.lower()), None)
    return None


def marked_in(package: zipfile.ZipFile, part: str) -> Marked:
    """Find what calamine does not say of a sheet; raise :class:`TooMany` if it is too much."""
    marked = Marked({}, array("I"), [], unreadable=False)
    row, patterns, count, first = 0, None, 0, ""
    for piece in _pieces(package, part):
        if patterns is None:
            found = _PREFIX.search(piece)
            patterns = _Patterns.of(found.group(1) or b"" if found else b"")
            # Columns are described before the first row, however many there are.
            marked.hidden_columns.extend(_hidden_columns(piece))
        if patterns.may_mark(piece):
            for where, column, text in patterns.marks(piece, row):
                marked.cells.setdefault(where, {})[column] = text
                count += 1
                first = first or f"{letters(column)}{where + 1}"
                if count > MAX_MARKED:
                    raise TooMany(first)
                if not marked.unreadable and text != NO_RESULT and text.encode() not in READABLE:
                    marked = marked._replace(unreadable=True)
            marked.hidden.extend(patterns.hidden_rows(piece, row))
        row = patterns.rows_up_to_the_end(piece, row)
    return marked


def holds_anything(package: zipfile.ZipFile, part: str) -> bool:
    """Has a sheet a cell with content? It stands early, if there is one."""
    return _CONTENT.search(next(_pieces(package, part))) is not None


def _hidden_columns(piece: bytes) -> Iterator[tuple[int, int]]:
    for found in _COLUMN.finditer(piece):
        span = dict(_SPAN.findall(found.group(1)))
        if _IS_HIDDEN.search(found.group(1)) and len(span) == len(("min", "max")):
            yield int(span[b"min"]) - 1, int(span[b"max"]) - 1


def with_readable_errors(content: bytes, part: str) -> bytes:
    """Return a workbook in which every error of a sheet is one that calamine knows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                found = _PREFIX.search(text[:PIECE_BYTES])
                patterns = _Patterns.of(found.group(1) or b"" if found else b"")
                text = patterns.cell.sub(_as_known_error, text)
            after.writestr(name, text)
    return out.getvalue()


def letters(column: int) -> str:
    """Return a column, counted from 0, as a spreadsheet names it: 0 is A, 26 is AA."""
    name, column = "", column + 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


class _Patterns(NamedTuple):
    """The patterns of a sheet, by the prefix that its elements bear."""

    row: re.Pattern[bytes]
    start: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    formula: bytes

    @classmethod
    def of(cls, prefix: bytes) -> _Patterns:
        p = re.escape(prefix)
        formula = rb"<" + p + rb"f\b[^<>]*(?:/>|>[^<]*</" + p + rb"f>)"
        no_value = rb"(?:<" + p + rb"v\s*/>|<" + p + rb"v\b[^<>]*>\s*</" + p + rb"v>)?"
        value = rb"<" + p + rb"v\b[^<>]*>(?P<error>[^<]+)</" + p + rb"v>"
        error = rb"""(?=[^<>]*\bt\s*=\s*["']e["'])"""
        end = rb"\s*</" + p + rb"c>"
        return cls(
            row=re.compile(rb"<" + p + rb"row\b([^<>]*)>"),
            start=re.compile(rb"<" + p + rb"c\b[^<>]*>"),
            cell=re.compile(
                rb"<" + p + rb"c\b(?:"
                + error + rb"(?P<of_error>[^<>]*)>\s*(?:" + formula + rb")?\s*" + value
                + rb"|(?P<of_formula>[^<>]*)>\s*" + formula + rb"\s*(?P<empty>" + no_value + rb")"
                + end + rb")"
            ),
            formula=b"<" + prefix + b"f",
        )  # fmt: skip

    def may_mark(self, piece: bytes) -> bool:
        """Is there anything to look for? The letter alone is found ten times as fast."""
        has_formula = b"f" in piece and self.formula in piece
        return has_formula or any(hint in piece for hint in HINTS)

    def marks(self, piece: bytes, row: int) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of every cell without content; ``row`` rows lie before."""
        for found in self.cell.finditer(piece):
            error = found.group("error")
            attributes = found.group("of_error") or found.group("of_formula") or b""
            if error is None and found.group("empty") and _IS_TEXT.search(attributes):
                continue  # the result is there, and it is an empty text
            text = html.unescape(error.decode(errors="replace")).strip() if error else NO_RESULT
            place = _PLACE.search(attributes)
            if place:
                yield int(place.group(2)) - 1, _number_of(place.group(1)), text
            else:
                start = max(piece.rfind(mark, 0, found.start()) for mark in (b"row ", b"row>"))
                before = self.start.findall(piece, max(start, 0), found.start())
                yield self.rows_up_to_the_end(piece[: found.start()], row) - 1, len(before), text

    def hidden_rows(self, piece: bytes, row: int) -> Iterable[int]:
        for found in self.row.finditer(piece):
            number = _ROW_NUMBER.search(found.group(1))
            row = int(number.group(1)) if number else row + 1
            if _IS_HIDDEN.search(found.group(1)):
                yield row - 1

    def rows_up_to_the_end(self, piece: bytes, row: int) -> int:
        """Return the number of the last row that begins in a piece, counted from 1."""
        last = None
        begins = piece.rfind(b"row", 0)
        while begins > 0 and last is None:
            last = self.row.match(piece, piece.rfind(b"<", 0, begins))
            begins = piece.rfind(b"row", 0, begins)
        number = _ROW_NUMBER.search(last.group(1)) if last else None
        if number:
            return int(number.group(1))
        return row + len(self.row.findall(piece))


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part in pieces that end with a row."""
    rest: list[bytes] = []
    with package.open(part) as stream:
        while piece := stream.read(PIECE_BYTES):
            end = piece.rfind(b"row>") + len(b"row>")
            if end < len(b"row>"):
                rest.append(piece)
                continue
            yield b"".join((*rest, piece[:end]))
            rest = [piece[end:]]
    yield b"".join(rest)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    known = next((one for one in package.namelist() if one.lower() == name.lower()), None)
    return package.read(known) if known else b""


def _as_known_error(found: re.Match[bytes]) -> bytes:
    text, error = found.group(0), found.group("error")
    return text if error is None or error in READABLE else text.replace(error, b"#VALUE!")


def _number_of(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
