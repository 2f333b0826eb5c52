"""The working days of the demonstration, written in bulk by the rules of the portal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models import Township, Workday
from models.types import Task, WorkdayState, WorkMode
from portal.calendar.rules import SATURDAY, Calendar
from portal.clock import end_of
from portal.confirmations.demo_actions import EVENING, words_of
from portal.deeds import Deed
from portal.demo.people_actions import Term
from portal.programme.policy import Policy
from portal.workdays.rules import value_of
from portal.workdays.set_actions import add_days, add_decisions

WHOLE, HALF = 2, 1
REST_DAY_EVERY = 19
SUBMITTED_AFTER, CONFIRMED_AFTER, APPROVED_AFTER = 3, 14, 28

TASKS = tuple(Task)


@dataclass(frozen=True, slots=True)
class Season:
    """What all days of one year have in common."""

    year: int
    is_open: bool
    last: date
    calendar: Calendar
    policy: Policy
    townships: dict[str, list[str]]
    now: datetime
    spans: dict[tuple[date, date], list[date]] = field(default_factory=dict)

    def working_days(self, first: date, last: date) -> list[date]:
        """Return the working days of a span; the people of a year share a few spans."""
        if (first, last) not in self.spans:
            self.spans[first, last] = list(self.calendar.working_days(first, last))
        return self.spans[first, last]


def townships_by_county(deed: Deed) -> dict[str, list[str]]:
    """Return the township codes of each county, in order."""
    found: dict[str, list[str]] = {}
    for county, code in deed.session.execute(
        sa.select(Township.county_code, Township.code).order_by(Township.code)
    ):
        found.setdefault(county, []).append(code)
    return found


def days_of(
    season: Season, county_code: str, terms: Sequence[Term], half_days: int
) -> Iterator[dict[str, Any]]:
    """Yield the days of one side of a pairing: shared out evenly, spread over the year."""
    if not terms:
        return
    for position, term in enumerate(terms):
        share = half_days // len(terms) + (1 if position < half_days % len(terms) else 0)
        yield from _days_of_person(season, county_code, term, share, position)


def _days_of_person(
    season: Season, county_code: str, term: Term, half_days: int, position: int
) -> Iterator[dict[str, Any]]:
    working = season.working_days(term.starts_on, min(term.ends_on, season.last))
    wholes, odd = divmod(half_days, 2)
    wanted = wholes + odd
    if season.is_open:
        # A year that is not over yet has had its part of the work; some are ahead, some behind.
        whole_year = len(season.working_days(term.starts_on, term.ends_on))
        pace = 90 + term.pairing_id % 9 * 6
        wanted = min(wanted, wanted * len(working) * pace // (max(whole_year, 1) * 100))
    wanted = min(wanted, len(working))
    step = len(working) / wanted if wanted else 0
    for index in range(wanted):
        day = working[min(int(index * step) + position % 2, len(working) - 1)]
        if season.is_open and index % REST_DAY_EVERY == REST_DAY_EVERY - 1:
            day += timedelta(days=SATURDAY - day.weekday())
        is_half = odd and index == wanted - 1 and not season.is_open
        if day <= season.last:
            yield _row(season, county_code, term, day, HALF if is_half else WHOLE, index)


def _row(
    season: Season, county_code: str, term: Term, day: date, half_days: int, index: int
) -> dict[str, Any]:
    task = TASKS[(index + term.id) % len(TASKS)]
    mode = WorkMode.ONLINE if (index + term.id) % 9 == 0 else WorkMode.ONSITE
    townships = season.townships[county_code]
    is_rest_day = not season.calendar.is_working_day(day)
    value = value_of(
        half_days=half_days,
        side=term.side,
        mode=mode,
        task=task,
        is_rest_day=is_rest_day,
        policy=season.policy,
    )
    return {
        "pairing_id": term.pairing_id,
        "assignment_id": term.id,
        "person_id": term.person_id,
        "side": term.side,
        "year": season.year,
        "worked_on": day,
        "half_days": half_days,
        "takes_first_half": True,
        "takes_second_half": half_days == WHOLE,
        "mode": mode,
        "task": task,
        "township_code": townships[index % len(townships)],
        "description": words_of(term.side, task, day, term.person_id),
        "state": _state(season, term, day),
        "is_rest_day": is_rest_day,
        "worth_centidays": value.centidays,
        "hold": value.hold,
        "entered_at": min(end_of(day) - EVENING, season.now),
        "entered_by_person_id": term.person_id,
        "entered_by_operator": False,
        "version": 1,
    }


def _state(season: Season, term: Term, day: date) -> WorkdayState:
    """In the open year the last weeks are still on their way; everything older is approved."""
    age = (season.last - day).days
    if not season.is_open or age > APPROVED_AFTER + term.pairing_id % 14:
        return WorkdayState.APPROVED
    if age > CONFIRMED_AFTER:
        return WorkdayState.CONFIRMED
    if age > SUBMITTED_AFTER:
        return WorkdayState.RETURNED if (term.id + age) % 23 == 0 else WorkdayState.SUBMITTED
    return WorkdayState.DRAFT if term.id % 4 == 0 else WorkdayState.SUBMITTED


STEPS = {
    WorkdayState.DRAFT: (WorkdayState.DRAFT,),
    WorkdayState.SUBMITTED: (WorkdayState.SUBMITTED,),
    WorkdayState.RETURNED: (WorkdayState.SUBMITTED, WorkdayState.RETURNED),
    WorkdayState.CONFIRMED: (WorkdayState.SUBMITTED, WorkdayState.CONFIRMED),
    WorkdayState.APPROVED: (
        WorkdayState.SUBMITTED,
        WorkdayState.CONFIRMED,
        WorkdayState.APPROVED,
    ),
}
KINDS = {
    WorkdayState.DRAFT: "drafted",
    WorkdayState.SUBMITTED: "entered",
    WorkdayState.RETURNED: "returned",
    WorkdayState.CONFIRMED: "confirmed",
    WorkdayState.APPROVED: "approved",
}
REMARK = "演示：请补充服务对象和成效"
DELAYS = {
    WorkdayState.CONFIRMED: timedelta(days=3),
    WorkdayState.RETURNED: timedelta(days=3),
    WorkdayState.APPROVED: timedelta(days=7),
}


def _decisions(
    deed: Deed, season: Season, workday_id: int, row: dict[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """Yield the decisions behind a day; of closed years only the last, as an import leaves it."""
    steps = STEPS[row["state"]]
    before = None
    for state in steps if season.is_open else steps[-1:]:
        at = min(row["entered_at"] + DELAYS.get(state, timedelta()), deed.now)
        kind = KINDS[state] if season.is_open else "imported"
        remark = REMARK if state == WorkdayState.RETURNED else None
        yield workday_id, kind, before, state, at, remark
        before = state


def write_days(deed: Deed, season: Season, rows: Sequence[dict[str, Any]]) -> None:
    """Write the days of a year with the decisions that led to their state, some days apart."""
    if not rows:
        return
    add_days(deed, list(rows[0]), (list(row.values()) for row in rows))
    # The year was empty before: its days in order of their ids are the rows in their order.
    ids = deed.session.scalars(
        sa.select(Workday.id).where(Workday.year == season.year).order_by(Workday.id)
    ).all()
    add_decisions(
        deed,
        ("workday_id", "kind", "state_before", "state_after", "at", "reason"),
        (
            decision
            for workday_id, row in zip(ids, rows, strict=True)
            for decision in _decisions(deed, season, workday_id, row)
        ),
    )
