"""Reading a month of the own organisation's people."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Person, Workday
from models.types import AssignmentState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.confirmations.grid_rules import MARKS, DayEntry, Grid, Member, grid_of, last_of
from portal.programme.regime_queries import regime_of

PERMISSION = "workday.confirm"


def read_grid(session: Session, actor: Actor, first: date, today: date) -> Grid:
    """Return the month of whom an actor confirms (three queries, whatever their number)."""
    last = last_of(first)
    members = session.execute(
        sa.select(Person.id, Person.name, Assignment.starts_on, Assignment.ends_on)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            within(Assignment, actor, PERMISSION),
            Assignment.state != AssignmentState.REJECTED,
            Assignment.starts_on <= last,
            Assignment.ends_on >= first,
        )
        .order_by(Person.name_order, Person.id, Assignment.starts_on)
    )
    taken = [
        sa.case((half, 1), else_=0)
        for half in (Workday.takes_first_half, Workday.takes_second_half)
    ]
    entries = session.execute(
        sa.select(
            Workday.id, Workday.person_id, Workday.worked_on, taken[0] + taken[1], Workday.state
        ).where(
            within(Workday, actor, PERMISSION),
            Workday.worked_on.between(first, last),
            Workday.state.in_(list(MARKS)),
        )
    )
    return grid_of(
        first,
        [Member._make(row) for row in members],
        [DayEntry._make(row) for row in entries],
        calendar=regime_of(session).calendar,
        today=today,
    )
