"""The entries that wait for somebody: what was returned, what is a draft, what is to be decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from models import Person, Workday, WorkdayDecision
from models.types import WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.causes import Rows


def waiting_in(permission: str, state: WorkdayState) -> Callable[[Actor, datetime], Rows]:
    """Select entries in a state; what only somebody else may decide on does not wait for one."""

    def rows(actor: Actor, _now: datetime) -> Rows:
        wanted = (
            sa.select(
                _since().label("since"),
                Person.name.label("who"),
                Workday.worked_on.label("day"),
                _reason().label("why"),
                Workday.id.label("one"),
            )
            .join(Person, Person.id == Workday.person_id)
            .where(within(Workday, actor, permission), Workday.state == state)
        )
        if permission != "workday.write":
            own = (Workday.person_id, Workday.entered_by_person_id)
            wanted = wanted.where(*(one.is_distinct_from(actor.person_id) for one in own))
        return wanted

    return rows


def _since() -> sa.ColumnElement[datetime]:
    """Return since when an entry is in its state: the last decision, else its entry."""
    last = (
        sa.select(sa.func.max(WorkdayDecision.at))
        .where(WorkdayDecision.workday_id == Workday.id)
        .correlate(Workday)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, Workday.entered_at)


def _reason() -> sa.ScalarSelect[str | None]:
    return (
        sa.select(WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == Workday.id)
        .order_by(WorkdayDecision.at.desc(), WorkdayDecision.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )
