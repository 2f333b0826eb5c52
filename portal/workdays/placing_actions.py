"""Placing an entry: on which assignment, in which year, worth what, on which halves of its date."""

from __future__ import annotations

from typing import Any

from models import Pairing
from portal.calendar.queries import load_calendar
from portal.deeds import Deed
from portal.programme.queries import find_work_year_on, policy_on
from portal.refusals import refuse_if
from portal.workdays import rules
from portal.workdays.queries import facts_of, terms_of, year_facts
from portal.workdays.rules import Entry


def placed(
    deed: Deed,
    pairing: Pairing,
    person_id: int,
    entry: Entry,
    halves: tuple[bool, bool],
    *,
    is_correction: bool = False,
) -> dict[str, Any]:
    """Ask every rule about an entry; return its columns or raise :class:`Refused`.

    ``halves`` are those that the person's other entries take on that date.
    """
    session = deed.session
    terms = terms_of(session, pairing.id, person_id)
    work_year = find_work_year_on(session, entry.worked_on, pairing.receiving_province_code)
    policy = policy_on(session, entry.worked_on)
    refuse_if(
        rules.refusals_for_workday(
            entry,
            pairing=facts_of(session, pairing),
            terms=terms,
            year=year_facts(work_year),
            taken_half_days=sum(halves),
            policy=policy,
            today=deed.today,
            is_correction=is_correction,
        )
    )
    term = rules.term_on(terms, entry.worked_on)
    assert term is not None  # the rules refused it otherwise
    assert work_year is not None
    calendar = load_calendar(session, entry.worked_on, entry.worked_on)
    is_rest_day = not calendar.is_working_day(entry.worked_on)
    value = rules.value_of(
        half_days=entry.half_days,
        side=term.side,
        mode=entry.mode,
        task=entry.task,
        is_rest_day=is_rest_day,
        policy=policy,
    )
    return {
        **entry._asdict(),
        "assignment_id": term.id,
        "side": term.side,
        "year": work_year.year,
        "is_rest_day": is_rest_day,
        "worth_centidays": value.centidays,
        "hold": value.hold,
    }


def halves_for(half_days: int, taken: tuple[bool, bool]) -> dict[str, bool]:
    """Say which halves of a date an entry takes, given those that are taken."""
    if half_days == rules.HALF_DAYS_PER_DATE:
        return {"takes_first_half": True, "takes_second_half": True}
    if half_days == 0:
        return {"takes_first_half": False, "takes_second_half": False}
    return {"takes_first_half": not taken[0], "takes_second_half": taken[0]}
