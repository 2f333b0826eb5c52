"""The assignments that somebody opened last, as they are called now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Person
from portal.access.actor import Actor
from portal.access.scope import within
from portal.finding import Hit


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows: Any = session.execute(
        sa.select(Assignment.public_id, Person.name, Pairing.code, Assignment.side)
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(Assignment.public_id.in_(keys), within(Assignment, actor, "assignment.read"))
    )
    for key, name, code, side in rows:
        values = {"assignment_id": key}
        yield key, Hit("选派", name, f"{code} · {side.label}", "staffing.assignment", values)
