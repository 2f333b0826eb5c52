"""Logging working days, handing them in and taking them back: the verbs of the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models import Pairing, Person, Workday, WorkdayDecision
from models.types import AssignmentState, WorkdayState
from portal.deeds import Deed
from portal.procedures.actions import take
from portal.procedures.rules import CHANGED_MEANWHILE, Step, refusals_for_step
from portal.procedures.writing_actions import write
from portal.refusals import Conflict, refuse_if
from portal.standards.text import is_blank
from portal.totals.actions import refresh
from portal.totals.new_day_actions import NewDay, add_days
from portal.workdays.adding_actions import add_workday, add_workdays
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE, NO_WORDS, DayFacts
from portal.workdays.placing_rules import Placement, place
from portal.workdays.queries import grounds_of
from portal.workdays.rules import Entry, halves_for


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
    number = add_workday(deed, placement, _state_of(submit=submit))
    add_days(deed.session, [_new_day(placement, submit=submit)])
    deed.record("workday.logged", f"workday:{number}", days=placement.entry.half_days / 2)
    return number


def log_all_placed(deed: Deed, placements: Sequence[Placement], *, submit: bool) -> list[int]:
    """Log several days, all or none, at as many statements as one; return their numbers.

    No two may take the same half of a date.
    """
    numbers = add_workdays(deed, placements, _state_of(submit=submit))
    add_days(deed.session, [_new_day(one, submit=submit) for one in placements])
    deed.record(
        "workday.logged",
        f"workday:{numbers[0]}",
        days=sum(one.entry.half_days for one in placements) / 2,
        count=len(numbers),
        ids=numbers,
    )
    return numbers


def _state_of(*, submit: bool) -> WorkdayState:
    return WorkdayState.SUBMITTED if submit else WorkdayState.DRAFT


def _new_day(placement: Placement, *, submit: bool) -> NewDay:
    """Return what of a new entry the totals ask."""
    grounds, term = placement.grounds, placement.term
    return NewDay(
        pairing_id=grounds.pairing_id,
        year=placement.year,
        side=term.side,
        person_id=grounds.person_id,
        worked_on=placement.entry.worked_on,
        waiting_centidays=placement.value.centidays if submit else 0,
        is_eligible=term.state is AssignmentState.APPROVED and term.id in grounds.qualified,
    )


def edit_workday(
    deed: Deed, workday: Workday, entry: Entry, *, submit: bool, seen: int | None = None
) -> None:
    """Change a draft or a returned entry, and submit it if asked.

    ``seen`` is the version that the person had in front of them. A returned correction keeps its
    date, and may strike the day out.
    """
    step = _allowed(deed, workday, "edited")
    if seen is not None and seen != workday.version:
        raise Conflict([CHANGED_MEANWHILE])
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
    if submit:
        _take(deed, workday, _handing_in(workday), columns=columns)
    else:
        # A change that leads nowhere is no decision: why it was returned stays the last word.
        write(deed, [workday], step.source, None, {**columns, "claimed_state": None})
    refresh(deed.session, {(workday.pairing_id, one) for one in (before, workday.year)})
    deed.record("workday.edited", f"workday:{workday.id}", submitted=submit)


def submit_workday(deed: Deed, workday: Workday) -> None:
    """Hand a draft or returned entry in as it stands; a draft needs words by then."""
    is_wordless = workday.state is WorkdayState.DRAFT and is_blank(workday.description)
    refuse_if([NO_WORDS] if is_wordless else [])
    _take(deed, workday, _handing_in(workday))
    _settle(deed, workday, "submitted")


def recall_workday(deed: Deed, workday: Workday) -> None:
    """Take an entry back that nobody has confirmed yet, to change it."""
    _take(deed, workday, "recalled", noted=LIFE.step("recalled").done)
    _settle(deed, workday, "recalled")


def give_up_workday(deed: Deed, workday: Workday) -> None:
    """Give a returned entry up: its date is free again, its history stays."""
    done, nothing = LIFE.step("given_up").done, halves_for(0, (False, False))
    _take(deed, workday, "given_up", noted=done, columns=nothing)
    _settle(deed, workday, "given_up")


def delete_draft(deed: Deed, workday: Workday) -> None:
    """Delete an entry that was never handed in; what was, is given up or corrected instead."""
    _allowed(deed, workday, "deleted")
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


def _handing_in(workday: Workday) -> str:
    return "resubmitted" if workday.state == WorkdayState.RETURNED else "submitted"


def _take(
    deed: Deed,
    workday: Workday,
    verb: str,
    *,
    noted: str | None = None,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Take a step of the person's; what a file claimed of the entry is settled by it."""
    (facts,) = facts_of_days(deed.session, [workday])
    columns = {"claimed_state": None, **(columns or {})}
    take(deed, LIFE, workday, verb, facts=facts, noted=noted, columns=columns)


def _settle(deed: Deed, workday: Workday, event: str) -> None:
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record(f"workday.{event}", f"workday:{workday.id}")


def _allowed(deed: Deed, workday: Workday, verb: str) -> Step[DayFacts]:
    """Return a step of the person's, if it can be taken now; raise :class:`Refused`."""
    step = LIFE.step(verb)
    (facts,) = facts_of_days(deed.session, [workday])
    refuse_if(refusals_for_step(LIFE, step, facts, person_id=deed.actor.person_id))
    return step
