"""What is in force on a date: the policy, the work year of a province, the calendar. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from portal.calendar.rules import Calendar, Numbering
from portal.programme.policy import Policy, policy_from_rows


class Period(NamedTuple):
    """A programme as far as its policy asks."""

    id: int
    starts_on: date


class Setting(NamedTuple):
    """A parameter of a programme from a date on, as it is stored."""

    programme_id: int
    valid_from: date
    key: str
    value: str


class YearOf(NamedTuple):
    """A work year; ``province_code`` is that of a province with dates of its own, else None."""

    year: int
    province_code: str | None
    starts_on: date
    ends_on: date
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Regime:
    """All that is in force, under the token that names this state of it.

    ``periods`` by their first day, ``settings`` by the day and the instant from which they hold.
    """

    token: str
    periods: Sequence[Period]
    settings: Sequence[Setting]
    years: Sequence[YearOf]
    calendar: Calendar
    _policies: dict[tuple[int | None, int], Policy] = field(default_factory=dict)
    _numberings: dict[int, Numbering] = field(default_factory=dict)

    def policy_on(self, day: date) -> Policy:
        """Return the policy in force on a date."""
        begun = [one for one in self.periods if one.starts_on <= day] or self.periods[:1]
        of = begun[-1].id if begun else None
        held = [one for one in self.settings if one.programme_id == of and one.valid_from <= day]
        # Between two changes it is the same on every date.
        found = self._policies.get((of, len(held)))
        if found is None:
            found = policy_from_rows({one.key: one.value for one in held})
            self._policies[of, len(held)] = found
        return found

    def policy_of_year(self, year: int) -> Policy:
        """Return the policy by which a work year is judged; raise LookupError if there is none."""
        last_days = {one.year: one.ends_on for one in self.years if one.province_code is None}
        return self.policy_on(last_days[year])

    def numbering_of(self, year: int) -> Numbering:
        """Return the working days of a work year by number; raise LookupError if there is none."""
        found = self._numberings.get(year)
        if found is None:
            spans = [one for one in self.years if one.year == year and one.province_code is None]
            if not spans:
                raise LookupError(year)
            found = Numbering(self.calendar, spans[0].starts_on, spans[0].ends_on)
            self._numberings[year] = found
        return found

    def is_closed(self, year: int, province_code: str) -> bool:
        """Is a work year closed for a receiving province?"""
        closed = {
            one.province_code: one.is_closed
            for one in self.years
            if one.year == year and one.province_code in (None, province_code)
        }
        return closed.get(province_code, closed.get(None, False))

    def year_on(self, day: date, province_code: str) -> YearOf | None:
        """Return the work year that contains a date for a receiving province, or None."""
        own = {one.year for one in self.years if one.province_code == province_code}
        found = [
            one
            for one in self.years
            if one.starts_on <= day <= one.ends_on
            and (
                one.province_code == province_code
                or (one.province_code is None and one.year not in own)
            )
        ]
        return min(found, key=lambda one: (one.province_code is None, -one.year), default=None)
