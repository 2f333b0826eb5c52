"""What a cell means, however it was typed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from models.types import OrgType, WorkdayState, WorkMode
from portal.imports import cell_rules
from portal.imports.cell_rules import BadCell
from portal.imports.rules import IMPORTABLE


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  入户走访 ", "入户走访"),
        (640303.0, "640303"),
        (0.5, "0.5"),
        (13800138000.0, "13800138000"),
        (123456789012345.0, "123456789012345"),
        (date(2022, 3, 1), "2022-03-01"),
        (datetime.fromisoformat("2022-03-01 10:30"), "2022-03-01 10:30:00"),
        ("'=1+1", "=1+1"),
        ("'-无", "-无"),
        ("'＝HYPERLINK", "＝HYPERLINK"),
        ("'引号开头", "'引号开头"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("有\x00空\x0b字符", "有空\n字符"),
    ],
)
def test_reads_a_text(cell, text):
    assert cell_rules.text(cell) == text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (" 52350102mj0000000x ", "52350102MJ0000000X"),
        ("５２３５０１０２", "52350102"),
        ("640 303", "640303"),
        (640303.0, "640303"),
        (640303100.0, "640303100"),
        ("'-1", "-1"),
    ],
)
def test_reads_a_code(cell, code):
    assert cell_rules.code(cell) == code


def test_shows_a_long_number_as_a_spreadsheet_does_and_no_digit_more():
    assert cell_rules.as_text(2.019061101020304e19) == "2.01906E+19"
    assert cell_rules.as_text(1234567890123456.0) == "1.23457E+15"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="653228198102020027"', "653228198102020027"),
        ('="甲""乙"', '甲"乙'),
        ('=" 0951"', "0951"),
        ("'0951", "0951"),
        ('\'="x"', '="x"'),
        ('="甲', '="甲'),
    ],
)
def test_reads_what_another_program_kept_as_text(cell, text):
    assert cell_rules.title(cell) == text


@pytest.mark.parametrize("code", ["2019E01", "5E12", "1E-05", "E+12"])
def test_a_code_with_an_e_is_no_scientific_notation(code):
    assert cell_rules.title(code) == code


def test_what_a_formula_computed_is_counted_as_it_shows():
    assert cell_rules.half_days(0.7 - 0.2) == 1
    with pytest.raises(BadCell):
        cell_rules.half_days("0_5")


def test_says_that_a_spreadsheet_lost_the_end_of_an_id_number():
    with pytest.raises(BadCell) as bad:
        cell_rules.long_code("invalid_id_number")(6.5901219850301e17)
    assert bad.value.fault.code == "invalid_id_number"
    assert "文本" in bad.value.fault.sentence


@pytest.mark.parametrize(
    "cell",
    [
        date(2022, 3, 1),
        datetime.fromisoformat("2022-03-01 23:59"),
        "2022-03-01",
        "2022-3-1",
        "2022/3/1",
        "2022年3月1日",
        " ２０２２－０３－０１ ",
    ],
)
def test_reads_a_date(cell):
    assert cell_rules.day(cell) == date(2022, 3, 1)


@pytest.mark.parametrize(
    "cell", ["2022-02-30", "2022.3", "三月一日", 44621.0, 20220301.0, "1899-12-31", "3/1/2022"]
)
def test_says_how_to_write_a_date(cell):
    with pytest.raises(BadCell) as bad:
        cell_rules.day(cell)
    assert bad.value.fault.code == "invalid_date"
    assert "2022-03-01" in bad.value.fault.sentence


@pytest.mark.parametrize(
    ("cell", "halves"),
    [(0.5, 1), (1.0, 2), ("0.5", 1), ("1", 2), ("1.0", 2), ("０.５", 1), (1.5, 3), (0.0, 0)],
)
def test_counts_days_in_halves(cell, halves):
    assert cell_rules.half_days(cell) == halves


@pytest.mark.parametrize("cell", [0.3, "半天", "一天", -1.0, "nan", "inf", 1e9, date(2022, 3, 1)])
def test_refuses_what_is_no_number_of_halves(cell):
    with pytest.raises(BadCell) as bad:
        cell_rules.half_days(cell)
    assert bad.value.fault.code == "invalid_days"


@pytest.mark.parametrize(
    ("cell", "number"), [(2022.0, 2022), ("2022", 2022), ("５", 5), ("5.0", 5)]
)
def test_reads_a_whole_number(cell, number):
    assert cell_rules.whole_number(cell) == number


@pytest.mark.parametrize("cell", [2.5, "两个", "-1", -1.0, 1e15, "9" * 16, float("1e300")])
def test_refuses_what_is_no_whole_number(cell):
    with pytest.raises(BadCell) as bad:
        cell_rules.whole_number(cell)
    assert bad.value.fault.code == "invalid_value"


def test_reads_a_word_of_a_closed_set():
    assert cell_rules.one_of(WorkMode)(" 跟岗 ") is WorkMode.EXCHANGE
    assert cell_rules.one_of(OrgType)("其他") is OrgType.OTHER


@pytest.mark.parametrize("cell", ["乘车", "onsite", 1.0])
def test_lists_the_words_that_are_known(cell):
    with pytest.raises(BadCell) as bad:
        cell_rules.one_of(WorkMode)(cell)
    assert bad.value.fault.code == "invalid_value"
    assert bad.value.fault.sentence.endswith("应为：驻点、线上、跟岗、在途。")


def test_takes_only_the_words_that_are_allowed_here():
    parse = cell_rules.one_of(WorkdayState, IMPORTABLE)
    assert parse("已核准") is WorkdayState.APPROVED
    with pytest.raises(BadCell):
        parse("已退回")


def test_refuses_a_number_of_a_paper_that_is_too_long():
    parse = cell_rules.title_up_to(5)
    assert parse(" 协议１号 ") == "协议1号"
    with pytest.raises(BadCell) as bad:
        parse("协议一二三四")
    assert bad.value.fault.code == "text_too_long"
