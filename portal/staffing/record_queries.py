"""One assignment as its page shows it: where it belongs, its days, and what was decided on it."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Assignment,
    Organisation,
    Pairing,
    Person,
    PersonYearTotal,
)


class Belonging(NamedTuple):
    """The person, the organisation and the pairing of an assignment, and its partner."""

    person: Person
    organisation: Organisation
    pairing: Pairing
    partner: Organisation


def belonging_of(session: Session, assignment: Assignment) -> Belonging:
    """Return what an assignment belongs to (one query)."""
    partner = aliased(Organisation)
    row = session.execute(
        sa.select(Person, Organisation, Pairing, partner)
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(
            partner,
            partner.id.in_([Pairing.sending_organisation_id, Pairing.receiving_organisation_id])
            & (partner.id != Assignment.organisation_id),
        )
        .where(Assignment.id == assignment.id)
    ).one()
    return Belonging(*row)


class DaysOfYear(NamedTuple):
    """The days of a person in a pairing and work year, in hundredths of a day."""

    year: int
    counted_centidays: int
    pending_centidays: int


def list_days(session: Session, assignment: Assignment) -> list[DaysOfYear]:
    """Return the person's days in this pairing and on this side, by year."""
    total = PersonYearTotal
    return [
        DaysOfYear(*row)
        for row in session.execute(
            sa.select(total.year, total.counted_centidays, total.pending_centidays)
            .where(
                total.pairing_id == assignment.pairing_id,
                total.person_id == assignment.person_id,
                total.side == assignment.side,
            )
            .order_by(total.year)
        )
    ]
