"""A worker's first page: what stands for today, how far the side is, the own year day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Workday
from models.types import WorkdayState
from portal.access.actor import Actor
from portal.calendar.queries import load_calendar
from portal.calendar.rules import Calendar
from portal.compliance.explanation_words import Explanation, SideExplained
from portal.compliance.queries import explain
from portal.home.heat_map_rules import DayEntry, HeatMap, heat_map
from portal.home.rules import Pace, pace_of
from portal.programme.queries import get_work_year, policy_on
from portal.workdays.own_queries import Posting, Progress, postings_of, progress_of
from portal.workdays.rules import HALF_DAYS_PER_DATE, note_on_rest_day


@dataclass(frozen=True, slots=True)
class Today:
    """What the person has entered for today; ``note`` says what is special about the date."""

    day: date
    entries: Sequence[DayEntry]
    note: str | None

    @property
    def to_mend(self) -> DayEntry | None:
        """The entry that was returned: it comes before anything else of today."""
        returned = (one for one in self.entries if one.state is WorkdayState.RETURNED)
        return next(returned, None)

    @property
    def is_full(self) -> bool:
        return sum(entry.half_days for entry in self.entries) >= HALF_DAYS_PER_DATE


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A worker's year in the pairing for which they work now.

    ``side`` and ``pace`` are None where the pairing takes no part in the year.
    """

    year: int
    place: Posting
    progress: Progress
    side: SideExplained | None
    pace: Pace | None
    today: Today
    heat: HeatMap


def own_year(session: Session, actor: Actor, year: int, today: date) -> OwnYear | None:
    """Return a worker's year; None for whoever has no assignment. The queries are fixed."""
    assert actor.person_id is not None  # whoever may log days is a person
    places = postings_of(session, actor.person_id, today)
    if not places:
        return None
    place = places[0]
    work_year = get_work_year(session, year)
    calendar = load_calendar(session, work_year.starts_on, work_year.ends_on)
    entries = _entries(session, actor.person_id, year)
    # The same explanation as on the pairing's page, so that both forecast the same.
    found = explain(session, session.get_one(Pairing, place.pairing_id), year, today)
    return OwnYear(
        year=year,
        place=place,
        progress=progress_of(
            session,
            pairing_id=place.pairing_id,
            year=year,
            side=place.side,
            person_id=actor.person_id,
        ),
        side=next((one for one in found.sides if one.side == place.side), None) if found else None,
        pace=_pace(found, place, calendar) if found else None,
        today=_today(session, entries, today),
        heat=heat_map(entries, calendar, work_year.starts_on, work_year.ends_on, today),
    )


def _entries(session: Session, person_id: int, year: int) -> list[DayEntry]:
    """Return the person's entries of a work year, in every pairing, that take part of a date."""
    pairings = sa.select(Assignment.pairing_id).where(Assignment.person_id == person_id)
    rows = session.execute(
        sa.select(
            Workday.id,
            Workday.worked_on,
            Workday.half_days,
            Workday.worth_centidays,
            Workday.state,
        )
        .where(
            Workday.pairing_id.in_(pairings),
            Workday.year == year,
            Workday.person_id == person_id,
            sa.or_(Workday.takes_first_half, Workday.takes_second_half),
        )
        .order_by(Workday.worked_on, Workday.id)
    )
    return [DayEntry._make(row) for row in rows]


def _pace(found: Explanation, place: Posting, calendar: Calendar) -> Pace:
    side = found.sent if place.side == found.sent.side else found.received
    return pace_of(
        side.forecast,
        days_gone=calendar.count_working_days(found.first_day, min(found.today, found.last_day)),
        days_in_all=calendar.count_working_days(found.first_day, found.last_day),
        is_over=found.is_over,
    )


def _today(session: Session, entries: Sequence[DayEntry], today: date) -> Today:
    calendar = load_calendar(session, today, today)
    policy = policy_on(session, today)
    return Today(
        today,
        [entry for entry in entries if entry.day == today],
        None if calendar.is_working_day(today) else note_on_rest_day(policy),
    )
