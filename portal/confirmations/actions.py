"""Deciding on days that were handed in: the own manager confirms, the county approves, both may return.

Taken back within ten minutes: reversal_actions.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from models import Workday
from models.types import WorkdayState
from portal.confirmations.queries import changed_since
from portal.confirmations.rules import refusals_for_decision
from portal.corrections.actions import refusals_for_take_over, take_over
from portal.deeds import Deed
from portal.outbox.actions import tell_of_return
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal, refuse_if
from portal.standards.text import plain
from portal.totals.actions import refresh
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE, DayFacts
from portal.workdays.moving_actions import move, move_all


def confirm_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: Mapping[int, int] | None = None
) -> int:
    """Confirm submitted days of the own organisation; all or none. Return how many.

    ``seen`` gives the version in which each was shown; a later change is refused.
    """
    facts = facts_of_days(deed.session, workdays)
    refuse_if(_refusals(deed, "confirmed", facts, changed_since(workdays, seen)))
    step = LIFE.step("confirmed")
    move_all(deed, workdays, step.source, WorkdayState.CONFIRMED)
    return _settle_all(deed, workdays, "confirmed")


def approve_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: Mapping[int, int] | None = None
) -> int:
    """Approve confirmed days of the own county; all or none. Return how many.

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
        take_over(deed, correction)
    plain = [workday for workday in workdays if workday.corrects_id is None]
    move_all(deed, plain, LIFE.step("approved").source, WorkdayState.APPROVED)
    return _settle_all(deed, workdays, "approved")


def return_workday(deed: Deed, workday: Workday, reason: str, *, verb: str = "returned") -> None:
    """Send an entry back to the person, with a reason; ``verb`` is the step of whoever does."""
    step = LIFE.step(verb)
    facts = facts_of_days(deed.session, [workday])
    refuse_if([*_refusals(deed, verb, facts), *refusals_for_reason(reason, step.label)])
    move(deed, workday, step.source, WorkdayState.RETURNED, plain(reason))
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    tell_of_return(deed, workday.id, workday.person_id)
    deed.record("workday.returned", f"workday:{workday.id}")


def _refusals(
    deed: Deed, verb: str, facts: Sequence[DayFacts], changed: Collection[int] = ()
) -> list[Refusal]:
    return refusals_for_decision(verb, facts, person_id=deed.actor.person_id, changed=changed)


def _settle_all(deed: Deed, workdays: Sequence[Workday], event: str) -> int:
    if workdays:
        refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
        ids = [one.id for one in workdays]
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
    return len(workdays)
