"""Working days, counted from the stored exceptions. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from models.types import DayKind

SATURDAY = 5
WEEK = 7
WEEKDAYS = "一二三四五六日"

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that the calendar has pages of."""


def weekday_of(day: date) -> str:
    """Return the weekday in Chinese: 星期一 … 星期日."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def kinds_for(day: date) -> tuple[DayKind, ...]:
    """Return what a notice can say of a date, by its weekday."""
    if day.weekday() < SATURDAY:
        return (DayKind.HOLIDAY,)
    return (DayKind.HOLIDAY_WEEKEND, DayKind.MAKEUP)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The statutory calendar: exceptions by date, and the years with an official notice."""

    exceptions: Mapping[date, DayKind]
    official_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Is this a statutory working day (调休 included)?"""
        kind = self.exceptions.get(day)
        if kind is None:
            return day.weekday() < SATURDAY
        return kind == DayKind.MAKEUP

    def is_official(self, year: int) -> bool:
        """Is the year's notice loaded? If not, answers are Monday–Friday only."""
        return year in self.official_years

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Yield the working days from first to last, both included, in order."""
        day = first
        while day <= last:
            if self.is_working_day(day):
                yield day
            day += timedelta(days=1)

    def count_working_days(self, first: date, last: date) -> int:
        """Count the working days from first to last, both included; 0 if last < first."""
        weeks, days = divmod(max((last - first).days + 1, 0), WEEK)
        plain = weeks * SATURDAY + sum(
            (first.weekday() + day) % WEEK < SATURDAY for day in range(days)
        )
        # Only what is no plain weekday is looked at, however long the span is.
        return plain + sum(
            (kind == DayKind.MAKEUP) - (day.weekday() < SATURDAY)
            for day, kind in self.exceptions.items()
            if first <= day <= last
        )

    def unofficial_years(self, first: date, last: date) -> list[int]:
        """Return the years between two dates whose notice is missing."""
        return [year for year in range(first.year, last.year + 1) if not self.is_official(year)]


@dataclass(frozen=True)
class Numbering:
    """The working days of a work year by number: the first is 1, the day before it is 0.

    ``calendar`` is asked for once. A date before the first day counts downwards from 0.
    """

    calendar: Calendar
    first: date
    last: date

    @cached_property
    def _days(self) -> list[date]:
        return list(self.calendar.working_days(self.first, self.last))

    @cached_property
    def _through(self) -> dict[date, int]:
        """How many working days there are from the first day to each of the year."""
        days = [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]
        counts = accumulate(int(self.calendar.is_working_day(day)) for day in days)
        return dict(zip(days, counts, strict=True))

    def through(self, day: date) -> int:
        """Return how many working days there are from the first day to a date, both included."""
        if self.first <= day <= self.last:
            return self._through[day]
        if day > self.last:
            return self.through(self.last) + self.calendar.count_working_days(
                self.last + timedelta(1), day
            )
        return -self.calendar.count_working_days(day + timedelta(1), self.first - timedelta(1))

    def date_of(self, number: int) -> date:
        """Return the working day with a number."""
        if 1 <= number <= len(self._days):
            return self._days[number - 1]
        step = timedelta(1 if number > 0 else -1)
        day = self.last + step if number > 0 else self.first + step
        # A province may have dates of its own, beyond those of the common year.
        while self.through(day) != number or not self.calendar.is_working_day(day):
            day += step
        return day


class DayRow(NamedTuple):
    """A date that differs from plain Monday to Friday."""

    day: date
    kind: DayKind
    name: str
