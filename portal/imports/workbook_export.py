"""The workbooks that this room writes: templates, and refused rows with the reason beside them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from portal.imports.batch_queries import Slip
from portal.imports.checking_apart import FORM_ID, PREPARED, Checked
from portal.imports.column_rules import Column
from portal.imports.kind import Kind
from portal.imports.mending_rules import Mended
from portal.imports.report_rules import RowError
from portal.imports.sheet_rules import FILE_ROW, REASON, Cell, Sheet

PREPARED_ROWS = 2_000
"""Rows of a template that have drop-downs and formats."""

IN_MEMORY_ROWS = 10_000

COMMENTED_CELLS = 5_000
"""Faulty cells that get a comment; all of them are coloured and have the reason in the last column."""

LISTED_CHARACTERS = 255
"""A drop-down may hold so many characters; longer lists stand on a sheet of their own."""

SLIP_COLUMNS = (("姓名", 14), ("机构", 34), ("登录名", 24), ("初始密码", 26))

GUIDE, WORDS = "填表说明", "字典"

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_template(
    kind: Kind, out: Path | IO[bytes], rows: Sequence[Sequence[Cell]] | None = None
) -> None:
    """Write the template of a kind: its columns, drop-downs, and a sheet with notes and examples.

    ``rows`` fill the ``prepared`` columns of a template with the own people, which come first then.
    """
    columns = kind.columns if rows is None else _prepared_first(kind)
    form_id = FORM_ID + kind.word.value + (PREPARED if rows is not None else "")
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True}) as book:
        book.set_custom_property("form_id", form_id)
        sheet = book.add_worksheet(kind.label)
        guide = book.add_worksheet(GUIDE)
        words = book.add_worksheet(WORDS)
        words.hide()
        _write_headers(book, sheet, columns)
        for place, column in enumerate(columns):
            _prepare(book, sheet, words, place, column)
        sheet.freeze_panes(1, 0 if rows is None else len(kind.prepared))
        _fill(book, sheet, rows or ())
        _write_guide(book, guide, kind)


def write_error_workbook(checked: Checked, out: Path | IO[bytes]) -> None:
    """Write the refused rows as they stood in the file, each faulty cell marked.

    Behind them stand the number that a row has in the file, and all reasons. It can be mended and
    uploaded again as it is. A file that is refused as a whole has its faults alone.
    """
    assert checked.file.sheet is not None
    with xlsxwriter.Workbook(out, {**OPTIONS, "constant_memory": True}) as book:
        sheet = book.add_worksheet(checked.file.kind.label)
        _ErrorSheet(book, sheet, checked.file.kind, checked.file.sheet).write(checked)


def write_mended(kind: Kind, sheet: Sheet, mends: Sequence[Mended]) -> bytes:
    """Return a workbook of the rows of a sheet, each at its number, with some cells replaced."""
    out = io.BytesIO()
    texts = {(mend.row, mend.column): mend.text for mend in mends}
    headers = [column.header for column in sheet.columns]
    headers += dict.fromkeys(mend.column for mend in mends if mend.column not in headers)
    # One row at a time of a large one, as with the refused rows.
    way = "in_memory" if len(sheet) <= IN_MEMORY_ROWS else "constant_memory"
    with xlsxwriter.Workbook(out, {**OPTIONS, way: True}) as book:
        if sheet.form_id and sheet.form_id.startswith(FORM_ID):
            book.set_custom_property("form_id", sheet.form_id)
        page = book.add_worksheet(kind.label)
        looks = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm", str: "@", float: "General"}
        formats = {kind: book.add_format({"num_format": look}) for kind, look in looks.items()}
        for place, header in enumerate(headers):
            page.write_string(sheet.header_row - 1, place, header)
        for index, number in enumerate(sheet.numbers):
            cells = sheet.row(index)
            for place, header in enumerate(headers):
                cell = texts.get((number, header), cells[place] if place < len(cells) else "")
                if cell != "":
                    _write_cell(page, number - 1, place, cell, formats[type(cell)])
    return out.getvalue()


def _write_cell(page: Any, line: int, place: int, cell: Cell, look: Any) -> None:
    if isinstance(cell, float):
        page.write_number(line, place, cell, look)
    elif isinstance(cell, str):
        page.write_string(line, place, cell, look)
    else:
        page.write_datetime(line, place, cell, look)


def write_slips(slips: Sequence[Slip], out: Path | IO[bytes]) -> None:
    """Write the slips of first passwords, one a row, to be cut apart."""
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True}) as book:
        sheet = book.add_worksheet("密码条")
        bold = book.add_format({"bold": True, "border": 1})
        cell = book.add_format({"border": 1, "num_format": "@"})
        for place, (header, width) in enumerate(SLIP_COLUMNS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, header, bold)
        for line, (account, password) in enumerate(slips, start=1):
            texts = (account.name, account.organisation or "", account.login, password)
            for place, text in enumerate(texts):
                sheet.write_string(line, place, text, cell)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)


# ---- template ------------------------------------------------------------------------------


def _prepared_first(kind: Kind) -> list[Column]:
    """Return the columns with the prepared ones first, and without what they stand instead of."""
    by_name = {column.name: column for column in kind.columns}
    prepared = [by_name[name] for name in kind.prepared]
    return [
        *prepared,
        *(
            column
            for column in kind.columns
            if column not in prepared and column.instead not in kind.prepared
        ),
    ]


def _fill(book: Any, sheet: Any, rows: Sequence[Sequence[Cell]]) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(line, place, cell, day)
            else:
                sheet.write_string(line, place, str(cell))


def _write_headers(book: Any, sheet: Any, columns: Iterable[Column]) -> None:
    required = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
    optional = book.add_format({"bold": True, "bg_color": "#E7EEF5", "border": 1})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, required if column.is_required else optional)
        mark = _is_needed(column) + "。"
        sheet.write_comment(0, place, mark + column.note, {"author": "", "x_scale": 1.6})


def _is_needed(column: Column) -> str:
    if not column.is_required:
        return "选填"
    return f"与“{column.instead}”填一项" if column.instead else "必填"


def _prepare(book: Any, sheet: Any, words: Any, place: int, column: Column) -> None:
    looks = {"text": "@", "date": "yyyy-mm-dd", "number": "General"}
    sheet.set_column(
        place, place, column.width, book.add_format({"num_format": looks[column.look]})
    )
    if column.choices:
        source: Any = list(column.choices)
        if len(",".join(column.choices)) > LISTED_CHARACTERS:
            words.write_column(0, place, column.choices)
            letter = xlsxwriter.utility.xl_col_to_name(place)
            source = f"={WORDS}!${letter}$1:${letter}${len(column.choices)}"
        sheet.data_validation(
            1,
            place,
            PREPARED_ROWS,
            place,
            {
                "validate": "list",
                "source": source,
                "error_title": column.name,
                "error_message": "请从下拉框中选择。",
            },
        )
    elif column.look == "date":
        sheet.data_validation(
            1,
            place,
            PREPARED_ROWS,
            place,
            {
                "validate": "date",
                "criteria": ">=",
                "value": date(1900, 1, 1),
                "error_type": "warning",
                "error_title": column.name,
                "error_message": "请填写日期，如 2022-03-01。",
            },
        )


def _write_guide(book: Any, guide: Any, kind: Kind) -> None:
    bold = book.add_format({"bold": True})
    title = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 10)
    guide.set_column(2, 12, 26)
    guide.write_string(0, 0, f"《{kind.label}》导入模板填表说明", title)
    notes = (
        f"在“{kind.label}”工作表第2行起填写，每行一条；表头的名称不要改动，列的先后可以调整。",
        "橙色表头为必填。身份证件号、各种代码请保持“文本”格式，以免丢失末几位。",
        "日期可用日期格式，或 2022-03-01、2022/3/1、2022.3.1、2022年3月1日。",
        *kind.notes,
    )
    for row, note in enumerate(notes, start=1):
        guide.write_string(row, 0, f"{row}. {note}")
    row = len(notes) + 2
    for place, text in enumerate(("列", "是否必填", "填写说明", "可选值")):
        guide.write_string(row, place, text, bold)
    for column in kind.columns:
        row += 1
        guide.write_string(row, 0, column.name)
        guide.write_string(row, 1, _is_needed(column))
        guide.write_string(row, 2, column.note, wrapped)
        guide.write_string(row, 3, "、".join(column.choices), wrapped)
    row += 2
    guide.write_string(row, 0, "示例（不会被导入）", bold)
    guide.write_row(row + 1, 0, [column.name for column in kind.columns], bold)
    for number, example in enumerate(kind.examples, start=row + 2):
        guide.write_row(number, 0, example)


# ---- refused rows --------------------------------------------------------------------------


class _ErrorSheet:
    """Writes row by row; xlsxwriter keeps no more than one in memory."""

    def __init__(self, book: Any, sheet: Any, kind: Kind, source: Sheet) -> None:
        self._sheet = sheet
        self._kind = kind
        self._source = source
        self._headers = [column.header for column in source.columns]
        self._row_place = len(self._headers)
        fault = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        self._formats = {
            is_faulty: {
                kind_of_cell: book.add_format({"num_format": look, **(fault if is_faulty else {})})
                for kind_of_cell, look in (
                    (str, "@"),
                    (float, "General"),
                    (date, "yyyy-mm-dd"),
                    (datetime, "yyyy-mm-dd hh:mm"),
                )
            }
            for is_faulty in (False, True)
        }
        self._bold = book.add_format({"bold": True, "bg_color": "#E7EEF5", "border": 1})
        self._comments = 0

    def write(self, checked: Checked) -> None:
        widths = {column.name: column.width for column in self._kind.columns}
        for place, header in enumerate(self._headers):
            self._sheet.set_column(place, place, widths.get(header, 16))
        self._sheet.set_column(self._row_place, self._row_place, 8)
        self._sheet.set_column(self._row_place + 1, self._row_place + 1, 80)
        self._sheet.freeze_panes(1, 0)
        for place, header in enumerate((*self._headers, FILE_ROW, REASON)):
            self._sheet.write_string(0, place, header, self._bold)
        if checked.verdict is None:
            faults = "".join(error.message for error in checked.report.errors)
            self._sheet.write_string(1, self._row_place + 1, faults)
            return
        indexes = {self._source.numbers[index]: index for index in checked.verdict.refused}
        for line, (number, errors) in enumerate(checked.report.errors_by_row(), start=1):
            self._write_row(line, number, self._source.row(indexes[number]), errors)

    def _write_row(
        self, line: int, number: int, cells: Sequence[Cell], errors: Sequence[RowError]
    ) -> None:
        faulty: dict[str, str] = {}
        for error in errors:
            faulty[error.column] = faulty.get(error.column, "") + error.reason
        for place, (header, cell) in enumerate(zip(self._headers, cells, strict=True)):
            why = faulty.get(header)
            look = self._formats[why is not None][type(cell)]
            _write_cell(self._sheet, line, place, cell, look)
            if why and self._comments < COMMENTED_CELLS:
                self._comments += 1
                self._sheet.write_comment(line, place, why, {"author": "", "x_scale": 2})
        reasons = "".join(f"“{error.column}”：{error.reason}" for error in errors)
        self._sheet.write_number(line, self._row_place, number)
        self._sheet.write_string(line, self._row_place + 1, reasons)
