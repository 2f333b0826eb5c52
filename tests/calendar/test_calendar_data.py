"""The reviewed CSV file of holidays and make-up working days."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[2] / "portal" / "calendar" / "data" / "calendar_days.csv"

# Copied from the six notices themselves, independently of the package the file is built from.
MAKEUP_DAYS = {
    2021: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    2022: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
WORKDAYS = {2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


@pytest.fixture(scope="module")
def kinds() -> dict[date, str]:
    return {date.fromisoformat(row["date"]): row["kind"] for row in rows()}


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_workday(kinds: dict[date, str], day: date) -> bool:
    return kinds.get(day, "holiday" if is_weekend(day) else "makeup") == "makeup"


def is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def test_file_is_plain_utf8_with_its_header() -> None:
    content = FILE.read_bytes()
    assert content.startswith(b"date,kind,name,source\n")
    assert b"\r" not in content


def test_dates_are_unique_sorted_and_within_the_six_years() -> None:
    dates = [row["date"] for row in rows()]
    assert dates == sorted(set(dates))
    assert dates[0] == "2021-01-01"
    assert dates[-1] == "2026-10-10"


def test_kinds_agree_with_the_day_of_the_week() -> None:
    for row in rows():
        day = date.fromisoformat(row["date"])
        assert row["kind"] in {"holiday", "holiday_weekend", "makeup"}
        assert is_weekend(day) == (row["kind"] != "holiday"), row


def test_every_day_names_its_holiday_and_its_notice() -> None:
    names = {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}
    for row in rows():
        assert row["name"] in names
        day = date.fromisoformat(row["date"])
        year = day.year + (row["name"] == "元旦" and day.month == 12)
        assert row["source"].startswith(
            f"国务院办公厅关于{year}年部分节假日安排的通知（国办发明电〔"
        )


@pytest.mark.parametrize(("year", "expected"), WORKDAYS.items())
def test_workdays_of_a_year(kinds: dict[date, str], year: int, expected: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=i) for i in range(366))
    assert sum(is_workday(kinds, day) for day in days if day.year == year) == expected


@pytest.mark.parametrize(("year", "days"), MAKEUP_DAYS.items())
def test_makeup_days_are_those_of_the_notice(kinds: dict[date, str], year: int, days: str) -> None:
    found = [day for day, kind in kinds.items() if kind == "makeup" and day.year == year]
    assert [day.strftime("%m-%d") for day in found] == days.split()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-01-29", True),
        ("2022-10-08", True),
        ("2022-10-09", True),
        ("2024-02-09", True),  # New Year's Eve was a working day in 2024 …
        ("2025-01-28", False),  # … and is a holiday since 2025
        ("2025-01-26", True),
        ("2026-01-04", True),
        ("2022-10-07", False),
        ("2022-12-31", False),
        ("2023-01-02", False),
        ("2025-10-06", False),
        ("2022-03-01", True),
        ("2022-03-05", False),
    ],
)
def test_single_days(kinds: dict[date, str], day: str, expected: bool) -> None:
    assert is_workday(kinds, date.fromisoformat(day)) is expected
