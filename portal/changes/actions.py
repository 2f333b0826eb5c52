"""The doors of the calendar, the policy, a person's record and a pairing's end.

Each calls the verb of the room that the change belongs to, and then whoever follows. The opening
of programmes and work years stands in opening_actions.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from models import CalendarYear, Certificate, Pairing, Person, WorkYear
from models.types import CertLevel, DayKind, PairingState, Side
from portal.calendar.actions import drop_year, import_year, load_calendar_days, set_day
from portal.calendar.rules import DayRow
from portal.changes.follower_actions import (
    AFTER_CALENDAR,
    AFTER_END_OF_PAIRING,
    AFTER_POLICY,
    AFTER_POLICY_ON_PEOPLE,
    AFTER_RECORD_OF_PERSON,
    follow_dates,
)
from portal.deeds import Deed
from portal.pairings import actions as pairings
from portal.pairings import decision_actions
from portal.people import actions as people
from portal.people.rules import CertificateFacts, PersonFacts
from portal.programme.parameter_actions import add_parameter
from portal.workdays.revaluation_actions import refuse_closed_days

ON_PEOPLE = frozenset({"cert_levels", "min_service_months", "received_requires"})
"""Parameters that decide who qualifies (decisions B10, B11, B41), not what a day is worth."""


def change_day(deed: Deed, day: date, kind: DayKind | None, *, name: str, source: str) -> int:
    """Say what a date is (see ``set_day``); return how many working days changed their value."""
    refuse_closed_days(deed.session, day, day, {} if kind is None else {day: kind})
    set_day(deed, day, kind, name=name, source=source)
    return follow_dates(deed, AFTER_CALENDAR, day, day)


def change_year(deed: Deed, year: int, rows: Sequence[DayRow], *, source: str) -> int:
    """Replace a year by its notice (see ``import_year``); return how many days changed."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    refuse_closed_days(deed.session, first, last, {row.day: row.kind for row in rows})
    import_year(deed, year, rows, source=source)
    return follow_dates(deed, AFTER_CALENDAR, first, last)


def remove_year(deed: Deed, year: int) -> int:
    """Take a year's notice away (see ``drop_year``); return how many days changed."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    refuse_closed_days(deed.session, first, last, {})
    drop_year(deed, year)
    return follow_dates(deed, AFTER_CALENDAR, first, last)


def load_shipped_years(deed: Deed) -> dict[str, int]:
    """Load the notices that a release ships (see ``load_calendar_days``); return its counts.

    A year that came with the release was reckoned Monday to Friday until now: the days of it that
    are already logged are decided anew, those of closed work years excepted.
    """
    known = set(deed.session.scalars(sa.select(CalendarYear.year)))
    counts = load_calendar_days(deed)
    if deed.session.scalar(sa.select(sa.exists().where(Pairing.id > 0))):
        for year in sorted(set(deed.session.scalars(sa.select(CalendarYear.year))) - known):
            follow_dates(deed, AFTER_CALENDAR, date(year, 1, 1), date(year, 12, 31))
    return counts


def change_parameter(deed: Deed, key: str, value_text: str, valid_from: date, note: str) -> int:
    """Give a parameter a value from a date on (see ``add_parameter``); return how many days changed.

    All pairings of the open work years from that date on are judged anew; people nominated from
    that date on, where it decides on them.
    """
    row = add_parameter(deed, key, value_text, valid_from, note)
    # No working day is later than the work years of its programme.
    last = deed.session.scalars(
        sa.select(sa.func.max(WorkYear.ends_on)).where(WorkYear.programme_id == row.programme_id)
    ).one()
    followers = AFTER_POLICY_ON_PEOPLE if key in ON_PEOPLE else AFTER_POLICY
    return follow_dates(deed, followers, valid_from, last)


def edit_person(deed: Deed, person: Person, facts: PersonFacts, *, version: int) -> None:
    """Change name, phone and start of service (see people's ``edit_person``)."""
    people.edit_person(deed, person, facts, version=version)
    _follow_record(deed, person)


def record_certificate(deed: Deed, person: Person, facts: CertificateFacts) -> Certificate:
    """Record a certificate, or mend the one of the same level (see people's)."""
    certificate = people.record_certificate(deed, person, facts)
    _follow_record(deed, person)
    return certificate


def restore_person(
    deed: Deed,
    person: Person,
    facts: PersonFacts,
    level: CertLevel | None,
    certificate: CertificateFacts | None,
) -> None:
    """Put back what stood of a person before a file changed it (see people's)."""
    people.restore_person(deed, person, facts, level, certificate)
    _follow_record(deed, person)


def terminate_pairing(
    deed: Deed, pairing: Pairing, *, last_day: date, reason: str, version: int | None = None
) -> None:
    """End a pairing early (see pairings' ``terminate_pairing``), and what hangs on it."""
    pairings.terminate_pairing(deed, pairing, last_day=last_day, reason=reason, version=version)
    _follow_end(deed, pairing)


def decline_pairing(deed: Deed, pairing: Pairing, reason: str, *, seen: int | None = None) -> None:
    """Say no to a proposed pairing, or take it back (see pairings' ``decline_pairing``)."""
    decision_actions.decline_pairing(deed, pairing, reason, seen=seen)
    _follow_end(deed, pairing)


def decide_on_exception(
    deed: Deed,
    pairing: Pairing,
    side: Side,
    *,
    is_granted: bool,
    opinion: str,
    seen: int | None = None,
) -> None:
    """Grant or refuse a second partner (see pairings'); refused, the pairing is declined with it."""
    decision_actions.decide_on_exception(
        deed, pairing, side, is_granted=is_granted, opinion=opinion, seen=seen
    )
    if pairing.state == PairingState.DECLINED:
        _follow_end(deed, pairing)


def _follow_record(deed: Deed, person: Person) -> None:
    for follow in AFTER_RECORD_OF_PERSON:
        follow(deed, person.id)


def _follow_end(deed: Deed, pairing: Pairing) -> None:
    for follow in AFTER_END_OF_PAIRING:
        follow(deed, pairing)
