"""Reading a year's notice as people paste it."""

from datetime import date

import pytest

from models.types import DayKind
from portal.calendar.notice_rules import MAX_LINES, decode_table, read_notice_table

REST, WEEKEND, WORK = DayKind.HOLIDAY, DayKind.HOLIDAY_WEEKEND, DayKind.MAKEUP
GOLDEN = [
    (date(2022, 10, 1), WEEKEND),
    (date(2022, 10, 2), WEEKEND),
    *((date(2022, 10, day), REST) for day in range(3, 8)),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-10-03 休 国庆节", [(date(2022, 10, 3), REST)]),
        ("2022/10/3\t法定节假日\t国庆节", [(date(2022, 10, 3), REST)]),
        ("2022年10月3日,放假,国庆节", [(date(2022, 10, 3), REST)]),
        ("10月3日，休，国庆节", [(date(2022, 10, 3), REST)]),
        ("2022-10-01 休 国庆节", [(date(2022, 10, 1), WEEKEND)]),
        ("2022-10-01 节假日（周末） 国庆节", [(date(2022, 10, 1), WEEKEND)]),
        ("2022-10-08 班 国庆节", [(date(2022, 10, 8), WORK)]),
        ("2022-10-08 调休上班 国庆节", [(date(2022, 10, 8), WORK)]),
        ("2022-10-08 makeup 国庆节", [(date(2022, 10, 8), WORK)]),
        ("10月1日至7日 休 国庆节", GOLDEN),
        ("2022-10-01 至 2022-10-07".replace(" ", "") + " 休 国庆节", GOLDEN),
        ("10月1日—10月7日 休 国庆节", GOLDEN),
        (
            "日期,类型,名称\n\n10月3日,休,国庆节\n10月8日,班,国庆节\n",
            [(date(2022, 10, 3), REST), (date(2022, 10, 8), WORK)],
        ),
    ],
)
def test_reads(text, expected):
    found = read_notice_table(text, 2022)
    assert found.refusals == []
    assert [(row.day, row.kind) for row in found.rows] == expected
    assert {row.name for row in found.rows} == {"国庆节"}


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("国庆 休 国庆节\n昨天 休 国庆节", "invalid_date", "第 2 行“昨天”"),
        ("2022-02-30 休 春节", "invalid_date", "2022-02-30"),
        ("13月1日 休 春节", "invalid_date", "13月1日"),
        ("10月7日至1日 休 国庆节", "invalid_date", "10月7日至1日"),
        ("1月1日至12月31日 休 全年", "invalid_date", "第 1 行"),
        ("10月3日 休", "missing_value", "三列"),
        ("10月3日 也许 国庆节", "invalid_value", "“也许”"),
        ("\n" * MAX_LINES + "10月3日 休 国庆节", "text_too_long", str(MAX_LINES)),
    ],
)
def test_says_what_it_cannot_read(text, code, words):
    found = read_notice_table(text, 2022)
    assert [one.code for one in found.refusals] == [code]
    assert words in found.refusals[0].sentence


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("10月3日,休".encode(), "10月3日,休"),
        ("10月3日,休".encode("utf-8-sig"), "10月3日,休"),
        ("10月3日,休".encode("gb18030"), "10月3日,休"),
        (b"PK\x03\x04workbook", None),
        (b"a\0b", None),
        (b"\xff\xff\xff", None),
    ],
)
def test_reads_text_files_only(content, expected):
    assert decode_table(content) == expected
