"""The days of a pairing as they stood at the end of an earlier day: the rows behind a figure of then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, AssignmentDecision, Pairing, Person, Workday
from models.types import Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.programme.policy import Policy
from portal.totals.known_queries import (
    KNOWN_BEFORE,
    known_person_sums,
    last_assignment_decision,
    last_workday_decisions,
)
from portal.totals.queries import THE_YEAR, standing_under

ORDERS = {"-date": True, "date": False}
"""By the word in the URL, whether it descends."""


class DaysAsked(NamedTuple):
    """Which days: of a pairing in a year, as known before an instant, on one side or on both."""

    pairing_id: int
    year: int
    policy: Policy
    known_before: datetime
    side: Side | None = None


class KnownDay(NamedTuple):
    """A day as it stood: ``state`` was its state then; whether it counted, or waited."""

    id: int
    worked_on: date
    person_name: str
    side: Side
    half_days: int
    state: WorkdayState
    counts: bool
    waits: bool


def known_days(
    session: Session,
    actor: Actor,
    asked: DaysAsked,
    *,
    sort: str = "-date",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[KnownDay]:
    """Return a page of the days that an actor may see (two queries).

    A draft is for its person alone, as in the list of the present.
    """
    days = last_workday_decisions(asked.year, asked.known_before, [asked.pairing_id])
    standing = standing_under(
        asked.policy,
        AssignmentDecision.state_after,
        AssignmentDecision.is_qualified_after,
        day=days.c,
        is_confirmed=Pairing.confirmed_at < asked.known_before,
    )
    wanted: Any = (
        sa.select(
            Workday.id,
            Workday.worked_on,
            Person.name,
            Workday.side,
            Workday.half_days,
            days.c.state,
            standing.counts,
            standing.waits,
        )
        .select_from(
            sa.join(Workday, days, days.c.id == Workday.id)
            .join(Assignment, Assignment.id == Workday.assignment_id)
            .join(
                AssignmentDecision,
                AssignmentDecision.id == last_assignment_decision(asked.known_before),
            )
            .join(Pairing, Pairing.id == Workday.pairing_id)
            .join(Person, Person.id == Workday.person_id)
        )
        .where(
            Workday.pairing_id == asked.pairing_id,
            within(Workday, actor, "workday.read"),
            days.c.state != WorkdayState.SUPERSEDED,
            sa.or_(days.c.state != WorkdayState.DRAFT, Workday.person_id == actor.person_id),
        )
    )
    if asked.side:
        wanted = wanted.where(Workday.side == asked.side)
    descends = ORDERS.get(sort, True)
    orders = [Order(Workday.worked_on, descends), Order(Workday.id, descends)]
    return read_slice(session, wanted, orders, cursor=cursor, make=_day, size=size)


def _day(row: Sequence[Any]) -> KnownDay:
    *shown, counts, waits = row
    return KnownDay._make([*shown, bool(counts), bool(waits)])


def known_sums(session: Session, asked: DaysAsked) -> dict[Side, tuple[int, int]]:
    """Return what the days of each side came to: counted and pending, in hundredths (one query)."""
    sums = known_person_sums(asked.policy, [asked.pairing_id]).subquery()
    rows = session.execute(
        sa.select(
            sums.c.side,
            sa.func.sum(sums.c.counted_centidays),
            sa.func.sum(sums.c.pending_centidays),
        ).group_by(sums.c.side),
        {THE_YEAR.key: asked.year, KNOWN_BEFORE.key: asked.known_before},
    )
    found = {side: (int(counted), int(pending)) for side, counted, pending in rows}
    return {side: found.get(side, (0, 0)) for side in Side}
