"""Logging working days, handing them in and taking them back: the verbs of the person."""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing, Person, Workday, WorkdayDecision
from models.types import AssignmentState, WorkdayState
from portal.deeds import Deed
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.pairings.queries import life_of
from portal.programme.queries import get_work_year
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Conflict, Refusal, refuse_if
from portal.totals.actions import NewDay, add_day, refresh
from portal.workdays import rules
from portal.workdays.adding_actions import add_workday
from portal.workdays.moving_actions import CHANGED_MEANWHILE, move, note
from portal.workdays.placing_rules import Placement, place
from portal.workdays.queries import grounds_of
from portal.workdays.rules import Entry, halves_for

GIVEN_UP = "填报人作废"


def log_workday(
    deed: Deed, *, pairing: Pairing, person: Person, entry: Entry, submit: bool
) -> Workday:
    """Log a day or half a day, as a draft or submitted at once; raise :class:`Refused`."""
    grounds = grounds_of(deed.session, pairing.id, person.id, entry.worked_on)
    number = log_placed(deed, place(grounds, entry, today=deed.today), submit=submit)
    return deed.session.get_one(Workday, number)


def log_placed(deed: Deed, placement: Placement, *, submit: bool) -> int:
    """Log a day on which the rules have said yes, be it before anything was locked.

    The row proves that what they were told still holds (:func:`add_workday`). Return its number.
    """
    state = WorkdayState.SUBMITTED if submit else WorkdayState.DRAFT
    number = add_workday(deed, placement, state)
    note(deed, number, state, None)
    grounds, term = placement.grounds, placement.term
    add_day(
        deed.session,
        NewDay(
            pairing_id=grounds.pairing_id,
            year=placement.year,
            side=term.side,
            person_id=grounds.person_id,
            worked_on=placement.entry.worked_on,
            waiting_centidays=placement.value.centidays if submit else 0,
            is_eligible=term.state is AssignmentState.APPROVED and term.id in grounds.qualified,
        ),
    )
    deed.record("workday.logged", f"workday:{number}", days=placement.entry.half_days / 2)
    return number


def edit_workday(
    deed: Deed, workday: Workday, entry: Entry, *, submit: bool, seen: int | None = None
) -> None:
    """Change a draft or a returned entry, and submit it if asked.

    ``seen`` is the version that the person had in front of them. A returned correction keeps its
    date, and may strike the day out.
    """
    refuse_if(
        [
            *rules.refusals_for_change(workday.state, "修改"),
            *_refusals_if_closed(deed, workday, "修改"),
        ]
    )
    _refuse_unless_seen(workday, seen)
    is_correction = workday.corrects_id is not None
    if is_correction:
        entry = entry._replace(worked_on=workday.worked_on)
    besides = [one for one in (workday.id, workday.corrects_id) if one is not None]
    before = workday.year
    grounds = grounds_of(
        deed.session, workday.pairing_id, workday.person_id, entry.worked_on, besides=besides
    )
    placement = place(grounds, entry, today=deed.today, is_correction=is_correction)
    columns = placement.columns()
    if not is_correction:
        columns |= placement.halves()
    state = WorkdayState.SUBMITTED if submit else workday.state
    move(deed, workday, rules.OPEN_STATES, state, columns=columns)
    refresh(deed.session, {(workday.pairing_id, one) for one in (before, workday.year)})
    deed.record("workday.edited", f"workday:{workday.id}", submitted=submit)


def submit_workday(deed: Deed, workday: Workday) -> None:
    """Hand a draft or returned entry in as it stands."""
    refuse_if(
        [
            *rules.refusals_for_change(workday.state, "提交"),
            *_refusals_if_closed(deed, workday, "提交"),
            *refusals_for_use(Use.LOG, _life_of(deed, workday)),
        ]
    )
    move(deed, workday, rules.OPEN_STATES, WorkdayState.SUBMITTED)
    _settle(deed, workday, "submitted")


def recall_workday(deed: Deed, workday: Workday) -> None:
    """Take an entry back that nobody has confirmed yet, to change it."""
    if workday.state != WorkdayState.SUBMITTED:
        sentence = f"该条目目前为“{workday.state.label}”，只有已提交、尚未确认的条目可以撤回。"
        refuse_if([Refusal("", "wrong_state", sentence)])
    refuse_if(_refusals_if_closed(deed, workday, "撤回"))
    move(deed, workday, {WorkdayState.SUBMITTED}, WorkdayState.RETURNED, rules.RECALLED)
    _settle(deed, workday, "recalled")


def give_up_workday(deed: Deed, workday: Workday) -> None:
    """Give a returned entry up: its date is free again, its history stays."""
    if workday.state != WorkdayState.RETURNED:
        sentence = f"该条目目前为“{workday.state.label}”，只有被退回的条目可以作废。"
        refuse_if([Refusal("", "wrong_state", sentence)])
    refuse_if(_refusals_if_closed(deed, workday, "作废"))
    move(
        deed,
        workday,
        {WorkdayState.RETURNED},
        WorkdayState.SUPERSEDED,
        GIVEN_UP,
        halves_for(0, (False, False)),
    )
    _settle(deed, workday, "given_up")


def delete_draft(deed: Deed, workday: Workday) -> None:
    """Delete an entry that was never handed in; what was, is given up or corrected instead."""
    if workday.state != WorkdayState.DRAFT:
        sentence = f"该条目目前为“{workday.state.label}”，只有从未提交的草稿可以删除。"
        refuse_if([Refusal("", "wrong_state", sentence)])
    refuse_if(_refusals_if_closed(deed, workday, "删除"))
    session = deed.session
    session.execute(sa.delete(WorkdayDecision).where(WorkdayDecision.workday_id == workday.id))
    gone = session.execute(
        sa.delete(Workday)
        .where(
            Workday.id == workday.id,
            Workday.version == workday.version,
            Workday.state == WorkdayState.DRAFT,
        )
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined] # of a DELETE it is a CursorResult
        raise Conflict([CHANGED_MEANWHILE])
    session.expunge(workday)
    refresh(session, [(workday.pairing_id, workday.year)])
    deed.record("workday.deleted", f"workday:{workday.id}", worked_on=workday.worked_on)


def _settle(deed: Deed, workday: Workday, event: str) -> None:
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record(f"workday.{event}", f"workday:{workday.id}")


def _refuse_unless_seen(workday: Workday, seen: int | None) -> None:
    if seen is not None and seen != workday.version:
        raise Conflict([CHANGED_MEANWHILE])


def _refusals_if_closed(deed: Deed, workday: Workday, verb: str) -> list[Refusal]:
    pairing = deed.session.get_one(Pairing, workday.pairing_id)
    work_year = get_work_year(deed.session, workday.year, pairing.receiving_province_code)
    return refusals_for_closed_years([workday.year] if work_year.closed_at else [], f"{verb}日志")


def _life_of(deed: Deed, workday: Workday) -> PairingLife:
    return life_of(deed.session, deed.session.get_one(Pairing, workday.pairing_id))
