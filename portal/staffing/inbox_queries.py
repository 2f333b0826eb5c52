"""The nominations that wait for somebody."""

from __future__ import annotations

import sqlalchemy as sa

from models import Assignment, Pairing, Person
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import Rows
from portal.staffing.list_queries import to_approve


def nominations(actor: Actor, _moment: Moment) -> Rows | None:
    waiting = to_approve(actor)
    if waiting is None:
        return None
    return (
        sa.select(
            Assignment.created_at.label("since"),
            Person.name.label("who"),
            Assignment.starts_on.label("day"),
            Pairing.code.label("why"),
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(waiting)
    )
