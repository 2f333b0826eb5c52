"""Finding working days, and gathering the facts that the rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Assignment, Pairing, Workday, WorkYear
from models.database import run
from portal.access.loading import Loader
from portal.pairings.queries import life_of
from portal.workdays.rules import PairingFacts, Term, Year

WORKDAY = Loader("workday", Workday, "workday.read", {"workday_id": Workday.id})

BATCH = 400
"""Rows named in one statement; SQLite allows 999 bound values in old builds."""


def facts_of(session: Session, pairing: Pairing) -> PairingFacts:
    """Return what the rules need of a pairing."""
    return PairingFacts(
        life_of(session, pairing), pairing.starts_on, pairing.ends_on, pairing.county_code
    )


_TERMS = (
    sa.select(
        Assignment.id,
        Assignment.side,
        Assignment.starts_on,
        Assignment.ends_on,
        Assignment.state,
    )
    .where(
        Assignment.pairing_id == sa.bindparam("pairing_id"),
        Assignment.person_id == sa.bindparam("person_id"),
    )
    .order_by(Assignment.starts_on)
)


def terms_of(session: Session, pairing_id: int, person_id: int) -> list[Term]:
    """Return a person's assignments to a pairing, by their first day."""
    rows = run(session, _TERMS, {"pairing_id": pairing_id, "person_id": person_id})
    return [Term(*row) for row in rows]


def year_facts(work_year: WorkYear | None) -> Year | None:
    """Return what the rules need of a work year."""
    if work_year is None:
        return None
    return Year(
        work_year.year, work_year.starts_on, work_year.ends_on, work_year.closed_at is not None
    )


def _is_taken(half: InstrumentedAttribute[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        half,
        Workday.person_id == sa.bindparam("person_id"),
        Workday.worked_on == sa.bindparam("day"),
        Workday.id.not_in(sa.bindparam("besides", expanding=True)),
    )


_HALVES_TAKEN = sa.select(_is_taken(Workday.takes_first_half), _is_taken(Workday.takes_second_half))


def halves_taken(
    session: Session, person_id: int, day: date, *, besides: Sequence[int] = ()
) -> tuple[bool, bool]:
    """Return which halves of a date a person's entries take, leaving some entries out.

    Each half is asked for by itself: only so both databases use its unique partial index, and a
    log costs the same however many there are.
    """
    asked = {"person_id": person_id, "day": day, "besides": besides}
    first, second = run(session, _HALVES_TAKEN, asked).one()
    return bool(first), bool(second)
