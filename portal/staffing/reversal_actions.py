"""Taking a decision on nominations back that the same person took a moment ago (docs/decisions/0014)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session

from models import Assignment, Pairing, Person
from models.types import AssignmentState
from portal.deeds import Deed
from portal.procedures.queries import list_batch
from portal.procedures.reversal_actions import reverse
from portal.procedures.rules import NOTHING_TO_UNDO
from portal.refusals import Refusal, Refused
from portal.staffing.actions import refusals_for_making
from portal.staffing.rules import LIFE, Span
from portal.totals.actions import refresh_pairing


def undo_decision(deed: Deed, batch: str) -> tuple[str, int]:
    """Take back what the actor decided together a moment ago; return its label and how many wait again.

    One that was turned down waits again if it could be made anew as it stands.
    """
    rows = list_batch(deed.session, Assignment, deed.actor, batch)
    if not rows:
        raise Refused([NOTHING_TO_UNDO])
    step = LIFE.step(rows[0].kind)
    assignments = reverse(
        deed,
        LIFE,
        Assignment,
        batch,
        label_of=partial(_name_of, deed.session),
        besides=partial(_refusals_for_waiting_again, deed),
    )
    for pairing_id in {assignment.pairing_id for assignment in assignments}:
        refresh_pairing(deed.session, pairing_id)
    ids = [assignment.public_id for assignment in assignments]
    deed.record(f"assignment.{step.undone}", f"assignment:{ids[0]}", count=len(ids), ids=ids)
    return step.label, len(ids)


def _refusals_for_waiting_again(deed: Deed, assignments: Sequence[Assignment]) -> list[Refusal]:
    return [
        refusal
        for one in assignments
        if one.state == AssignmentState.REJECTED
        for refusal in refusals_for_making(
            deed,
            deed.session.get_one(Pairing, one.pairing_id),
            deed.session.get_one(Person, one.person_id),
            one.side,
            Span(one.starts_on, one.ends_on),
        )
    ]


def _name_of(session: Session, assignment: Assignment) -> str:
    return session.get_one(Person, assignment.person_id).name
