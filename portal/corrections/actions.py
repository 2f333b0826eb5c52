"""Correcting an approved day: a new entry that refers to the old one and is approved in its turn.

The original stands, and counts, until then. Person, pairing and date stay as they are.
"""

from __future__ import annotations

from models import Workday
from models.types import WorkdayState
from portal.corrections.queries import has_open_correction
from portal.deeds import Deed
from portal.procedures.actions import follow, note
from portal.procedures.rules import refusals_for_step
from portal.procedures.writing_actions import note_rows, write
from portal.refusals import Refusal, refuse_if
from portal.standards.text import plain
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE
from portal.workdays.placing_rules import place
from portal.workdays.queries import grounds_of, halves_taken
from portal.workdays.rules import HALF_DAYS_PER_DATE, Entry, halves_for


def correct_workday(deed: Deed, original: Workday, entry: Entry, reason: str) -> Workday:
    """Submit a correction of an approved day; ``half_days`` 0 strikes the day out."""
    session = deed.session
    (facts,) = facts_of_days(session, [original])
    facts = facts._replace(has_open_correction=has_open_correction(session, original.id))
    person_id, step = deed.actor.person_id, LIFE.step("corrected")
    refuse_if(refusals_for_step(LIFE, step, facts, person_id=person_id, reason=reason))
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
    note(deed, [correction], "entered", plain(reason))
    deed.record("workday.corrected", f"workday:{original.id}", correction=correction.id)
    return correction


def refusals_for_take_over(deed: Deed, correction: Workday, label: str) -> list[Refusal]:
    """Say why a correction can no longer take its original's place; ``label`` names it.

    Another entry may have taken the other half of the date since the correction was asked for.
    """
    halves = others_on_date(deed, correction)
    if sum(halves) + correction.half_days <= HALF_DAYS_PER_DATE:
        return []
    sentence = (
        f"{label}：该人员当日其他条目已占 {sum(halves) / 2:g} 天，更正为"
        f" {correction.half_days / 2:g} 天将超过每人每日 1 天的上限，请退回该更正。"
    )
    return [Refusal("", "over_one_day", sentence)]


def make_room(deed: Deed, correction: Workday) -> None:
    """Have the original give up its halves of the date, and a correction about to be approved take its."""
    original = deed.session.get_one(Workday, correction.corrects_id)
    reason = f"由更正条目 {correction.id} 取代"
    nothing = {**halves_for(0, (False, False)), "claimed_state": None}
    follow(deed, LIFE, [original], "superseded", reason=reason, columns=nothing)
    halves = halves_taken(deed.session, correction.person_id, correction.worked_on)
    taken = halves_for(correction.half_days, halves)
    write(deed, [correction], LIFE.step("approved").source, None, taken)


def give_back(deed: Deed, correction: Workday) -> None:
    """Have an approved correction wait again, and its original count: the reverse of its approval."""
    original = deed.session.get_one(Workday, correction.corrects_id)
    others = others_on_date(deed, correction)
    approved, waiting = WorkdayState.APPROVED, WorkdayState.CONFIRMED
    step = LIFE.step("approved")
    unsigned = {**halves_for(0, (False, False)), **dict.fromkeys(step.signs)}
    write(deed, [correction], (approved,), waiting, unsigned)
    note_rows(deed, [correction], [approved], step.undone, f"撤销{step.label}", batch=None)
    reason = f"更正条目 {correction.id} 的核准已撤销"
    halves = halves_for(original.half_days, others)
    follow(deed, LIFE, [original], "reinstated", reason=reason, columns=halves)


def others_on_date(deed: Deed, correction: Workday) -> tuple[bool, bool]:
    """Return which halves of its date are taken by neither a correction nor its original."""
    assert correction.corrects_id is not None
    return halves_taken(
        deed.session,
        correction.person_id,
        correction.worked_on,
        besides=[correction.id, correction.corrects_id],
    )
