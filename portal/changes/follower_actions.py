"""Who follows what changed, in the order in which they do: a new follower adds one line.

A follower is a verb of its own room. It takes the deed and what changed, as it stands now, and
returns how many working days it altered, or None where it alters none by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from models import Pairing, WorkYear
from portal.deeds import Deed
from portal.pairings.year_actions import lay_pairings
from portal.staffing.actions import end_with_pairing, review_nominated, review_qualification
from portal.totals.actions import refresh_open_years
from portal.totals.course_actions import renew_courses, renew_courses_of
from portal.workdays.revaluation_actions import revalue_dates

OfDates: TypeAlias = Callable[[Deed, date, date], int | None]
"""What a span of dates is worth has changed; both dates count."""

OfPerson: TypeAlias = Callable[[Deed, int], None]
"""The record of a person (an id) has changed: a certificate, the start of service."""

OfPairing: TypeAlias = Callable[[Deed, Pairing], None]
"""A pairing has ended, or is declined and will never begin."""

OfWorkYear: TypeAlias = Callable[[Deed, WorkYear], int | None]
"""A work year has been opened. Returns how many pairings now stand in it, or None."""

AFTER_CALENDAR: tuple[OfDates, ...] = (
    revalue_dates,
    # A date alters what is left of the year, also where nobody worked.
    renew_courses,
)

AFTER_POLICY: tuple[OfDates, ...] = (
    revalue_dates,
    # A limit alters findings without altering a day.
    refresh_open_years,
)

AFTER_POLICY_ON_PEOPLE: tuple[OfDates, ...] = (review_nominated, *AFTER_POLICY)

AFTER_REOPENING: tuple[OfDates, ...] = AFTER_POLICY
"""Whatever changed while the year was closed is made up for."""

AFTER_OPENING: tuple[OfWorkYear, ...] = (
    lay_pairings,
    # A province's own dates move the end of pairings that stand in the year already.
    renew_courses_of,
)

AFTER_RECORD_OF_PERSON: tuple[OfPerson, ...] = (review_qualification,)

AFTER_END_OF_PAIRING: tuple[OfPairing, ...] = (end_with_pairing,)


def follow_dates(deed: Deed, followers: tuple[OfDates, ...], first: date, last: date) -> int:
    """Have everybody follow in order; return how many working days changed."""
    return sum(follow(deed, first, last) or 0 for follow in followers)
