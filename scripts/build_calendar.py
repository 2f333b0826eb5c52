"""Rebuild portal/calendar/data/calendar_days.csv from the package chinesecalendar.

Run by hand with the development environment when the State Council has published the arrangement
of a further year and the package has followed; the application reads only the CSV file. Add the
notice to NOTICES first: a year without its notice is not written.

    .venv/bin/python scripts/build_calendar.py [--check]

With ``--check`` nothing is written, and the exit status is 1 if the file would change.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar import get_holiday_detail, is_workday  # type: ignore[import-untyped]

OUTPUT = (
    Path(__file__).resolve().parent.parent / "portal" / "calendar" / "data" / "calendar_days.csv"
)

# Year of the arrangement: number of the notice of the General Office of the State Council.
NOTICES = {
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}

HEADER = ("date", "kind", "name", "source")
SATURDAY = 5
DECEMBER = 12


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    arguments = parser.parse_args()
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(calendar_rows())
    content = buffer.getvalue().encode()
    if arguments.check:
        return int(not OUTPUT.exists() or OUTPUT.read_bytes() != content)
    OUTPUT.write_bytes(content)
    return 0


def calendar_rows() -> Iterator[tuple[str, str, str, str]]:
    """One row for every day that belongs to an arrangement, in order of date.

    Kinds: ``holiday`` a rest day from Monday to Friday, by statute or in exchange for a weekend;
    ``holiday_weekend`` a Saturday or Sunday within a holiday; ``makeup`` a working weekend day.
    """
    day = date(min(NOTICES), 1, 1)
    while day <= date(max(NOTICES), 12, 31):
        _, holiday = get_holiday_detail(day)
        if holiday:
            yield day.isoformat(), _kind(day), NAMES[holiday], _source(day, holiday)
        day += timedelta(days=1)


def _kind(day: date) -> str:
    if is_workday(day):
        return "makeup"
    return "holiday_weekend" if day.weekday() >= SATURDAY else "holiday"


def _source(day: date, holiday: str) -> str:
    # The notice of a year also arranges the last days of December that belong to its New Year.
    is_next_new_year = holiday == "New Year's Day" and day.month == DECEMBER
    year = day.year + is_next_new_year
    return f"国务院办公厅关于{year}年部分节假日安排的通知（{NOTICES[year]}）"


if __name__ == "__main__":
    sys.exit(main())
