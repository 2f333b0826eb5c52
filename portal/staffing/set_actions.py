"""Assigning many people at once; whoever asks has asked the rules of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Assignment, AssignmentDecision
from models.base import new_public_id
from models.types import AssignmentState, Side
from portal.deeds import Deed


class Nominee(NamedTuple):
    """A person in a pairing from one day to another; ``organisation_id`` is that of the side."""

    pairing_id: int
    person_id: int
    organisation_id: int
    side: Side
    starts_on: date
    ends_on: date
    is_qualified: bool


def assign_all(deed: Deed, seats: Sequence[Nominee], reason: str | None = None) -> list[int]:
    """Nominate people; the operator's are approved at once. Return the keys in the same order."""
    if not seats:
        return []
    is_operator = deed.actor.is_operator
    state = AssignmentState.APPROVED if is_operator else AssignmentState.NOMINATED
    rows = [
        {
            **seat._asdict(),
            "public_id": new_public_id(),
            "state": state,
            "nominated_by_person_id": deed.actor.person_id,
            "nominated_by_operator": is_operator,
            "created_at": deed.now,
            "version": 1,
        }
        for seat in seats
    ]
    ids = list(
        deed.session.scalars(
            sa.insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True), rows
        )
    )
    deed.session.execute(
        sa.insert(AssignmentDecision),
        [
            {
                "assignment_id": assignment_id,
                "kind": "nominated",
                "state_after": state,
                "is_qualified_after": seat.is_qualified,
                "at": deed.now,
                "account_id": deed.actor.account_id,
                "person_id": deed.actor.person_id,
                "reason": reason,
            }
            for assignment_id, seat in zip(ids, seats, strict=True)
        ],
    )
    return ids
