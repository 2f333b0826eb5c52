"""Reading working days, and gathering the facts that the rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Workday, WorkYear
from portal.access.loading import Loader
from portal.workdays.rules import PairingFacts, Term, Year

WORKDAY = Loader("workday", Workday, "workday.read", {"workday_id": Workday.id})


def facts_of(pairing: Pairing) -> PairingFacts:
    """Return what the rules need of a pairing."""
    return PairingFacts(
        pairing.code, pairing.state, pairing.starts_on, pairing.ends_on, pairing.county_code
    )


def terms_of(session: Session, pairing_id: int, person_id: int) -> list[Term]:
    """Return a person's assignments to a pairing, by their first day."""
    return [
        Term(*row)
        for row in session.execute(
            sa.select(
                Assignment.id,
                Assignment.side,
                Assignment.starts_on,
                Assignment.ends_on,
                Assignment.state,
            )
            .where(Assignment.pairing_id == pairing_id, Assignment.person_id == person_id)
            .order_by(Assignment.starts_on)
        )
    ]


def year_facts(work_year: WorkYear | None) -> Year | None:
    """Return what the rules need of a work year."""
    if work_year is None:
        return None
    return Year(
        work_year.year, work_year.starts_on, work_year.ends_on, work_year.closed_at is not None
    )


def halves_taken(
    session: Session, person_id: int, day: date, *, besides: Sequence[int] = ()
) -> tuple[bool, bool]:
    """Return which halves of a date a person's entries take, leaving some entries out."""
    rows = session.execute(
        sa.select(Workday.takes_first_half, Workday.takes_second_half).where(
            Workday.person_id == person_id,
            Workday.worked_on == day,
            Workday.id.not_in(besides),
        )
    ).all()
    return any(row[0] for row in rows), any(row[1] for row in rows)
