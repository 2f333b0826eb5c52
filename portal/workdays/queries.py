"""Finding working days, and gathering the facts that the rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Assignment, Pairing, Workday, WorkYear
from models.database import run
from models.types import NATION
from portal.access.loading import Loader
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import life_of
from portal.programme.regime_queries import TOKEN, regime_of
from portal.workdays.placing_rules import Grounds
from portal.workdays.rules import PairingFacts, Term

WORKDAY = Loader("workday", Workday, "workday.read", {"workday_id": Workday.id})

BATCH = 400
"""Rows named in one statement; SQLite allows 999 bound values in old builds."""


def _is_taken(half: InstrumentedAttribute[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        half,
        Workday.person_id == sa.bindparam("person_id"),
        Workday.worked_on == sa.bindparam("day"),
        Workday.id.not_in([sa.bindparam("besides"), sa.bindparam("besides_too")]),
    )


_HALVES = (_is_taken(Workday.takes_first_half), _is_taken(Workday.takes_second_half))
_HALVES_TAKEN = sa.select(*_HALVES)
_GROUNDS = (
    sa.select(
        TOKEN,
        Pairing.code,
        Pairing.state,
        Pairing.confirmed_at.is_not(None),
        Pairing.starts_on,
        Pairing.ends_on,
        Pairing.county_code,
        Pairing.receiving_province_code,
        *(half.label(f"half_{number}") for number, half in enumerate(_HALVES)),
        Assignment.is_qualified,
        Assignment.id,
        Assignment.side,
        Assignment.starts_on,
        Assignment.ends_on,
        Assignment.state,
    )
    .select_from(Pairing)
    .outerjoin(
        Assignment,
        sa.and_(
            Assignment.pairing_id == Pairing.id,
            Assignment.person_id == sa.bindparam("person_id"),
        ),
    )
    .where(Pairing.id == sa.bindparam("pairing_id"))
    .order_by(Assignment.starts_on)
)


def grounds_of(
    session: Session, pairing_id: int, person_id: int, day: date, *, besides: Sequence[int] = ()
) -> Grounds:
    """Return what the rules ask about a day: one query, where the regime is known already.

    ``besides`` are at most two entries that are left out of the halves taken.
    """
    asked = {"pairing_id": pairing_id, **_asked(person_id, day, besides)}
    rows = run(session, _GROUNDS, asked).all()
    token, code, state, is_confirmed, starts_on, ends_on, county_code, province_code = rows[0][:8]
    life = PairingLife(code, state, bool(is_confirmed))
    if not is_confirmed:
        life = life_of(session, session.get_one(Pairing, pairing_id))
    terms = [(row[10], Term(*row[11:])) for row in rows if row[11] is not None]
    return Grounds(
        pairing_id=pairing_id,
        person_id=person_id,
        pairing=PairingFacts(life, starts_on, ends_on, county_code),
        province_code=province_code,
        terms=[term for _, term in terms],
        qualified=frozenset(term.id for is_qualified, term in terms if is_qualified),
        halves=(bool(rows[0][8]), bool(rows[0][9])),
        regime=regime_of(session, token),
    )


def _of_dates(half: InstrumentedAttribute[bool]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Workday.worked_on, Workday.takes_first_half, Workday.takes_second_half).where(
        half,
        Workday.person_id == sa.bindparam("person_id"),
        Workday.worked_on.in_(sa.bindparam("days", expanding=True)),
    )


_HALVES_OF_DATES = sa.union_all(
    _of_dates(Workday.takes_first_half), _of_dates(Workday.takes_second_half)
)


def grounds_of_days(
    session: Session, pairing_id: int, person_id: int, days: Sequence[date]
) -> dict[date, Grounds]:
    """Return what the rules ask about each of several days: two queries, however many they are."""
    common = grounds_of(session, pairing_id, person_id, days[0])
    if not days[1:]:
        return {days[0]: common}
    taken = dict.fromkeys(days, (False, False))
    asked = {"person_id": person_id, "days": list(days)}
    for day, first, second in run(session, _HALVES_OF_DATES, asked):
        taken[day] = (taken[day][0] or first, taken[day][1] or second)
    return {day: common._replace(halves=halves) for day, halves in taken.items()}


def halves_taken(
    session: Session, person_id: int, day: date, *, besides: Sequence[int] = ()
) -> tuple[bool, bool]:
    """Return which halves of a date a person's entries take, leaving out two at most.

    Each half is asked for by itself: only so both databases use its unique partial index, and a
    log costs the same however many there are.
    """
    first, second = run(session, _HALVES_TAKEN, _asked(person_id, day, besides)).one()
    return bool(first), bool(second)


def _asked(person_id: int, day: date, besides: Sequence[int]) -> dict[str, Any]:
    one, other, *_ = (*besides, 0, 0)
    return {"person_id": person_id, "day": day, "besides": one, "besides_too": other}


def years_and_days(session: Session) -> list[tuple[int, bool]]:
    """Return the years that have a work year, latest first, each with whether anybody logged a day."""
    # Not by EXISTS: PostgreSQL, sure to meet a day of the year at once, reads the whole table for a
    # year without any. The latest day is looked up in the index of dates.
    latest = sa.select(sa.func.max(Workday.worked_on)).where(Workday.year == WorkYear.year)
    rows = session.execute(
        sa.select(WorkYear.year, latest.scalar_subquery().is_not(None))
        .where(WorkYear.region_code == NATION)
        .order_by(WorkYear.year.desc())
    )
    return [(row[0], bool(row[1])) for row in rows]
