"""Assigning many people at once; whoever asks has asked the rules of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models import Assignment
from models.types import AssignmentState, Side
from portal.deeds import Deed
from portal.procedures.actions import note
from portal.totals.actions import renew_courses_in


class Nominee(NamedTuple):
    """A person in a pairing from one day to another; ``organisation_id`` is that of the side."""

    pairing_id: int
    person_id: int
    organisation_id: int
    side: Side
    starts_on: date
    ends_on: date
    is_qualified: bool


def assign_all(deed: Deed, nominees: Sequence[Nominee], reason: str | None = None) -> list[int]:
    """Nominate people; the operator's are approved at once. Return the keys in the same order."""
    is_operator = deed.actor.is_operator
    assignments = [
        Assignment(
            **nominee._asdict(),
            state=AssignmentState.APPROVED if is_operator else AssignmentState.NOMINATED,
            nominated_by_person_id=deed.actor.person_id,
            nominated_by_operator=is_operator,
            created_at=deed.now,
        )
        for nominee in nominees
    ]
    deed.session.add_all(assignments)
    note(deed, assignments, "nominated", reason)
    if is_operator:
        renew_courses_in(deed.session, {nominee.pairing_id for nominee in nominees})
    return [assignment.id for assignment in assignments]
