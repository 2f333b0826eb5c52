"""Assigning many people at once; whoever asks has asked the rules of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Assignment
from models.types import AssignmentState, Side
from portal.access.scope import within
from portal.deeds import Deed
from portal.procedures.actions import note, take_all
from portal.refusals import Refusal, Refused
from portal.staffing.queries import facts_of_many, workdays_of_many
from portal.staffing.rules import LIFE
from portal.totals.actions import refresh_pairing
from portal.totals.course_actions import renew_courses_in

OUT_OF_REACH = Refusal(
    "",
    "out_of_scope",
    "不能撤销：这份文件提出的选派中，有的已不在您的管辖范围内，请由现任机构负责人逐条办理。",
)


class Nominee(NamedTuple):
    """A person in a pairing from one day to another; ``organisation_id`` is that of the side."""

    pairing_id: int
    person_id: int
    organisation_id: int
    side: Side
    starts_on: date
    ends_on: date
    is_qualified: bool


def assign_all(
    deed: Deed,
    nominees: Sequence[Nominee],
    reason: str | None = None,
    import_id: int | None = None,
) -> list[int]:
    """Nominate people; the operator's are approved at once. Return the keys in the same order.

    ``import_id`` is the file that brings them, by which they can be taken back together.
    """
    is_operator = deed.actor.is_operator
    assignments = [
        Assignment(
            **nominee._asdict(),
            state=AssignmentState.APPROVED if is_operator else AssignmentState.NOMINATED,
            nominated_by_person_id=deed.actor.person_id,
            nominated_by_operator=is_operator,
            created_at=deed.now,
            import_id=import_id,
        )
        for nominee in nominees
    ]
    deed.session.add_all(assignments)
    note(deed, assignments, "nominated", reason)
    if is_operator:
        renew_courses_in(deed.session, {nominee.pairing_id for nominee in nominees})
    return [assignment.id for assignment in assignments]


def withdraw_brought(deed: Deed, import_id: int) -> int:
    """Take back all that a file brought and nobody decided on yet, or nothing; return how many."""
    session = deed.session
    assignments = session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.import_id == import_id,
            Assignment.state != AssignmentState.REJECTED,
        )
        .order_by(Assignment.id)
    ).all()
    reached = sa.select(Assignment.id).where(
        Assignment.import_id == import_id, within(Assignment, deed.actor, "assignment.write")
    )
    if not {one.id for one in assignments} <= set(session.scalars(reached)):
        raise Refused([OUT_OF_REACH])
    counts = workdays_of_many(session, [one.id for one in assignments])
    facts = [
        facts._replace(workdays=counts.get(one.id, 0))
        for facts, one in zip(facts_of_many(session, assignments), assignments, strict=True)
    ]
    take_all(deed, LIFE, assignments, "withdrawn", facts=facts)
    for pairing_id in {assignment.pairing_id for assignment in assignments}:
        refresh_pairing(session, pairing_id)
    return len(assignments)
