"""A sheet as it was read: every distinct cell of a column once, and for each row its number.

Most cells of a large file are repeated: a code, a person, a date, 驻点. Kept like this, 100,000
rows take a few megabytes, and what a cell means is found out once and not 100,000 times.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias

from portal.standards.formulas import unguarded
from portal.standards.text import compact, plain

Cell: TypeAlias = str | float | date | datetime
"""A cell of a workbook; of a text file always a text. Whole numbers come as floats."""

HEADER_ROW = 1
"""Where the header stands, unless a title stands above it."""

REASON, FILE_ROW = "错误原因", "原行号"
IGNORED_COLUMNS = frozenset({REASON, FILE_ROW})
"""The columns that the error workbook adds; a mended file may still have them."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """``cells[codes[i]]`` is the cell of the i-th row."""

    header: str
    cells: Sequence[Cell]
    codes: array[int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that hold anything; ``numbers`` are their numbers in the file, counted from 1.

    ``name`` is that of the sheet of a workbook, ``form_id`` what our template wrote into it, if it
    is one. ``hidden`` are the numbers of the rows that a filter or a person has hidden, ``beside``
    those of rows that are left out, since they hold something in columns that no kind has alone.
    ``left_out`` are headers beyond those of the template whose columns were not read at all,
    ``hidden_columns`` headers of columns that were read and that the workbook does not show,
    ``other_sheets`` the names of visible sheets beside this one that hold anything.
    """

    columns: tuple[SheetColumn, ...]
    numbers: Sequence[int]
    header_row: int = HEADER_ROW
    name: str | None = None
    form_id: str | None = None
    hidden: array[int] = field(default_factory=lambda: array("I"))
    beside: array[int] = field(default_factory=lambda: array("I"))
    left_out: tuple[str, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def find(self, header: str) -> SheetColumn | None:
        """Return the first column with a header, or None."""
        return next((column for column in self.columns if column.header == header), None)

    def cell(self, number: int, header: str) -> Cell | None:
        """Return a cell by the number of its row, or None if there is no such row or column."""
        column, index = self.find(header), self.index_of(number)
        return None if column is None or index is None else column.cells[column.codes[index]]

    def index_of(self, number: int) -> int | None:
        """Return which row has a number in the file, or None; the numbers ascend."""
        index = bisect_left(self.numbers, number)
        return index if index < len(self) and self.numbers[index] == number else None

    def row(self, index: int) -> list[Cell]:
        """Return the cells of a row as they stand in the file."""
        return [column.cells[column.codes[index]] for column in self.columns]


def make_sheet(
    headers: Sequence[Cell],
    columns: Sequence[tuple[Sequence[Cell], array[int]]],
    rows: int,
    *,
    header_row: int = HEADER_ROW,
    name: str | None = None,
    form_id: str | None = None,
    hidden: Collection[int] = (),
    known: Collection[str] = (),
    left_out: Collection[str] = (),
    hidden_columns: Collection[str] = (),
    other_sheets: Collection[str] = (),
) -> Sheet:
    """Return a sheet without its blank rows and without columns that hold nothing at all.

    A row that holds something, but in none of the ``known`` columns, is blank too: many tables
    are numbered down to their end.
    """
    kept = [
        SheetColumn(header, cells, codes)
        for header, (cells, codes) in zip(map(_header, headers), columns, strict=True)
        if header not in IGNORED_COLUMNS and (header or not all(map(is_blank, cells)))
    ]
    told = [column for column in kept if column.header in known]
    wholly_blank = set(_blank_rows(kept, rows))
    blank = set(_blank_rows(told, rows)) if told else wholly_blank
    if len(blank) == rows:
        blank = wholly_blank  # a table of something else, of which more is to be said
    first = header_row + 1
    beside = array("I", (first + index for index in sorted(blank - wholly_blank)))
    numbers: Sequence[int] = range(first, first + rows)
    if blank:
        live = [index for index in range(rows) if index not in blank]
        numbers = array("I", (first + index for index in live))
        kept = [
            SheetColumn(
                column.header, column.cells, array("I", map(column.codes.__getitem__, live))
            )
            for column in kept
        ]
    unseen = array("I", sorted(set(hidden).intersection(numbers)))
    return Sheet(
        tuple(kept),
        numbers,
        header_row,
        name,
        form_id,
        unseen,
        beside,
        tuple(left_out),
        tuple(hidden_columns),
        tuple(other_sheets),
    )


def without_unfilled(sheet: Sheet, prepared: Collection[str]) -> Sheet:
    """Return a sheet without the rows that hold nothing but what they were prepared with."""
    typed = [column for column in sheet.columns if column.header not in prepared]
    unfilled = set(_blank_rows(typed, len(sheet)))
    live = [index for index in range(len(sheet)) if index not in unfilled]
    columns = tuple(
        replace(column, codes=array("I", map(column.codes.__getitem__, live)))
        for column in sheet.columns
    )
    numbers = array("I", map(sheet.numbers.__getitem__, live))
    hidden = array("I", sorted(set(sheet.hidden).intersection(numbers)))
    return replace(sheet, columns=columns, numbers=numbers, hidden=hidden)


def is_blank(cell: Cell) -> bool:
    """Does a cell hold nothing that can be seen?"""
    return isinstance(cell, str) and not unguarded(plain(cell)).strip("'")


def _header(cell: Cell) -> str:
    """Return a header as it is compared: half-width, without spaces, line breaks or a star."""
    return compact(str(cell)).rstrip("*") if isinstance(cell, str) else str(cell)


def _blank_rows(columns: Sequence[SheetColumn], rows: int) -> Sequence[int]:
    found: Sequence[int] = range(rows)
    for column in columns:
        blanks = {code for code, cell in enumerate(column.cells) if is_blank(cell)}
        codes = column.codes
        found = [index for index in found if codes[index] in blanks]
        if not found:
            break
    return found
