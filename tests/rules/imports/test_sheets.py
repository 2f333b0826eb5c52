"""Rows, headers and columns of a sheet, and what is said about them."""

from __future__ import annotations

from datetime import date

from models.types import ImportKind
from portal.imports.column_rules import file_faults, parse_sheet, unknown_headers
from portal.imports.kinds import KINDS
from portal.imports.report_rules import RowError
from portal.imports.rules import PairingSpan, refusals_for_overlap
from tests.support.imports import sheet_of

ALLOCATIONS = KINDS[ImportKind.ALLOCATIONS]
GOOD = {"年度": "2022", "援派省份代码": "350000", "受援省份代码": "640000", "结对数量": "5"}


def test_leaves_blank_rows_out_and_keeps_the_numbers_of_the_others():
    sheet = sheet_of([GOOD, dict.fromkeys(GOOD, ""), dict.fromkeys(GOOD, "  "), GOOD])
    assert list(sheet.numbers) == [2, 5]
    assert sheet.row(1) == list(GOOD.values())
    assert sheet.cell(5, "年度") == "2022"
    assert sheet.cell(3, "年度") is None
    assert sheet.cell(5, "没有这列") is None


def test_knows_a_header_with_a_star_or_blanks():
    sheet = sheet_of([{"年度 *": "2022", " 援派省份\n代码＊": "350000"}])
    assert [column.header for column in sheet.columns] == ["年度", "援派省份代码"]


def test_says_which_required_columns_are_missing():
    faults = file_faults(sheet_of([{"年度": "2022", "结对数量": "5"}]), ALLOCATIONS.columns, "任务")
    assert [(fault.column, fault.code) for fault in faults] == [
        ("援派省份代码", "missing_column"),
        ("受援省份代码", "missing_column"),
    ]
    assert all(fault.row == 1 and fault.column in fault.sentence for fault in faults)


def test_says_which_column_is_there_twice():
    faults = file_faults(sheet_of([{**GOOD, "年度 ": "2023"}]), ALLOCATIONS.columns, "任务")
    assert [(fault.column, fault.code) for fault in faults] == [("年度", "duplicate_column")]


def test_names_columns_that_no_kind_has_and_ignores_the_reason_of_an_error_workbook():
    sheet = sheet_of([{**GOOD, "备注": "无", "错误原因": "“年度”：……"}])
    assert unknown_headers(sheet, ALLOCATIONS.columns) == ["备注"]


def test_a_column_without_a_header_counts_only_if_it_holds_something():
    assert len(sheet_of([{**GOOD, "": " "}]).columns) == len(GOOD)
    assert len(sheet_of([{**GOOD, "": "字"}]).columns) == len(GOOD) + 1


def test_reads_defaults_where_a_cell_is_empty_or_the_column_is_missing():
    parsed = parse_sheet(sheet_of([GOOD, {**GOOD, "任务线": "延续"}]), ALLOCATIONS.columns)
    assert [line.label for line in parsed.column("任务线")] == ["重点县", "延续"]
    assert list(parsed.column("受援县代码")) == ["", ""]
    assert parsed.faults == {}


def test_finds_every_faulty_cell_of_a_row():
    rows = [GOOD, {**GOOD, "年度": "明年", "结对数量": " ", "援派省份代码": "\u200b"}]
    parsed = parse_sheet(sheet_of(rows), ALLOCATIONS.columns)
    assert {index: [(c, f.code) for c, f in some] for index, some in parsed.faults.items()} == {
        1: [
            ("年度", "invalid_value"),
            ("援派省份代码", "missing_value"),
            ("结对数量", "missing_value"),
        ]
    }


def test_one_and_true_are_two_cells():
    sheet = sheet_of([{**GOOD, "结对数量": 1.0}, {**GOOD, "结对数量": "TRUE"}])
    parsed = parse_sheet(sheet, ALLOCATIONS.columns)
    assert list(parsed.faults) == [1]


def test_the_reason_of_an_error_is_its_message_without_row_and_column():
    error = RowError(17, "日期", "invalid_date", "第17行“日期”：“x”不是有效日期。")
    assert error.reason == "“x”不是有效日期。"
    assert RowError(1, "", "empty", "文件中没有内容。").reason == "文件中没有内容。"


def test_the_same_two_organisations_cannot_be_paired_twice_at_a_time():
    other = [PairingSpan(" A ", date(2022, 1, 1), date(2022, 12, 31))]
    assert refusals_for_overlap(date(2023, 1, 1), date(2023, 12, 31), other) == []
    found = refusals_for_overlap(date(2022, 12, 31), date(2023, 12, 31), other)
    assert [(one.field, one.code) for one in found] == [("starts_on", "overlap")]
