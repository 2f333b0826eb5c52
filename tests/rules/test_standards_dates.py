"""Dates as people write them, and months between two dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.standards.dates import (
    full_months_between,
    last_of_month,
    latest_start,
    month_of,
    months_in_words,
    parse_date,
    parse_month,
)

FIRST_OF_MARCH = date(2022, 3, 1)


@pytest.mark.parametrize(
    "value",
    [
        date(2022, 3, 1),
        datetime(2022, 3, 1, 23, 59),  # noqa: DTZ001 - spreadsheets know no zone
        datetime(2022, 2, 28, 16, 0, tzinfo=UTC),
        "2022-03-01",
        "2022-3-1",
        "2022/3/1",
        "2022/03/01",
        "2022年3月1日",
        "2022年03月01日",
        "2022 年 3 月 1 日",
        "  2022-03-01\n",
        "２０２２－０３－０１",
        "２０２２年３月１日",
        "2022.3.1",
        "2022.03.01",
        "２０２２．３．１",
        "2022–3–1",
        "2022年3月1号",
        "2022-03-01 00:00:00",
        "2022/3/1 0:00",
    ],
)
def test_reads_the_notations_of_import_files(value: object) -> None:
    assert parse_date(value) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        True,
        44621,
        44621.0,
        20220301,
        "20220301",
        "44621",
        "2022-03",
        "22-03-01",
        "03/01/2022",
        "2022-03/01",
        "2022年3月",
        "2022-03-01 08:30:00",
        "2022.3",
        "2022.3.1.",
        "2022-03-1 1",
        "2022-02-29",
        "2022-04-31",
        "2022-13-01",
        "2022-00-10",
        "0022-03-01",
        "٢٠٢٢-03-01",
        date(1899, 12, 31),
        "明天",
    ],
)
def test_refuses_everything_else(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize("text", ["2020-02-29", "2024年2月29日", "2000/2/29"])
def test_reads_leap_days(text: str) -> None:
    parsed = parse_date(text)
    assert parsed is not None
    assert (parsed.month, parsed.day) == (2, 29)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2020-03-01", "2022-03-01", 24),
        ("2020-03-01", "2022-02-28", 23),
        ("2020-03-02", "2022-03-01", 23),
        ("2022-03-01", "2022-03-01", 0),
        ("2022-01-31", "2022-02-27", 0),
        ("2022-01-31", "2022-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2020-02-29", "2022-02-28", 24),
        ("2020-02-29", "2022-02-27", 23),
        ("2022-02-28", "2022-03-31", 1),
        ("2021-12-31", "2022-01-01", 0),
        ("2022-03-01", "2020-03-01", 0),
    ],
)
def test_counts_full_months(start: str, end: str, months: int) -> None:
    assert full_months_between(date.fromisoformat(start), date.fromisoformat(end)) == months


@pytest.mark.parametrize("months", [0, 1, 11, 23, 24, 25])
def test_finds_the_latest_start_for_a_number_of_full_months(months: int) -> None:
    for offset in range(366 + 365 + 365):
        end = date(2020, 1, 1) + timedelta(days=offset)
        start = latest_start(months, end)
        assert full_months_between(start, end) >= months
        day_after = start + timedelta(days=1)
        assert day_after > end or full_months_between(day_after, end) < max(months, 1)


@pytest.mark.parametrize(
    ("months", "words"),
    [(0, "0 个月"), (10, "10 个月"), (12, "1 年"), (24, "2 年"), (136, "11 年 4 个月")],
)
def test_months_are_written_as_people_say_them(months: int, words: str) -> None:
    assert months_in_words(months) == words


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2022-03", FIRST_OF_MARCH),
        ("2022-3", None),
        ("2022-13", None),
        ("9999-01", None),
        ("２０２２-03", None),
        ("2022-03-01", None),
        ("", None),
        (None, None),
    ],
)
def test_a_month_of_an_address_is_read_or_none(text: str | None, first: date | None) -> None:
    assert parse_month(text) == first


@pytest.mark.parametrize("day", ["2022-12-31", "2024-02-01", "2023-02-28", "2022-04-15"])
def test_a_month_begins_and_ends(day: str) -> None:
    one = date.fromisoformat(day)
    assert month_of(one).day == 1
    assert month_of(one) <= one <= last_of_month(one)
    assert (last_of_month(one) + timedelta(days=1)).day == 1
