"""Deciding on days that were handed in: the own manager confirms, the county approves, both may return.

Taken back within ten minutes: reversal_actions.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models import Workday
from portal.corrections.actions import make_room, refusals_for_take_over
from portal.deeds import Deed
from portal.procedures.actions import take_all
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Conflict, Refusal
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
    batch = _decide(deed, workdays, "confirmed", seen=seen)
    _settle_all(deed, workdays, "confirmed")
    return batch


def approve_workdays(
    deed: Deed, workdays: Sequence[Workday], *, seen: Mapping[int, int] | None = None
) -> str:
    """Approve confirmed days of the own county; all or none. Return their batch.

    An approved correction takes the place of its original.
    """
    corrections = [one for one in workdays if one.corrects_id is not None]

    def let_them_in() -> None:
        for correction in corrections:
            make_room(deed, correction)

    batch = _decide(deed, workdays, "approved", seen=seen, besides=_no_room, first=let_them_in)
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

    ``seen`` is the version that was shown; a later change is refused. Return the batch, by which it
    can be taken back.
    """

    def ask_whether_as_shown() -> None:
        if seen is not None and seen != workday.version:
            raise Conflict([CHANGED_MEANWHILE])

    batch = _decide(deed, [workday], verb, reason=reason, first=ask_whether_as_shown)
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record("workday.returned", f"workday:{workday.id}")
    return batch


def return_workdays(
    deed: Deed,
    workdays: Sequence[Workday],
    reason: str,
    *,
    verb: str = "returned",
    seen: Mapping[int, int] | None = None,
) -> str:
    """Send many entries back for one reason; all or none. Return their batch.

    ``seen`` gives the version in which each was shown; a later change is refused.
    """
    batch = _decide(deed, workdays, verb, reason=reason, seen=seen)
    _settle_all(deed, workdays, "returned")
    return batch


def _decide(
    deed: Deed,
    workdays: Sequence[Workday],
    verb: str,
    *,
    besides: Callable[[Deed, Sequence[Workday], Sequence[DayFacts]], list[Refusal]] | None = None,
    **asked: Any,
) -> str:
    facts = facts_of_days(deed.session, workdays)
    return take_all(
        deed,
        LIFE,
        workdays,
        verb,
        facts=facts,
        columns=SETTLED,
        names_one=True,
        besides=besides(deed, workdays, facts) if besides else (),
        **asked,
    )


def _no_room(deed: Deed, workdays: Sequence[Workday], facts: Sequence[DayFacts]) -> list[Refusal]:
    """Say which corrections can no longer take their originals' place."""
    return [
        refusal
        for one, fact in zip(workdays, facts, strict=True)
        if one.corrects_id is not None
        for refusal in refusals_for_take_over(deed, one, fact.label)
    ]


def _settle_all(deed: Deed, workdays: Sequence[Workday], event: str) -> None:
    if workdays:
        refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
        ids = [one.id for one in workdays]
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
