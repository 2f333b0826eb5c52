"""Reading the statutory calendar."""

from __future__ import annotations

import calendar as gregorian
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import CalendarDay, CalendarYear, Programme
from models.database import run
from models.types import DayKind
from portal.calendar.rules import Calendar

MARKS = {DayKind.HOLIDAY: "休", DayKind.HOLIDAY_WEEKEND: "休", DayKind.MAKEUP: "班"}
"""How a calendar on paper marks the dates that a notice names."""


class DayCell(NamedTuple):
    """One date of a month: whether people work, and what the notice says of it, if anything."""

    day: date
    is_working_day: bool
    mark: str
    name: str


class MonthView(NamedTuple):
    """A month as weeks from Monday to Sunday; None where the week belongs to another month."""

    month: int
    weeks: list[list[DayCell | None]]
    working_days: int


class HolidayRow(NamedTuple):
    """A holiday as a notice words it: 10月1日至10月7日（7天）, made up for on 10月8日、10月9日."""

    name: str
    rest: str
    work: str
    source: str


class YearView(NamedTuple):
    """A year of the calendar; ``source`` is None as long as its notice is not loaded."""

    year: int
    source: str | None
    recorded_at: datetime | None
    months: list[MonthView]
    holidays: list[HolidayRow]
    named_days: int
    working_days: int


class YearStanding(NamedTuple):
    """A year that the portal needs, and whether its notice is loaded."""

    year: int
    is_official: bool


_DAYS_BETWEEN = sa.select(CalendarDay.day, CalendarDay.kind).where(
    CalendarDay.day.between(sa.bindparam("first"), sa.bindparam("last"))
)
_YEARS_BETWEEN = sa.select(CalendarYear.year).where(
    CalendarYear.year.between(sa.bindparam("first"), sa.bindparam("last"))
)


def load_calendar(session: Session, first: date, last: date) -> Calendar:
    """Return the calendar of a span of dates (two queries, whatever its length)."""
    exceptions = run(session, _DAYS_BETWEEN, {"first": first, "last": last})
    years = run(session, _YEARS_BETWEEN, {"first": first.year, "last": last.year})
    return Calendar(dict(exceptions.all()), frozenset(years.scalars()))


def find_day(session: Session, day: date) -> CalendarDay | None:
    """Return what is stored of a date, or None for a plain weekday or weekend."""
    return session.get(CalendarDay, day)


def view_year(session: Session, year: int) -> YearView:
    """Return a year as months and as the list of its exceptions (two queries)."""
    notice = session.get(CalendarYear, year)
    stored = session.scalars(
        sa.select(CalendarDay)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDay.day)
    ).all()
    by_day = {row.day: row for row in stored}
    months = [_month(year, month, by_day) for month in range(1, 13)]
    return YearView(
        year=year,
        source=notice.source if notice else None,
        recorded_at=notice.recorded_at if notice else None,
        months=months,
        holidays=_holidays(stored),
        named_days=len(stored),
        working_days=sum(month.working_days for month in months),
    )


def list_year_standings(session: Session, today: date) -> list[YearStanding]:
    """Return the years of all programmes, of the notices and the coming one, in order."""
    official = set(session.scalars(sa.select(CalendarYear.year)))
    wanted = official | {today.year, today.year + 1}
    for first, last in session.execute(sa.select(Programme.starts_on, Programme.ends_on)):
        wanted |= set(range(first.year, last.year + 1))
    return [YearStanding(year, year in official) for year in sorted(wanted)]


def _month(year: int, month: int, rows: Mapping[date, CalendarDay]) -> MonthView:
    known = Calendar({day: row.kind for day, row in rows.items()}, frozenset())
    weeks = [
        [_cell(day, rows, known) if day.month == month else None for day in week]
        for week in gregorian.Calendar().monthdatescalendar(year, month)
    ]
    cells = [cell for week in weeks for cell in week if cell]
    return MonthView(month, weeks, sum(cell.is_working_day for cell in cells))


def _cell(day: date, rows: Mapping[date, CalendarDay], known: Calendar) -> DayCell:
    row = rows.get(day)
    return DayCell(
        day,
        known.is_working_day(day),
        MARKS[row.kind] if row else "",
        row.name if row else "",
    )


def _holidays(stored: Sequence[CalendarDay]) -> list[HolidayRow]:
    """Gather the dates of each holiday, in the order of the year."""
    groups: dict[tuple[str, str], list[CalendarDay]] = defaultdict(list)
    for row in stored:
        groups[row.name, row.source].append(row)
    return [
        HolidayRow(
            name,
            _spans([row.day for row in rows if row.kind != DayKind.MAKEUP]),
            "、".join(_words(row.day) for row in rows if row.kind == DayKind.MAKEUP),
            source,
        )
        for (name, source), rows in groups.items()
    ]


def _spans(days: Sequence[date]) -> str:
    """Write dates in order as spans: 1月1日、1月3日至1月5日（3天）."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return "、".join(
        f"{_words(span[0])}至{_words(span[-1])}（{len(span)}天）" if span[1:] else _words(span[0])
        for span in spans
    )


def _words(day: date) -> str:
    return f"{day.month}月{day.day}日"
