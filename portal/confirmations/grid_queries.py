"""Reading a month of the own organisation's people."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Person, Workday
from models.types import AssignmentState, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.confirmations.grid_rules import MARKS, Grid, GridEntry, GridMember, grid_of
from portal.procedures.queries import waits_for
from portal.programme.regime_queries import regime_of
from portal.standards.dates import last_of_month
from portal.totals.queries import HALVES
from portal.workdays.inbox_queries import is_proposed
from portal.workdays.life_rules import LIFE

PERMISSION = "workday.confirm"


def read_grid(session: Session, actor: Actor, first: date, today: date) -> Grid:
    """Return the month of whom an actor confirms (three queries, whatever their number)."""
    last = last_of_month(first)
    mine = waits_for(LIFE, "confirmed", Workday, actor)
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
    entries = session.execute(
        sa.select(
            Workday.id,
            Workday.person_id,
            Workday.worked_on,
            HALVES,
            Workday.state,
            Workday.version,
            sa.false() if mine is None else mine,
            Workday.disputed_by_person_id.is_not(None),
        ).where(
            within(Workday, actor, PERMISSION),
            Workday.worked_on.between(first, last),
            Workday.state.in_(list(MARKS)),
            sa.or_(Workday.state != WorkdayState.DRAFT, is_proposed()),
        )
    )
    return grid_of(
        first,
        [GridMember._make(row) for row in members],
        [GridEntry._make((*row[:-2], bool(row[-2]), bool(row[-1]))) for row in entries],
        calendar=regime_of(session).calendar,
        today=today,
    )
