"""The rows of a sheet as text, past xlsxwriter's own cells, of which each asks a dozen questions.

Of half a million cells that is most of the time. Everything else of a sheet (heads, widths, print,
parts and their order) is xlsxwriter's; between its rows these stand as it would have written them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from portal.documents.description_rules import Row, Table, in_yuan

LINE = 13.5
"""Points from line to line of a wrapped cell."""
AROUND = 4.5
"""Points above and below the lines of a row."""
DAY_ZERO = date(1899, 12, 30)
"""From which a sheet counts the days of a date."""
LONGEST = 16_000
"""Characters of a cell; Excel takes twice as many units of UTF-16."""
_ODD = re.compile(r"[&<>\x00-\x1f]|_x")
"""What does not stand in XML, or in Excel, as it is."""


class RowWriter:
    """Writes the rows of a table below what its sheet holds already; ``close`` gives it back.

    ``whole`` are the formats of the columns, ``broken`` those of what is no whole number.
    """

    def __init__(
        self, sheet: Any, at: int, table: Table, whole: Sequence[Any], broken: Sequence[Any]
    ) -> None:
        sheet._write_single_row(at)  # noqa: SLF001 - what stands above, and is still kept
        self._sheet, self._at = sheet, at
        self._lines = table.lines
        self._columns = [
            (
                f'<c r="{xl_col_to_name(place)}',
                f'" s="{one._get_xf_index()}"',  # noqa: SLF001 - xlsxwriter has no public way
                f'" s="{two._get_xf_index()}"',  # noqa: SLF001 - as above
                column.width - 0.5,
                # A Chinese character is two wide.
                math.inf if column.is_number else math.floor(column.width * table.lines / 2),
                column.kind == "fen",
            )
            for place, (column, one, two) in enumerate(
                zip(table.columns, whole, broken, strict=True)
            )
        ]

    def height_of(self, row: Row) -> float:
        """Return the points that a row will take."""
        lines = (
            (1 if cell.isascii() else 2) * len(cell) / width
            for cell, (_, _, _, width, room, _) in zip(row, self._columns, strict=True)
            if isinstance(cell, str) and len(cell) > room
        )
        return LINE * max(math.ceil(max(lines, default=0)), self._lines) + AROUND

    def write(self, row: Row) -> None:
        """Write a row, as high as its longest text asks for."""
        self._at += 1
        at, most, cells = self._at, 0.0, []
        for cell, (cell_at, whole, broken, width, room, is_fen) in zip(
            row, self._columns, strict=True
        ):
            if isinstance(cell, str) and cell:
                text = cell
                if len(text) > room:
                    text = text[:LONGEST]
                    most = max(most, (1 if text.isascii() else 2) * len(text) / width)
                if _ODD.search(text):
                    text = escape(self._sheet._escape_control_characters(text), quote=False)  # noqa: SLF001 - as above
                cells.append(
                    f'{cell_at}{at}{whole} t="inlineStr"><is>'
                    f'<t xml:space="preserve">{text}</t></is></c>'
                )
            elif isinstance(cell, float) and not cell.is_integer():
                cells.append(f"{cell_at}{at}{broken}><v>{cell:.16G}</v></c>")
            elif cell is None or cell == "":
                cells.append(f"{cell_at}{at}{whole}/>")
            elif is_fen:
                assert isinstance(cell, int)  # amounts are whole fen
                cells.append(f"{cell_at}{at}{whole}><v>{in_yuan(cell)}</v></c>")
            else:
                number = (cell - DAY_ZERO).days if isinstance(cell, date) else int(cell)
                cells.append(f"{cell_at}{at}{whole}><v>{number}</v></c>")
        height = LINE * max(math.ceil(most), self._lines) + AROUND
        self._sheet.fh.write(
            f'<row r="{at}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'
        )

    def close(self) -> int:
        """Let the sheet go on below the last row; return where."""
        self._sheet._check_dimensions(self._at - 1, len(self._columns) - 1)  # noqa: SLF001 - as above
        self._sheet.previous_row = self._at
        return self._at
