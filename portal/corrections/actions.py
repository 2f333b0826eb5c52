"""Correcting an approved day: a new entry that refers to the old one and is approved in its turn.

The original stands, and counts, until then. Person, pairing and date stay as they are.
"""

from __future__ import annotations

from models import Workday
from models.types import WorkdayState
from portal.corrections.queries import has_open_correction
from portal.corrections.rules import refusals_for_correction
from portal.deeds import Deed
from portal.refusals import Refusal, refuse_if
from portal.standards.text import plain
from portal.workdays.moving_actions import move, note
from portal.workdays.placing_rules import place
from portal.workdays.queries import grounds_of, halves_taken
from portal.workdays.rules import HALF_DAYS_PER_DATE, Entry, halves_for


def correct_workday(deed: Deed, original: Workday, entry: Entry, reason: str) -> Workday:
    """Submit a correction of an approved day; ``half_days`` 0 strikes the day out."""
    session = deed.session
    refuse_if(
        refusals_for_correction(
            original.state, reason, has_open=has_open_correction(session, original.id)
        )
    )
    entry = entry._replace(worked_on=original.worked_on, late_reason=original.late_reason)
    grounds = grounds_of(
        session,
        original.pairing_id,
        original.person_id,
        original.worked_on,
        besides=[original.id],
    )
    placement = place(grounds, entry, today=deed.today, is_correction=True)
    correction = Workday(
        pairing_id=original.pairing_id,
        person_id=original.person_id,
        state=WorkdayState.SUBMITTED,
        entered_at=deed.now,
        entered_by_person_id=deed.actor.person_id,
        entered_by_operator=deed.actor.is_operator,
        corrects_id=original.id,
        **placement.columns(),
    )
    session.add(correction)
    session.flush()
    note(deed, correction.id, correction.state, plain(reason))
    deed.record("workday.corrected", f"workday:{original.id}", correction=correction.id)
    return correction


def refusals_for_take_over(deed: Deed, correction: Workday, label: str) -> list[Refusal]:
    """Say why a correction can no longer take its original's place; ``label`` names it.

    Another entry may have taken the other half of the date since the correction was asked for.
    """
    assert correction.corrects_id is not None
    halves = halves_taken(
        deed.session,
        correction.person_id,
        correction.worked_on,
        besides=[correction.id, correction.corrects_id],
    )
    if sum(halves) + correction.half_days <= HALF_DAYS_PER_DATE:
        return []
    sentence = (
        f"{label}：该人员当日其他条目已占 {sum(halves) / 2:g} 天，更正为"
        f" {correction.half_days / 2:g} 天将超过每人每日 1 天的上限，请退回该更正。"
    )
    return [Refusal("", "over_one_day", sentence)]


def take_over(deed: Deed, correction: Workday) -> None:
    """Approve a correction: the original gives up its halves of the date, the correction takes its."""
    original = deed.session.get_one(Workday, correction.corrects_id)
    move(
        deed,
        original,
        {WorkdayState.APPROVED},
        WorkdayState.SUPERSEDED,
        f"由更正条目 {correction.id} 取代",
        halves_for(0, (False, False)),
    )
    halves = halves_taken(deed.session, correction.person_id, correction.worked_on)
    move(
        deed,
        correction,
        {WorkdayState.CONFIRMED},
        WorkdayState.APPROVED,
        columns=halves_for(correction.half_days, halves),
    )
