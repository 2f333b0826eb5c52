"""The nominations that wait for somebody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from models import Assignment, Pairing, Person
from models.types import AssignmentState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.causes import Rows
from portal.pairings.standing_queries import IN_EFFECT


def nominations(actor: Actor, _now: datetime) -> Rows:
    return (
        sa.select(
            Assignment.created_at.label("since"),
            Person.name.label("who"),
            Assignment.starts_on.label("day"),
            Pairing.code.label("why"),
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(
            within(Assignment, actor, "assignment.approve"),
            Assignment.state == AssignmentState.NOMINATED,
            IN_EFFECT,
        )
    )
