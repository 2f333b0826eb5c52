"""Deciding on days that were handed in: the own manager confirms, the county approves, both may return.

Taken back within ten minutes: reversal_actions.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from models import Workday
from portal.confirmations.queries import changed_since
from portal.confirmations.rules import refusals_for_decision
from portal.corrections.actions import make_room, refusals_for_take_over
from portal.deeds import Deed
from portal.outbox.actions import tell_of_return
from portal.procedures.actions import take_all
from portal.procedures.rules import CHANGED_MEANWHILE, refusals_for_reason
from portal.refusals import Conflict, Refusal, refuse_if
from portal.totals.actions import refresh
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE, DayFacts

SETTLED = {"claimed_state": None}
"""Any decision on an entry ends what a file claimed of it."""


def confirm_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: Mapping[int, int] | None = None
) -> str:
    """Confirm submitted days of the own organisation; all or none. Return their batch.

    ``seen`` gives the version in which each was shown; a later change is refused.
    """
    facts = facts_of_days(deed.session, workdays)
    refuse_if(_refusals(deed, "confirmed", facts, changed_since(workdays, seen)))
    batch = take_all(deed, LIFE, workdays, "confirmed", facts=facts, columns=SETTLED)
    _settle_all(deed, workdays, "confirmed")
    return batch


def approve_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: Mapping[int, int] | None = None
) -> str:
    """Approve confirmed days of the own county; all or none. Return their batch.

    An approved correction takes the place of its original.
    """
    facts = facts_of_days(deed.session, workdays)
    labels = zip(workdays, (one.label for one in facts), strict=True)
    corrections = [(one, label) for one, label in labels if one.corrects_id is not None]
    refusals = _refusals(deed, "approved", facts, changed_since(workdays, seen))
    for correction, label in corrections:
        refusals += refusals_for_take_over(deed, correction, label)
    refuse_if(refusals)
    for correction, _ in corrections:
        make_room(deed, correction)
    batch = take_all(deed, LIFE, workdays, "approved", facts=facts, columns=SETTLED)
    _settle_all(deed, workdays, "approved")
    return batch


def return_workday(
    deed: Deed,
    workday: Workday,
    reason: str,
    *,
    verb: str = "returned",
    seen: int | None = None,
) -> str:
    """Send an entry back to the person, with a reason; ``verb`` is the step of whoever does.

    ``seen`` is the version that was shown; a later change is refused. Return the batch, by which it can be taken back.
    """
    step = LIFE.step(verb)
    facts = facts_of_days(deed.session, [workday])
    refuse_if([*_refusals(deed, verb, facts), *refusals_for_reason(reason, step.label)])
    if seen is not None and seen != workday.version:
        raise Conflict([CHANGED_MEANWHILE])
    batch = take_all(deed, LIFE, [workday], verb, facts=facts, reason=reason, columns=SETTLED)
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    tell_of_return(deed, workday.id, workday.person_id)
    deed.record("workday.returned", f"workday:{workday.id}")
    return batch


def _refusals(
    deed: Deed, verb: str, facts: Sequence[DayFacts], changed: Collection[int] = ()
) -> list[Refusal]:
    return refusals_for_decision(verb, facts, person_id=deed.actor.person_id, changed=changed)


def _settle_all(deed: Deed, workdays: Sequence[Workday], event: str) -> None:
    if workdays:
        refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
        ids = [one.id for one in workdays]
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
