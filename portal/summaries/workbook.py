"""The summary as a workbook: cover, one row a pairing, one row a province of either side."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

import xlsxwriter

from portal.settings import PORTAL
from portal.summaries.column_export import (
    AREA_COLUMNS,
    PAIRING_COLUMNS,
    SENDER_COLUMNS,
    SIGNATURES,
    Cell,
    Column,
    area_cells,
    facts_of,
    pairing_cells,
    sender_cells,
    text_of,
)
from portal.summaries.queries import Summary

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


def write_xlsx(summary: Summary, file: IO[bytes]) -> None:
    """Write the workbook row by row; the cover comes last, since it holds the hash of the rows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
    }
    with xlsxwriter.Workbook(file, options) as book:
        title = f"{summary.programme}{summary.year}年度汇总表"
        book.set_properties(
            {
                "title": title,
                "subject": f"{summary.year}年度汇总表，数据截至 {summary.as_of}",
                "author": PORTAL,
            }
        )
        cover = book.add_worksheet("封面")
        lines = book.add_worksheet("汇总")
        areas = book.add_worksheet("分省")
        senders = book.add_worksheet("按援派省份")
        cells = pairing_cells(summary)
        hashed = hashlib.sha256()
        written = (cells(line) for line in summary.pairings)
        _write_table(book, lines, PAIRING_COLUMNS, written, hashed.update)
        parts = [*summary.provinces, summary.totals]
        _write_table(book, areas, AREA_COLUMNS, (area_cells(part) for part in parts), sums=1)
        for sheet in (areas, senders):
            sheet.fit_to_pages(1, 0)
        sent = [*summary.senders, summary.all_sent]
        cells_of_sent = (sender_cells(one, summary.policy) for one in sent)
        _write_table(book, senders, SENDER_COLUMNS, cells_of_sent, sums=1)
        _write_cover(book, cover, title, facts_of(summary, digest=hashed.hexdigest()))


def _write_table(
    book: Any,
    sheet: Any,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    take: Callable[[bytes], None] | None = None,
    sums: int = 0,
) -> None:
    """Write a heading and rows below it, and hash them if asked.

    The last ``sums`` rows stay in their place when the others are filtered or sorted.
    """
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    sheet.set_footer(
        "&L" + "：&C".join(SIGNATURES[:2]) + f"：&R{SIGNATURES[2]}：　　　　第 &P / &N 页"
    )
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF4", "bottom": 1}
    )
    formats = [book.add_format({"num_format": NUMBER_FORMATS[one.kind]}) for one in columns]
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width, formats[position])
        sheet.write_string(0, position, column.label, heading)
    count = 0
    for count, row in enumerate(rows, start=1):
        for position, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                sheet.write_string(count, position, cell, formats[position])
            else:
                sheet.write_number(count, position, cell, formats[position])
        if take is not None:
            take(text_of(row).encode())
    if count > sums:
        sheet.autofilter(0, 0, count - sums, len(columns) - 1)


def _write_cover(book: Any, sheet: Any, heading: str, facts: Sequence[tuple[str, Cell]]) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 80)
    title = book.add_format({"bold": True, "font_size": 18})
    label = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "align": "left", "valign": "top"})
    sheet.write_string(0, 0, heading, title)
    for row, (name, value) in enumerate(facts, start=2):
        sheet.write_string(row, 0, name, label)
        if isinstance(value, str):
            sheet.write_string(row, 1, value, text)
        elif value is not None:
            sheet.write_number(row, 1, value, text)
