"""Disputing days of the other side, taking that back, deciding on it: steps of the days' own life."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from models import Workday
from portal.access.loading import Unseen
from portal.access.scope import within
from portal.deeds import Deed
from portal.disputes.queries import list_handed_in
from portal.disputes.rules import refusals_for_dismissed, refusals_for_late_disputes
from portal.outbox.actions import tell_of_dispute
from portal.procedures.actions import take_all
from portal.refusals import Refusal, Refused
from portal.totals.actions import refresh
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE

NOBODY_CHOSEN = Refusal("", "missing_value", "请先勾选要提出异议的日志。")


def dispute_days(deed: Deed, seen: Mapping[int, int], reason: str) -> int:
    """Say of days of the other side, with a reason, that they were not so; return how many.

    ``seen`` gives, by id, the version in which each was shown. What a file claimed of them is settled
    by it. They count as before until they are returned or corrected; none of them can be approved.
    """
    workdays = _reached(deed, seen)
    facts = facts_of_days(deed.session, workdays)
    handed_in, calendar = list_handed_in(
        deed.session, workdays, [one.label for one in facts], deed.today
    )
    take_all(
        deed,
        LIFE,
        workdays,
        "disputed",
        facts=facts,
        reason=reason,
        seen=seen,
        columns={"claimed_state": None},
        besides=[
            *refusals_for_late_disputes(handed_in, today=deed.today, calendar=calendar),
            *refusals_for_dismissed(handed_in),
        ],
        names_one=True,
    )
    return _record(deed, workdays, "workday.disputed")


def withdraw_disputes(deed: Deed, seen: Mapping[int, int]) -> int:
    """Take the own side's disputes back, whoever of it raised them; return how many."""
    workdays = _reached(deed, seen)
    facts = facts_of_days(deed.session, workdays)
    take_all(deed, LIFE, workdays, "dispute_withdrawn", facts=facts, seen=seen, names_one=True)
    return _record(deed, workdays, "workday.dispute_withdrawn")


def dismiss_dispute(deed: Deed, workday: Workday, reason: str, *, seen: int | None) -> None:
    """Call a dispute groundless, with a reason: both sides hear of it, the day can be approved."""
    sides = _sides_of(workday)
    _settle(deed, workday, "dispute_dismissed", reason, seen)
    tell_of_dispute(deed, workday.id, sides)
    deed.record("workday.dispute_dismissed", f"workday:{workday.id}")


def uphold_dispute(deed: Deed, workday: Workday, reason: str, *, seen: int | None) -> str:
    """Say that a dispute is right, with a reason: the day goes back to its person.

    Return the batch, by which it can be taken back.
    """
    sides = _sides_of(workday)
    batch = _settle(deed, workday, "dispute_upheld", reason, seen)
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    tell_of_dispute(deed, workday.id, sides - {workday.person_id})
    deed.record("workday.dispute_upheld", f"workday:{workday.id}")
    return batch


def _sides_of(workday: Workday) -> set[int]:
    """Return who hears how a dispute ends: who raised it, whose day it is, who confirmed that."""
    concerned = (
        workday.disputed_by_person_id,
        workday.person_id,
        workday.confirmed_by_person_id,
    )
    return {one for one in concerned if one is not None}


def _settle(deed: Deed, workday: Workday, verb: str, reason: str, seen: int | None) -> str:
    return take_all(
        deed,
        LIFE,
        [workday],
        verb,
        facts=facts_of_days(deed.session, [workday]),
        reason=reason,
        seen=None if seen is None else {workday.id: seen},
        columns={"claimed_state": None},
    )


def _reached(deed: Deed, seen: Mapping[int, int]) -> list[Workday]:
    if not seen:
        raise Refused([NOBODY_CHOSEN])
    reached = within(Workday, deed.actor, "workday.dispute")
    found = list(
        deed.session.scalars(
            sa.select(Workday).where(Workday.id.in_(list(seen)), reached).order_by(Workday.id)
        )
    )
    if len(found) != len(seen):
        raise Unseen("workday")
    return found


def _record(deed: Deed, workdays: list[Workday], event: str) -> int:
    ids = [one.id for one in workdays]
    deed.record(event, f"workday:{ids[0]}", count=len(ids), ids=ids)
    return len(ids)
