"""Deciding on days that were handed in: the own manager confirms, the county approves, both may return.

Taken back within ten minutes: reversal_actions.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models import Workday
from models.types import WorkdayState
from portal.confirmations import rules
from portal.confirmations.queries import decided_facts
from portal.corrections.actions import refusals_for_take_over, take_over
from portal.deeds import Deed
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal, refuse_if
from portal.standards.text import plain
from portal.totals.actions import refresh
from portal.workdays.moving_actions import move, move_all
from portal.workdays.rules import WAITING_STATES


def confirm_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: dict[int, int] | None = None
) -> int:
    """Confirm submitted days of the own organisation; all or none. Return how many.

    ``seen`` gives the version in which each was shown; a later change is refused.
    """
    facts = decided_facts(deed.session, workdays, seen)
    refuse_if(_refusals(deed, facts, {WorkdayState.SUBMITTED}, "确认"))
    move_all(deed, workdays, {WorkdayState.SUBMITTED}, WorkdayState.CONFIRMED)
    return _settle_all(deed, workdays, "confirmed")


def approve_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: dict[int, int] | None = None
) -> int:
    """Approve confirmed days of the own county; all or none. Return how many.

    An approved correction takes the place of its original.
    """
    facts = decided_facts(deed.session, workdays, seen)
    labels = zip(workdays, (one.label for one in facts), strict=True)
    corrections = [(one, label) for one, label in labels if one.corrects_id is not None]
    refusals = _refusals(deed, facts, {WorkdayState.CONFIRMED}, "核准")
    for correction, label in corrections:
        refusals += refusals_for_take_over(deed, correction, label)
    refuse_if(refusals)
    for correction, _ in corrections:
        take_over(deed, correction)
    plain = [workday for workday in workdays if workday.corrects_id is None]
    move_all(deed, plain, {WorkdayState.CONFIRMED}, WorkdayState.APPROVED)
    return _settle_all(deed, workdays, "approved")


def return_workday(
    deed: Deed,
    workday: Workday,
    reason: str,
    *,
    expected: Collection[WorkdayState] = WAITING_STATES,
) -> None:
    """Send an entry back to the person, with a reason."""
    facts = decided_facts(deed.session, [workday])
    refuse_if(
        [
            *_refusals(deed, facts, expected, "退回", sends_back=True),
            *refusals_for_reason(reason, "退回"),
        ]
    )
    move(deed, workday, expected, WorkdayState.RETURNED, plain(reason))
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record("workday.returned", f"workday:{workday.id}")


def _refusals(
    deed: Deed,
    facts: Sequence[rules.Decided],
    expected: Collection[WorkdayState],
    verb: str,
    *,
    sends_back: bool = False,
) -> list[Refusal]:
    return rules.refusals_for_decision(
        facts,
        expected=expected,
        actor_person_id=deed.actor.person_id,
        verb=verb,
        sends_back=sends_back,
    )


def _settle_all(deed: Deed, workdays: Sequence[Workday], event: str) -> int:
    if workdays:
        refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
        ids = [one.id for one in workdays]
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
    return len(workdays)
