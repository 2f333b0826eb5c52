"""Reading files as offices save them, in the process of the parser."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from portal.imports.reading import Unreadable, read_sheet
from tests.support.imports import as_table, workbook

TABLE = [["名称", "数量", "日期"], ["甲", 1, date(2022, 3, 1)], ["乙，丙", 0.5, "2022/3/2"]]
TEXT = '名称,数量,日期\r\n甲,1,2022-03-01\r\n"乙，丙",0.5,2022/3/2\r\n'


def rows_of(sheet):
    return [sheet.row(index) for index in range(len(sheet))]


def test_reads_texts_numbers_and_dates_of_a_workbook():
    sheet = read_sheet(workbook(TABLE))
    assert [column.header for column in sheet.columns] == TABLE[0]
    assert rows_of(sheet) == [["甲", 1.0, date(2022, 3, 1)], ["乙，丙", 0.5, "2022/3/2"]]
    assert list(sheet.numbers) == [2, 3]


def test_takes_the_sheet_named_after_the_kind_else_the_first():
    book = openpyxl.Workbook()
    book.active.append(["第一张"])
    book.active.append(["a"])
    named = book.create_sheet("workdays")
    named.append(["第二张"])
    named.append(["b"])
    content = saved(book)
    assert read_sheet(content, ["workdays", "工作日志"]).columns[0].header == "第二张"
    assert read_sheet(content, ["people", "人员"]).columns[0].header == "第一张"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_a_text_file_in_the_usual_encodings(encoding):
    sheet = read_sheet(TEXT.encode(encoding))
    assert rows_of(sheet) == [["甲", "1", "2022-03-01"], ["乙，丙", "0.5", "2022/3/2"]]


@pytest.mark.parametrize("line_end", ["\n", "\r"])
def test_reads_a_text_file_with_any_line_end_and_with_tabs(line_end):
    text = TEXT.replace(",", "\t").replace("\r\n", line_end)
    assert rows_of(read_sheet(text.encode()))[0] == ["甲", "1", "2022-03-01"]


def test_keeps_line_breaks_inside_of_a_cell():
    assert rows_of(read_sheet('名称\n"第一行\n第二行"\n'.encode())) == [["第一行\n第二行"]]


def test_a_short_row_is_filled_up_and_a_long_one_widens_the_sheet():
    sheet = read_sheet("甲,乙\n1\n1,2,3\n".encode())
    assert rows_of(sheet) == [["1", "", ""], ["1", "2", "3"]]


def test_keeps_the_numbers_of_rows_after_blank_ones():
    sheet = read_sheet(workbook([["名称"], ["甲"], [None], [" "], ["乙"]]))
    assert list(sheet.numbers) == [2, 5]


def test_keeps_true_and_one_times_and_errors_apart():
    book = openpyxl.Workbook()
    for cell in ("内容", True, 1, datetime(2022, 3, 1, 8, 30).time()):  # noqa: DTZ001 - of the day
        book.active.append([cell])
    assert rows_of(read_sheet(saved(book))) == [["TRUE"], [1.0], ["08:30:00"]]


def test_formatted_cells_without_content_are_no_content():
    book = openpyxl.Workbook()
    book.active.append(["名称"])
    book.active.append(["甲"])
    book.active.cell(200, 100).font = openpyxl.styles.Font(bold=True)
    assert rows_of(read_sheet(saved(book))) == [["甲"]]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "没有内容"),
        (b" \r\n \r\n", "empty", "没有内容"),
        ("名称,数量\r\n".encode(), "no_rows", "没有数据"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format", "另存为 .xlsx"),
        (b"PK\x03\x04", "damaged", "已损坏"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, "damaged", "已损坏"),
        ("名称\n甲".encode("utf-16"), "not_text", "编码"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text", "编码"),
        (b"%PDF-1.7\n\xff\xff\xff\xff", "not_text", "编码"),
        ('名称\n"甲\n'.encode(), "bad_csv", "引号"),
        (("列," * 65 + "\n" + "1," * 65).encode(), "too_many_columns", "64列"),
    ],
)
def test_says_in_one_sentence_why_a_file_cannot_be_read(content, code, words):
    with pytest.raises(Unreadable) as unreadable:
        read_sheet(content)
    assert unreadable.value.code == code
    assert words in unreadable.value.sentence
    assert unreadable.value.sentence.endswith("。")


def test_refuses_more_rows_than_it_can_hold():
    with pytest.raises(Unreadable) as unreadable:
        read_sheet("名称\n".encode() + b"1\n" * 200_001)
    assert unreadable.value.code == "too_many_rows"


def test_reads_as_many_rows_as_it_promises():
    assert len(read_sheet("名称\n".encode() + b"1\n" * 200_000)) == 200_000


def test_a_table_of_rows_has_their_headers_once():
    assert as_table([{"a": 1}, {"a": 2, "b": 3}]) == [["a", "b"], [1, None], [2, 3]]


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
