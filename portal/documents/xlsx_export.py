"""A document as a workbook, row by row in flat memory: a sheet a table, ready to be printed.

A document with a cover has its facts on a sheet of their own, which is written last since it holds
the hash of the rows. Without one, title and facts stand above the first table.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
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
    text_of,
)
from portal.settings import PORTAL

NUMBER_FORMATS = {
    "number": "#,##0",
    "days": "General",
    "share": "0.0%",
    "year": "0",
    "yuan": "#,##0",
    "text": "@",
    "typed": "@",
}
FONT = "宋体"
A4 = 9
COVER = "封面"
LINE = 15
"""Points from line to line of a wrapped cell."""
WIDEST_PAGE = 190
"""Characters that stand side by side on A4 across and can still be read; a wider table is printed
on pages side by side, with what names its rows on each."""
NAMING = 1
"""The last of the columns that name a row: its code, and its name beside it."""


def write_xlsx(document: Document, file: IO[bytes]) -> None:
    """Write the workbook: the hashed rows first, for they are what it is opened for."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
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
        cover = book.add_worksheet(COVER) if document.has_cover else None
        tables = sorted(document.tables, key=lambda table: not table.is_hashed)
        sheets = [book.add_worksheet(table.sheet) for table in tables]
        digest = hashlib.sha256()
        for place, (table, sheet) in enumerate(zip(tables, sheets, strict=True)):
            _set_up_print(sheet, document, table)
            writer = _Sheet(book, sheet, document, table)
            if cover is None:
                writer.opening(with_facts=place == 0)
            writer.head()
            writer.rows(digest)
            if cover is None and place == len(tables) - 1:
                writer.ending()
        if cover is not None:
            _write_cover(book, cover, document, digest.hexdigest())


def _set_up_print(sheet: Any, document: Document, table: Table) -> None:
    """A4 across, as wide as one page where that can be read, the head repeated, its foot."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    pages = math.ceil(sum(column.width for column in table.columns) / WIDEST_PAGE)
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0, NAMING)
    else:
        sheet.center_horizontally()
    page = "第 &P 页，共 &N 页"
    if document.has_cover:
        sheet.set_header(f"&L{_code(document.title)}&R{_code(table.sheet)}")
        left, *centre, right = (f"{one}：" for one in document.signatures or ("", ""))
        sheet.set_footer(f"&L{left}&C{'　　'.join(centre)}&R{right}　　　　{page}")
    else:
        left = f"&L{_code(document.foot)}" if document.foot else ""
        sheet.set_footer(f"{left}&R{page}")


def _lines(cell: Cell, column: Column) -> int:
    """Return how many lines a cell takes in its column; a Chinese character is two wide."""
    return math.ceil(2 * len(cell) / column.width) if isinstance(cell, str) and cell else 1


def _code(text: str) -> str:
    """Return a text as a header holds it: its ampersands are no codes."""
    return text.replace("&", "&&")


class _Sheet:
    """One table on its sheet; rows are written in their order."""

    def __init__(self, book: Any, sheet: Any, document: Document, table: Table) -> None:
        self._book, self._sheet, self._document, self._table = book, sheet, document, table
        self._row = 0
        self._last = len(table.columns) - 1

    def opening(self, *, with_facts: bool) -> None:
        """Write the title over the table, and the facts below it."""
        document = self._document
        title = self._book.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        plain = self._book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = document.title if with_facts else self._table.heading
        self._sheet.set_row(self._row, 30)
        self._merge(heading, title)
        if not with_facts:
            return
        for text in (document.mark, document.number):
            if text:
                self._merge(text, plain)
        for label, value in document.facts:
            self._merge(f"{label}：{'' if value is None else value}", plain)

    def head(self) -> None:
        """Write the head of one line or two, repeated on each page and held fast on the screen."""
        columns = self._table.columns
        looks = {
            "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF4", "bottom": 1,
        }  # fmt: skip
        heading = self._book.add_format(looks)
        group = self._book.add_format({**looks, "align": "center"})
        first = self._row
        formats = self._formats(columns)
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, column.width, formats[place])
        if has_two_lines(columns):
            for head in head_of(columns):
                end = head.first + head.span - 1
                if head.is_tall:
                    # Its label stands in the lower line: a cell over both would be written out of
                    # turn, which flat memory does not allow.
                    self._sheet.write_blank(self._row, head.first, None, heading)
                elif head.span > 1:
                    self._sheet.merge_range(
                        self._row, head.first, self._row, end, head.label, group
                    )
                else:
                    self._sheet.write_string(self._row, head.first, head.label, group)
            self._row += 1
        for place, column in enumerate(columns):
            self._sheet.write_string(self._row, place, column.label, heading)
        self._sheet.repeat_rows(first, self._row)
        self._row += 1
        self._sheet.freeze_panes(self._row, 1)

    def rows(self, digest: Any) -> None:
        """Write every row, hash them if asked, and the total, which stays in its place."""
        table = self._table
        formats, head = self._formats(table.columns), self._row - 1
        for row in table.rows:
            self._write(row, formats)
            if table.is_hashed:
                digest.update(text_of(row).encode())
        if self._row > head + 1 and not has_two_lines(table.columns):
            self._sheet.autofilter(head, 0, self._row - 1, self._last)
        if table.total is not None and not table.is_total_printed_only:
            self._write(table.total, formats)

    def ending(self) -> None:
        """Write what is signed by hand, and the notes."""
        plain = self._book.add_format({"text_wrap": True, "valign": "vcenter"})
        if self._document.signatures:
            self._row += 1
            gap = "：" + "　" * 8
            self._merge(gap.join(self._document.signatures) + "：", plain)
        for note in self._document.footnotes:
            self._merge(note, plain)

    def _merge(self, text: str, looks: Any) -> None:
        self._sheet.merge_range(self._row, 0, self._row, self._last, text, looks)
        self._row += 1

    def _formats(self, columns: Sequence[Column]) -> list[Any]:
        """Return a format a column; text that people wrote is wrapped where a sheet is a form."""
        wraps = not self._document.has_cover
        return [
            self._book.add_format(
                {"num_format": NUMBER_FORMATS[one.kind]}
                | ({"text_wrap": True, "valign": "top", "border": 4} if wraps else {})
            )
            for one in columns
        ]

    def _write(self, row: Row, formats: Sequence[Any]) -> None:
        sheet, at = self._sheet, self._row
        if not self._document.has_cover:
            # Not every program finds the height of a wrapped row by itself.
            sheet.set_row(at, LINE * max(map(_lines, row, self._table.columns)))
        for place, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                sheet.write_string(at, place, cell, formats[place])
            else:
                sheet.write_number(at, place, cell, formats[place])
        self._row += 1


def _write_cover(book: Any, sheet: Any, document: Document, digest: str) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 80)
    title = book.add_format({"bold": True, "font_size": 18})
    label = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "align": "left", "valign": "top"})
    sheet.write_string(0, 0, document.title, title)
    facts: list[tuple[str, Cell]] = [
        (name, digest if name == document.digest_label else value) for name, value in document.facts
    ]
    facts += [(name, "") for name in document.signatures]
    for row, (name, value) in enumerate(facts, start=2):
        sheet.write_string(row, 0, name, label)
        if isinstance(value, str):
            sheet.write_string(row, 1, value, text)
        elif value is not None:
            sheet.write_number(row, 1, value, text)
