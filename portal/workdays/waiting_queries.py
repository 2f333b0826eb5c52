"""How much waits for somebody: the count on the door, on the tabs and on the first page."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Workday
from models.types import WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within

CAP = 100
"""Beyond it a badge says 99+."""


class Waiting(NamedTuple):
    """Entries that wait for an actor, each no further than ``CAP``.

    What only somebody else may decide on, an own entry, does not wait for the actor.
    """

    to_confirm: int
    to_approve: int
    returned: int
    drafts: int


NOTHING = Waiting(0, 0, 0, 0)


def waiting_for(session: Session, actor: Actor) -> Waiting:
    """Count what waits for an actor, in one query; none for whoever has no such part."""
    parts = (
        _count(actor, "workday.confirm", WorkdayState.SUBMITTED),
        _count(actor, "workday.approve", WorkdayState.CONFIRMED),
        _count(actor, "workday.write", WorkdayState.RETURNED),
        _count(actor, "workday.write", WorkdayState.DRAFT),
    )
    if all(part is None for part in parts):
        return NOTHING
    wanted = [sa.literal(0) if part is None else part for part in parts]
    return Waiting._make(session.execute(sa.select(*wanted)).one())


def _count(actor: Actor, permission: str, state: WorkdayState) -> sa.ScalarSelect[int] | None:
    if not actor.reaches(permission):
        return None
    wanted = sa.select(Workday.id).where(within(Workday, actor, permission), Workday.state == state)
    if permission != "workday.write":
        own = (Workday.person_id, Workday.entered_by_person_id)
        wanted = wanted.where(*(one.is_distinct_from(actor.person_id) for one in own))
    some = wanted.limit(CAP).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def count_waiting(session: Session, actor: Actor) -> int:
    """Return how many entries wait for an actor, drafts among them."""
    return sum(waiting_for(session, actor))
