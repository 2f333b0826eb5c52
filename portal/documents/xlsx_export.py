"""A document as a workbook, row by row in flat memory: a sheet a table, ready to be printed.

Each sheet of a report can be passed on by itself: title, line of 填报单位 and 单位, head, rows,
sum, lines to be signed. What is said of all of them stands on the last sheet (说明), which is
written last since it holds the hash of the rows. Of other documents title and facts stand above
the first table.
"""

from __future__ import annotations

import hashlib
import math
from typing import IO, Any

import xlsxwriter

from portal.documents.description_rules import (
    Cell,
    Column,
    Document,
    Row,
    Table,
    has_two_lines,
    head_of,
)
from portal.documents.heading_rules import heading_lines
from portal.documents.xlsx_row_export import AROUND, LINE, RowWriter
from portal.settings import PORTAL

NUMBER_FORMATS = {
    "number": "#,##0",
    "days": "#,##0",
    "share": "0.0%",
    "year": "0",
    "yuan": "#,##0",
    "fen": "#,##0.00",
    "date": "yyyy-mm-dd",
    "code": "@",
    "text": "@",
    "typed": "@",
}
BROKEN_FORMATS = {**NUMBER_FORMATS, "days": "#,##0.0"}
"""Of what is no whole number: a column of days shows 40 and 39.5."""
FONT = "宋体"
SIZE = 10
A4 = 9
NOTES = "说明"
ROW = 18
"""Points of a row of one line."""
WIDEST_PAGE = 230
"""Characters that stand side by side on A4 across and can still be read; a wider table is printed
on pages side by side, with what names its rows on each."""
ACROSS_INNER, UPRIGHT_INNER = (784.0, 516.0), (537.0, 763.0)
"""Points between the margins of A4, wide and high."""
SURELY = 0.92
"""The part of a page that every program fills alike: each has its own idea of a column's width."""
NAMING = 1
"""The last of the columns that name a row: its code, and its name beside it."""
BLANK = "　" * 10
"""Room for what is filled in by hand."""


def write_xlsx(document: Document, file: IO[bytes]) -> None:
    """Write the workbook: the hashed rows first, for they are what it is opened for."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": SIZE},
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties(
            {
                "title": document.title,
                "subject": document.subject,
                "author": PORTAL,
                "created": document.made_at,
            }
        )
        tables = sorted(document.tables, key=lambda table: not table.is_hashed)
        digest = hashlib.sha256()
        for place, table in enumerate(tables):
            is_first, is_last = place == 0, place == len(tables) - 1
            writer = _Sheet(book, document, table)
            writer.opening(with_facts=is_first)
            writer.head()
            writer.rows(digest)
            if is_last or document.notes:
                writer.ending()
            writer.close()
        if document.notes:
            _write_notes(book, document, digest.hexdigest())


def _code(text: str) -> str:
    """Return a text as a header holds it: its ampersands are no codes."""
    return text.replace("&", "&&")


class _Sheet:
    """One table on its sheet; rows are written in their order."""

    def __init__(self, book: Any, document: Document, table: Table) -> None:
        self._book, self._document, self._table = book, document, table
        self._sheet = book.add_worksheet(table.sheet)
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._row = 0
        printed = table.sheet_columns
        self._last = len(printed) - 1
        """The last column that is printed."""
        self._pages = math.ceil(sum(one.width for one in printed) / WIDEST_PAGE)
        self._set_up_print()

    def _set_up_print(self) -> None:
        """A4, as wide as one page where that can be read, with its foot."""
        sheet, document = self._sheet, self._document
        sheet.set_paper(A4)
        if document.is_across:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(self._pages, 0)
        if self._pages > 1:
            sheet.repeat_columns(0, NAMING)
        else:
            sheet.center_horizontally()
        left = f"&L{_code(document.foot)}" if document.foot else ""
        sheet.set_footer(f"{left}&R第 &P 页，共 &N 页", {"margin": 0.3})

    def opening(self, *, with_facts: bool) -> None:
        """Write the title over the table, and what is to be said before it."""
        document, table = self._document, self._table
        title = self._look({"bold": True, "font_size": 16, "align": "center"})
        plain = self._look({"num_format": "@", "text_wrap": True})
        if document.notes:
            self._merge(table.heading or document.title, title, height=30)
            self._line(*document.line_over(table))
            return
        self._merge(document.title if with_facts else table.heading, title, height=30)
        if not with_facts:
            return
        for text in (document.mark, document.number):
            if text:
                self._merge(text, plain)
        for label, value in document.facts:
            self._merge(f"{label}：{'' if value is None else value}", plain)

    def _line(self, left: str, right: str) -> None:
        """Write one line over the table: the left part has two thirds of it."""
        split = self._last * 2 // 3
        width = sum(one.width for one in self._table.columns[: split + 1])
        self._sheet.set_row(self._row, max(ROW, LINE * _lines(left, width) + AROUND))
        self._across(0, split, left, self._look({"num_format": "@", "text_wrap": True}))
        self._across(
            split + 1, self._last, right, self._look({"num_format": "@", "align": "right"})
        )
        self._row += 1

    def head(self) -> None:
        """Write the head of one line or two, repeated on each page and held fast on the screen."""
        columns, sheet = self._table.columns, self._sheet
        heading = self._look(
            {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#E8EEF4", "border": 1}
        )
        first = self._row
        lower = first + has_two_lines(columns)
        # Not every program finds the height of a wrapped row by itself.
        if lower > first:
            sheet.set_row(first, ROW)
        sheet.set_row(lower, LINE * max(map(_lines_of, columns)) + 6)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        if lower > first:
            tall = []
            for head in head_of(columns):
                end = head.first + head.span - 1
                label = columns[head.first].heading if head.is_tall else head.label
                self._across(head.first, end, label, heading)
                if head.is_tall:
                    tall.append(head.first)
            self._row = lower
            for place, column in enumerate(columns):
                if place in tall:
                    sheet.write_blank(lower, place, None, heading)
                    # merge_range() would write both lines now, which flat memory does not allow.
                    sheet.merge.append([first, place, lower, place])
                else:
                    sheet.write_string(lower, place, column.heading, heading)
        else:
            for place, column in enumerate(columns):
                sheet.write_string(lower, place, column.heading, heading)
        sheet.repeat_rows(first, lower)
        self._row = lower + 1
        sheet.freeze_panes(self._row, 1)

    def rows(self, digest: Any) -> None:
        """Write every row, hash them if asked, and the total, which stays in its place."""
        table, first = self._table, self._row
        self._sheet.set_default_row(LINE * table.lines + AROUND)
        writer = RowWriter(self._sheet, self._row, table, *self._formats({}))
        on_page: list[Row] = []
        breaks: list[int] = []
        left = self._room_for_rows() - 2 * ROW  # of the first page: the title and the line below it
        for row in table.rows:
            if table.page_total:
                left -= writer.height_of(row)
                if left < 0 and on_page:
                    self._row = writer.close()
                    self._sum_up(on_page)
                    breaks.append(self._row)
                    writer = RowWriter(self._sheet, self._row, table, *self._formats({}))
                    left = self._room_for_rows() - writer.height_of(row)
                on_page.append(row)
            writer.write(row)
            if table.is_hashed:
                digest.update(table.hashed(row).encode())
        self._row = writer.close()
        self._sum_up(on_page)
        self._sheet.set_h_pagebreaks(breaks)
        if self._document.notes and self._row > first:
            self._sheet.autofilter(first - 1, 0, self._row - 1, len(table.columns) - 1)
        if table.total is not None:
            self._write_sum(table.total)
        if self._row == first:
            self._merge(table.empty, self._look({"num_format": "@"}))

    def _room_for_rows(self) -> float:
        """Return the points that the rows of a page may take, beside its head, its sum and the year's."""
        wide, high = ACROSS_INNER if self._document.is_across else UPRIGHT_INNER
        width = sum(0.75 * (7 * one.width + 5) for one in self._table.sheet_columns)
        return high * SURELY * max(1, width / wide) - 3 * (2 * LINE + AROUND)

    def _sum_up(self, on_page: list[Row]) -> None:
        """End a page with the sum of its rows, which are forgotten."""
        if on_page and self._table.page_total:
            self._write_sum(self._table.page_total(on_page))
            on_page.clear()

    def _write_sum(self, row: Row) -> None:
        looks = self._formats({"bold": True, "bg_color": "#F4F6F9"})
        writer = RowWriter(self._sheet, self._row, self._table, *looks)
        writer.write(row)
        self._row = writer.close()

    def ending(self) -> None:
        """Write what a document says in words, what is signed by hand, and the notes."""
        plain = self._look({"text_wrap": True})
        for section in self._document.sections:
            self._row += 1
            self._merge(section.heading, self._look({"bold": True}))
            for paragraph in section.paragraphs:
                self._merge(paragraph, plain)
        if self._document.signatures:
            self._row += 1
            self._merge(f"：{BLANK}".join(self._document.signatures) + "：", plain, height=24)
        for note in self._document.footnotes:
            self._merge(note, plain)

    def close(self) -> None:
        """Say what is printed: all but the columns beside it."""
        self._sheet.print_area(0, 0, self._row - 1, self._last)

    def _merge(self, text: str, looks: Any, *, height: float = 0) -> None:
        """Write a text over the whole width of the paper, as high as it needs."""
        width = sum(one.width for one in self._table.columns[: self._last + 1])
        self._sheet.set_row(self._row, height or LINE * _lines(text, width) + AROUND)
        self._across(0, self._last, text, looks)
        self._row += 1

    def _across(self, first: int, last: int, text: str, looks: Any) -> None:
        if first < last:
            self._sheet.merge_range(self._row, first, self._row, last, text, looks)
        elif first == last:
            self._sheet.write_string(self._row, first, text, looks)

    def _look(self, properties: dict[str, Any]) -> Any:
        """Return a format; what is alike is one."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format({"valign": "vcenter", **properties})
        return self._looks[key]

    def _formats(self, looks: dict[str, Any]) -> tuple[list[Any], list[Any]]:
        """Return a format a column, and one for what is no whole number."""

        def one_each(numbers: dict[str, str]) -> list[Any]:
            return [
                self._look(
                    {
                        "num_format": numbers[one.kind],
                        "border": 1,
                        **_lie_of(one),
                        **looks,
                    }
                )
                for one in self._table.columns
            ]

        whole = one_each(NUMBER_FORMATS)
        broken = one_each(BROKEN_FORMATS)
        return whole, [
            two if column.kind == "days" else one
            for one, two, column in zip(whole, broken, self._table.columns, strict=True)
        ]


def _lines_of(column: Column) -> int:
    """Return how many lines a heading takes: it is broken by whoever shows it, for programs read it."""
    return len(heading_lines(column.heading, (column.width - 0.5) / 2))


def _lie_of(column: Column) -> dict[str, Any]:
    """Return how the cells of a column lie: our own short words stand in the middle."""
    if column.is_number:
        return {"align": "right"}
    return {"text_wrap": True, **({"align": "center"} if column.is_short else {})}


def _lines(cell: Cell, width: float) -> int:
    """Return how many lines a text takes in a width; a Chinese character is two wide."""
    if not isinstance(cell, str) or not cell:
        return 1
    wide = sum(1 if character.isascii() else 2 for character in cell)
    return math.ceil(wide / width)


def _write_notes(book: Any, document: Document, digest: str) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    widths = (26, 74)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    top = {"valign": "top", "border": 1, "text_wrap": True}
    title = book.add_format({"bold": True, "font_size": 16, "valign": "vcenter"})
    label = book.add_format({"bold": True, **top})
    text = book.add_format({"align": "left", "num_format": "@", **top})
    number = book.add_format({"align": "left", **top})
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{document.title}：说明", title)
    assert document.notes is not None  # of a report
    for row, (name, noted) in enumerate(document.notes.rows, start=2):
        value = digest if name == document.digest_label else noted
        sheet.set_row(row, LINE * _lines(value, widths[1]) + AROUND)
        sheet.write_string(row, 0, name, label)
        if isinstance(value, str):
            sheet.write_string(row, 1, value, text)
        elif value is not None:
            sheet.write_number(row, 1, value, number)
