"""Reading files as offices save them, in the process of the parser."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from portal.imports.opening_apart import NOTES
from portal.imports.reading_apart import Unreadable, read_sheet
from portal.imports.workbook_export import GUIDE, WORDS
from tests.support.imports import as_table, workbook
from tests.support.raw_workbook import NO_RESULT, raw_workbook, repacked
from tests.support.raw_workbook import text as raw_text

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


# ---- files as people have them -------------------------------------------------------------


def book_of(*sheets: tuple[str, str, list[list[object]]]) -> bytes:
    """Return a workbook of sheets: their name, their state, their rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, state, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    return saved(book)


OTHER = [["字典"], ["x"]]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_what_a_person_sees(state):
    content = book_of(("workdays", state, OTHER), ("数据", "visible", TABLE))
    assert read_sheet(content, ["workdays", "工作日志"]).name == "数据"


def test_the_name_of_a_sheet_is_known_with_blanks_and_in_capitals():
    for name in (" 工作 日志 ", "Workdays", "ＷＯＲＫＤＡＹＳ", "工作日志\u3000"):
        content = book_of(("封面", "visible", OTHER), (name, "visible", TABLE))
        assert read_sheet(content, ["workdays", "工作日志"]).name == name


def test_a_chart_is_no_sheet_of_rows():
    book = openpyxl.Workbook()
    book.create_chartsheet("图", 0)
    book.active = 1
    for row in TABLE:
        book["Sheet"].append(row)
    assert read_sheet(saved(book)).name == "Sheet"


def test_rows_that_a_filter_hides_are_read_and_named():
    book = openpyxl.Workbook()
    for row in [["名称"], ["甲"], ["乙"], [None], ["丙"]]:
        book.active.append(row)
    book.active.auto_filter.ref = "A1:A5"
    for number in (3, 4):
        book.active.row_dimensions[number].hidden = True
    sheet = read_sheet(saved(book))
    assert rows_of(sheet) == [["甲"], ["乙"], ["丙"]]
    assert list(sheet.hidden) == [3]


def test_columns_that_are_hidden_are_read_and_named():
    book = openpyxl.Workbook()
    book.active.append(["名称", "数量", "日期", None])
    book.active.append(["甲", 2, "2022-03-01", None])
    for letter in ("B", "D"):
        book.active.column_dimensions[letter].hidden = True
    sheet = read_sheet(saved(book))
    assert rows_of(sheet) == [["甲", 2, "2022-03-01"]]
    assert sheet.hidden_columns == ("数量",)


def test_other_visible_sheets_that_hold_something_are_named():
    book = openpyxl.Workbook()
    for name in ("二月", "三月", "空表", "草稿", *NOTES):
        sheet = book.create_sheet(name)
        if name != "空表":
            sheet.append(["名称"])
    book.active.append(["名称"])
    book.active.append(["甲"])
    book["草稿"].sheet_state = "hidden"
    assert read_sheet(saved(book)).other_sheets == ("二月", "三月")


def test_the_notes_beside_our_templates_are_known():
    assert NOTES == (GUIDE, WORDS)


TITLED = [["2022年度演示分配表"], [None, "单位：家"], ["名称 *", "数 量", "日期"], *TABLE[1:]]


def test_a_title_may_stand_above_the_header():
    sheet = read_sheet(workbook(TITLED), (), TABLE[0])
    assert [column.header for column in sheet.columns] == TABLE[0]
    assert (sheet.header_row, list(sheet.numbers)) == (3, [4, 5])


def test_a_title_may_stand_above_the_header_of_a_text_file_too():
    sheet = read_sheet(("演示分配表,,\r\n\r\n" + TEXT).encode("gb18030"), (), TABLE[0])
    assert (sheet.header_row, list(sheet.numbers)) == (3, [4, 5])


def test_a_row_that_repeats_the_header_is_not_taken_for_it():
    rows = [TABLE[0], TABLE[1], TABLE[0], TABLE[2]]
    assert read_sheet(workbook(rows), (), TABLE[0]).header_row == 1


@pytest.mark.parametrize("first", ["sep=,", "SEP=,", '"sep=,"', "sep=;", "sep=\t"])
def test_the_line_that_tells_the_separator_is_no_row(first):
    separator = first.strip('"')[-1]
    text = f"{first}\r\n" + TEXT.replace(",", separator)
    sheet = read_sheet(text.encode("utf-8-sig"), (), TABLE[0])
    assert rows_of(sheet)[0] == ["甲", "1", "2022-03-01"]
    assert list(sheet.numbers) == [2, 3]


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\x1a\r\n", "\r\n\r\n\x1a\x1a"])
def test_a_closing_ctrl_z_is_no_row(end):
    assert len(read_sheet((TEXT + end).encode("gb18030"))) == 2


@pytest.mark.parametrize("blank", ["\u3000", "\xa0", "\u200b", "\ufeff", "'", '=""', "\u2800"])
def test_a_row_that_looks_blank_is_blank(blank):
    table = [["名称", "数量"], ["甲", "1"], [blank, blank], ["乙", "2"]]
    assert list(read_sheet(workbook(table)).numbers) == [2, 4]


def test_a_relative_of_xlsx_is_named_and_not_read_half():
    """Of .xlsb and .ods errors cannot be told from blanks: they are not read at all."""
    content = repacked(workbook(TABLE), {"xl/_rels/workbook.xml.rels": b"<Relationships/>"})
    with pytest.raises(Unreadable):
        read_sheet(content)


def test_refuses_a_file_that_is_broken_as_a_whole():
    rows = [[raw_text("名称")], *[[NO_RESULT]] * 100_001]
    with pytest.raises(Unreadable, match="too_many_marked") as unreadable:
        read_sheet(raw_workbook(rows))
    assert "A2" in unreadable.value.sentence
    assert "保存" in unreadable.value.sentence


def test_says_so_if_every_sheet_is_hidden():
    content = book_of(("甲", "visible", TABLE))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        book = package.read("xl/workbook.xml").replace(b'state="visible"', b'state="hidden"')
    with pytest.raises(Unreadable, match="no_visible_sheet") as unreadable:
        read_sheet(repacked(content, {"xl/workbook.xml": book}))
    assert "取消隐藏" in unreadable.value.sentence
