"""Finding working days, and gathering the facts that the rules ask for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Assignment, Pairing, PairingYear, Person, Workday, WorkYear
from models.database import run
from models.types import WorkdayState
from portal.access.loading import Loader
from portal.pairings.queries import life_of, lives_without_effect
from portal.programme.queries import in_closed_year
from portal.workdays.rules import Decided, PairingFacts, Term, Year

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


def has_open_correction(session: Session, workday_id: int) -> bool:
    """Is a correction of this entry on its way, or approved?"""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Workday.corrects_id == workday_id, Workday.state != WorkdayState.SUPERSEDED
                )
            )
        )
    )


class OfYear(Protocol):
    """Anything that belongs to a work year of a pairing."""

    @property
    def pairing_id(self) -> int: ...

    @property
    def year(self) -> int: ...


def decided_facts(
    session: Session, workdays: Sequence[Workday], seen: dict[int, int] | None = None
) -> list[Decided]:
    """Return what the rules need to decide on entries, at four queries for each 400 people.

    ``seen`` gives the version in which each entry was shown to whoever decides.
    """
    names = _names(session, {workday.person_id for workday in workdays})
    closed = closed_keys(session, workdays)
    lives = lives_without_effect(session, {workday.pairing_id for workday in workdays})
    return [
        Decided(
            label=f"{names[workday.person_id]} {workday.worked_on}",
            state=workday.state,
            owner_person_id=workday.person_id,
            drafter_person_id=workday.entered_by_person_id,
            confirmer_person_id=workday.confirmed_by_person_id,
            is_closed=(workday.pairing_id, workday.year) in closed,
            is_changed=seen is not None and seen.get(workday.id) != workday.version,
            life=lives.get(workday.pairing_id),
        )
        for workday in workdays
    ]


def _names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    ordered = sorted(person_ids)
    names: dict[int, str] = {}
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(Person.id, Person.name).where(Person.id.in_(ordered[start : start + BATCH]))
        )
        names |= {row.id: row.name for row in rows}
    return names


def closed_keys(session: Session, workdays: Sequence[OfYear]) -> set[tuple[int, int]]:
    """Return the (pairing id, year) of these entries whose work year is closed."""
    ordered = sorted({workday.pairing_id for workday in workdays})
    years = {workday.year for workday in workdays}
    found: set[tuple[int, int]] = set()
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(PairingYear.pairing_id, PairingYear.year)
            .join(Pairing, Pairing.id == PairingYear.pairing_id)
            .where(
                PairingYear.pairing_id.in_(ordered[start : start + BATCH]),
                PairingYear.year.in_(years),
                in_closed_year(PairingYear.year, Pairing.receiving_province_code),
            )
        )
        found |= {(row.pairing_id, row.year) for row in rows}
    return found
