"""The verbs of whoever decides: the own manager confirms, the county approves, both may return."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models import Workday
from models.types import WorkdayState
from portal.deeds import Deed
from portal.refusals import refuse_if
from portal.totals.actions import refresh
from portal.workdays import rules
from portal.workdays.corrections import take_over
from portal.workdays.queries import decided_facts
from portal.workdays.writing import move, move_all


def confirm_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: dict[int, int] | None = None
) -> int:
    """Confirm submitted days of the own organisation; all or none. Return how many.

    ``seen`` gives the version in which each was shown; a later change is refused.
    """
    _refuse_unless_all(deed, workdays, {WorkdayState.SUBMITTED}, "确认", seen)
    move_all(deed, workdays, {WorkdayState.SUBMITTED}, WorkdayState.CONFIRMED)
    return _settle(deed, workdays, "confirmed")


def approve_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: dict[int, int] | None = None
) -> int:
    """Approve confirmed days of the own county; all or none. Return how many.

    An approved correction takes the place of its original.
    """
    _refuse_unless_all(deed, workdays, {WorkdayState.CONFIRMED}, "核准", seen)
    for workday in workdays:
        if workday.corrects_id is not None:
            take_over(deed, workday)
    plain = [workday for workday in workdays if workday.corrects_id is None]
    move_all(deed, plain, {WorkdayState.CONFIRMED}, WorkdayState.APPROVED)
    return _settle(deed, workdays, "approved")


def return_workday(
    deed: Deed,
    workday: Workday,
    reason: str,
    *,
    expected: Collection[WorkdayState] = rules.WAITING_STATES,
) -> None:
    """Send an entry back to the person, with a reason."""
    refuse_if(
        [
            *rules.refusals_for_decision(
                decided_facts(deed.session, [workday]),
                expected=expected,
                actor_person_id=deed.actor.person_id,
                verb="退回",
            ),
            *rules.refusals_for_reason(reason, "退回"),
        ]
    )
    move(deed, workday, expected, WorkdayState.RETURNED, reason.strip())
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record("workday.returned", f"workday:{workday.id}")


def _refuse_unless_all(
    deed: Deed,
    workdays: Sequence[Workday],
    expected: Collection[WorkdayState],
    verb: str,
    seen: dict[int, int] | None,
) -> None:
    refuse_if(
        rules.refusals_for_decision(
            decided_facts(deed.session, workdays, seen),
            expected=expected,
            actor_person_id=deed.actor.person_id,
            verb=verb,
        )
    )


def _settle(deed: Deed, workdays: Sequence[Workday], event: str) -> int:
    if workdays:
        refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
        ids = [one.id for one in workdays]
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
    return len(workdays)
