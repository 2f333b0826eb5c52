"""A row with several faults is mended once: all of them are named at the same time."""

from __future__ import annotations

import io
from datetime import date
from itertools import permutations
from typing import Any

import openpyxl
import pytest

from models.types import ImportKind
from portal.imports.checking_apart import check, read_file
from portal.imports.kinds import KINDS
from portal.imports.workbook_export import write_error_workbook
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from tests.support.imports import (
    as_table,
    check_rows,
    codes_of,
    credit_code_of,
    id_number,
    workbook,
    workday,
)

NOBODY = make_credit_code("52", "640303", 999)

GOOD: dict[ImportKind, dict[str, Any]] = {
    ImportKind.ORGANISATIONS: {
        "统一社会信用代码": make_credit_code("52", "640303", 900),
        "机构名称": "演示新社会工作服务中心",
        "机构类型": "社会工作服务机构",
        "所在地代码": "640303",
        "法定代表人": "演示法人",
        "联系人": "演示联系人",
        "联系电话": "13800138000",
        "成立日期": "2019-03-01",
    },
    ImportKind.PEOPLE: {
        "机构信用代码": credit_code_of("sending"),
        "姓名": "演示新人",
        "身份证件号": make_id_number("653228", date(1990, 5, 1), 90),
        "手机号": "13900001111",
        "证书等级": "社会工作师",
        "证书编号": "演示证900",
        "证书取得日期": "2018-06-01",
        "从事社会工作起始日期": "2015-01-01",
    },
    ImportKind.ALLOCATIONS: {
        "年度": "2022",
        "援派省份代码": "350000",
        "受援省份代码": "640000",
        "结对数量": "5",
        "任务线": "重点县",
        "受援县代码": "640303",
    },
    ImportKind.PAIRINGS: {
        "结对编号": "2022-640303-09",
        "援派机构信用代码": credit_code_of("sending"),
        "受援机构信用代码": credit_code_of("receiving"),
        "受援县代码": "640303",
        "任务线": "重点县",
        "开始日期": "2022-01-01",
        "结束日期": "2022-12-31",
        "协议编号": "演示协议9号",
        "协议签订日期": "2022-01-01",
    },
    ImportKind.ASSIGNMENTS: {
        "结对编号": "P1",
        "身份证件号": id_number("unqualified"),
        "角色": "援派",
        "开始日期": "2022-03-01",
        "结束日期": "2022-04-01",
    },
    ImportKind.WORKDAYS: {**workday(), "方式": "驻点", "地点代码": "640303100", "状态": "草稿"},
    ImportKind.FUNDS: {
        "结对编号": "P1",
        "年度": "2022",
        "类型": "计划",
        "资金来源": "部级补助",
        "支出类别": "",
        "金额": "30000.00",
        "日期": "2022-02-15",
        "凭证号": "演示文1号",
        "摘要": "演示",
    },
}

WRONG: dict[ImportKind, dict[str, tuple[Any, str]]] = {
    ImportKind.ORGANISATIONS: {
        "统一社会信用代码": ("52350102MJ0000000X", "invalid_credit_code"),
        "机构名称": ("长" * 101, "text_too_long"),
        "所在地代码": ("999999", "unknown_region"),
        "联系人": ("长" * 61, "text_too_long"),
        "联系电话": ("123", "invalid_value"),
        "成立日期": ("2099-01-01", "future_date"),
    },
    ImportKind.PEOPLE: {
        "机构信用代码": (NOBODY, "unknown_organisation"),
        "姓名": ("长" * 61, "text_too_long"),
        "身份证件号": ("653228199005010010", "invalid_id_number"),
        "手机号": ("123", "invalid_value"),
        "证书编号": ("长" * 61, "text_too_long"),
        "证书取得日期": ("2099-01-01", "future_date"),
        "从事社会工作起始日期": ("2099-01-01", "future_date"),
    },
    ImportKind.ALLOCATIONS: {
        "年度": ("1999", "outside_work_year"),
        "援派省份代码": ("999999", "unknown_region"),
        "受援省份代码": ("999999", "unknown_region"),
        "结对数量": ("0", "invalid_value"),
        "受援县代码": ("999999", "unknown_region"),
    },
    ImportKind.PAIRINGS: {
        "结对编号": ("长" * 41, "text_too_long"),
        "援派机构信用代码": (NOBODY, "unknown_organisation"),
        "受援机构信用代码": (NOBODY, "unknown_organisation"),
        "受援县代码": ("999999", "unknown_region"),
    },
    ImportKind.ASSIGNMENTS: {
        "结对编号": ("没有", "unknown_pairing"),
        "身份证件号": (make_id_number("653228", date(1990, 5, 1), 99), "unknown_person"),
    },
    ImportKind.WORKDAYS: {
        "结对编号": ("没有", "unknown_pairing"),
        "日期": ("2022-11-22", "future_date"),
        "天数": ("1.5", "invalid_days"),
        "地点代码": ("999999999", "invalid_value"),
        "工作内容": ("长" * 2001, "text_too_long"),
    },
    ImportKind.FUNDS: {
        "结对编号": ("没有", "unknown_pairing"),
        "金额": ("30,00", "invalid_amount"),
        "日期": ("2099-01-01", "future_date"),
        "凭证号": ("长" * 61, "text_too_long"),
        "摘要": ("长" * 501, "text_too_long"),
    },
}
"""What the rules say against a cell, whatever stands beside it."""

UNREADABLE = {word: list(KINDS[word].columns) for word in GOOD}

# A certificate of which the level cannot be read is none that a rule could say anything of.
ASK_THE_OTHER = {
    (ImportKind.PEOPLE, "证书等级", "证书编号"),
    (ImportKind.PEOPLE, "证书等级", "证书取得日期"),
}


@pytest.mark.parametrize("word", GOOD)
def test_a_cell_that_cannot_be_read_hides_no_fault_of_another(world, word):
    pairs = [
        (column.name, other)
        for column in UNREADABLE[word]
        for other in WRONG[word]
        if column.name != other and (word, column.name, other) not in ASK_THE_OTHER
    ]
    rows = [{**GOOD[word], one: "#N/A", other: WRONG[word][other][0]} for one, other in pairs]
    found = set(codes_of(check_rows(world, word, rows)))
    for row, (one, other) in enumerate(pairs, start=2):
        assert (row, one, "invalid_value") in found, (one, other)
        assert (row, other, WRONG[word][other][1]) in found, (one, other)


@pytest.mark.parametrize("word", GOOD)
def test_a_cell_that_cannot_be_read_brings_no_fault_of_its_own_to_others(world, word):
    """Nothing is said of the good cells of a row, and one thing of the bad one."""
    columns = [column.name for column in UNREADABLE[word]]
    rows = [{**GOOD[word], name: "#N/A"} for name in columns]
    checked = check_rows(world, word, rows)
    cells = [(row, name, "invalid_value") for row, name in enumerate(columns, start=2)]
    assert codes_of(checked) == cells


@pytest.mark.parametrize("word", GOOD)
def test_two_faults_of_the_rules_are_named_together(world, word):
    pairs = list(permutations(WRONG[word], 2))
    rows = [{**GOOD[word], **{name: WRONG[word][name][0] for name in pair}} for pair in pairs]
    found = set(codes_of(check_rows(world, word, rows)))
    for row, pair in enumerate(pairs, start=2):
        for name in pair:
            assert (row, name, WRONG[word][name][1]) in found, pair


def test_a_row_of_cells_that_cannot_be_read_is_a_row(world):
    rows = [dict.fromkeys(GOOD[ImportKind.WORKDAYS], "#REF!"), GOOD[ImportKind.WORKDAYS]]
    report = check_rows(world, ImportKind.WORKDAYS, rows).report
    assert (report.rows, report.refused, report.accepted) == (2, 1, 1)


def test_the_error_workbook_keeps_the_numbers_and_is_refused_alike_until_it_is_mended(world):
    kind = KINDS[ImportKind.WORKDAYS]
    good = GOOD[ImportKind.WORKDAYS]
    rows = [good, {**good, "状态": "#REF!", "日期": "2022-11-22"}, {**good, "天数": "#公式无结果!"}]
    table = [["演示：二月工作日志"], *as_table(rows)]
    checked = check(world.deed(), read_file(kind, "演示.xlsx", workbook(table)))
    assert codes_of(checked) == [
        (4, "日期", "future_date"),
        (4, "状态", "invalid_value"),
        (5, "天数", "invalid_value"),
    ]
    out = io.BytesIO()
    write_error_workbook(checked, out)
    again = check(world.deed(), read_file(kind, "错误.xlsx", out.getvalue()))
    assert [(column, code) for _, column, code in codes_of(again)] == [
        (column, code) for _, column, code in codes_of(checked)
    ]
    assert again.report.warnings == ()
    book = openpyxl.load_workbook(out)
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(row, heads["原行号"]).value for row in (2, 3)] == [4, 5]
    sheet.cell(2, heads["状态"]).value = "草稿"
    sheet.cell(2, heads["日期"]).value = date(2022, 11, 2)
    sheet.cell(3, heads["天数"]).value, sheet.cell(3, heads["日期"]).value = 1, date(2022, 11, 3)
    mended = io.BytesIO()
    book.save(mended)
    report = check(world.deed(), read_file(kind, "改好.xlsx", mended.getvalue())).report
    assert (report.accepted, report.refused) == (2, 0)
