"""Where somebody may claim: the organisation and pairing, the people whom wages pay, what is left."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Organisation, Pairing, Person, Region
from models.types import AssignmentState, ExpenseCategory, FundSource, Side
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.ledger.queries import year_of
from portal.programme.queries import find_work_year_on
from portal.spending.eligibility_rules import Matrix
from portal.spending.ground_queries import by_source, cash_of, matrix_of

LATE = timedelta(days=120)
"""So long after a pairing ended its last vouchers are handed in."""


class ClaimPlace(NamedTuple):
    """An organisation and a pairing for which its money is spent."""

    pairing_id: int
    code: str
    side: Side
    county_name: str
    receiving_province_code: str
    organisation_id: int
    organisation_name: str
    province_code: str

    @property
    def key(self) -> str:
        return f"{self.code}.{self.side.value}"

    @property
    def label(self) -> str:
        return f"{self.county_name}（{self.code}，{self.side.label}）"


_COLUMNS: tuple[Any, ...] = (
    Pairing.id,
    Pairing.code,
    Pairing.sending_organisation_id == Organisation.id,
    Region.name,
    Pairing.receiving_province_code,
    Organisation.id,
    Organisation.name,
    Organisation.province_code,
)


def _place(row: Any) -> ClaimPlace:
    return ClaimPlace._make((*row[:2], Side.SENT if row[2] else Side.RECEIVED, *row[3:]))


def places_of(session: Session, actor: Actor, today: date) -> list[ClaimPlace]:
    """Return where an actor may claim, the pairings that began last first; one query."""
    conditions: list[sa.ColumnElement[bool]] = [sa.false()]
    for reach, grant in actor.reaches("spending.claim"):
        if reach == Reach.ORGANISATION:
            conditions.append(Organisation.id == grant.organisation_id)
        elif reach == Reach.SELF:
            conditions.append(_was_assigned(actor.person_id))
    rows = session.execute(
        sa.select(*_COLUMNS)
        .select_from(Pairing)
        .join(
            Organisation,
            sa.or_(
                Organisation.id == Pairing.sending_organisation_id,
                Organisation.id == Pairing.receiving_organisation_id,
            ),
        )
        .join(Region, Region.code == Pairing.county_code)
        .where(
            Pairing.confirmed_at.is_not(None),
            Pairing.starts_on <= today,
            Pairing.ends_on >= today - LATE,
            sa.or_(*conditions),
        )
        .order_by(Pairing.starts_on.desc(), Pairing.code, Organisation.id)
    )
    return [_place(row) for row in rows]


def _was_assigned(person_id: int | None) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Assignment.person_id == person_id,
        Assignment.pairing_id == Pairing.id,
        Assignment.organisation_id == Organisation.id,
        Assignment.state != AssignmentState.REJECTED,
    )


def place_of(session: Session, organisation_id: int, pairing_id: int) -> ClaimPlace:
    """Return the place of an expenditure."""
    row = session.execute(
        sa.select(*_COLUMNS)
        .select_from(Pairing)
        .join(Organisation, Organisation.id == organisation_id)
        .join(Region, Region.code == Pairing.county_code)
        .where(Pairing.id == pairing_id)
    ).one()
    return _place(row)


class Payable(NamedTuple):
    """Somebody whom wages may pay."""

    person_id: int
    public_id: str
    name: str


def people_of(session: Session, place: ClaimPlace, actor: Actor) -> list[Payable]:
    """Return the people of an organisation in a pairing by name; for staff, who claim their own, one."""
    rows = session.execute(
        sa.select(Person.id, Person.public_id, Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.pairing_id == place.pairing_id,
            Assignment.organisation_id == place.organisation_id,
            Assignment.state != AssignmentState.REJECTED,
        )
        .group_by(Person.id, Person.public_id, Person.name, Person.name_order)
        .order_by(Person.name_order, Person.id)
    )
    found = [Payable(*row) for row in rows]
    own = [one for one in found if one.person_id == actor.person_id]
    return found if manages(actor, place.organisation_id) else own


def manages(actor: Actor, organisation_id: int) -> bool:
    """Does an actor claim for all of an organisation?"""
    return any(
        reach == Reach.ORGANISATION and grant.organisation_id == organisation_id
        for reach, grant in actor.reaches("spending.claim")
    )


def year_on(session: Session, place: ClaimPlace, day: date) -> int:
    """Return the work year of a date for a pairing; of a date in none, that of the calendar."""
    found = find_work_year_on(session, day, place.receiving_province_code)
    return found.year if found else day.year


class ClaimPurse(NamedTuple):
    """What an organisation may spend in a year, and on what: shown while somebody claims."""

    year: int
    left: dict[FundSource, int]
    matrix: Matrix
    is_open: bool

    @property
    def left_in_yuan(self) -> str:
        """As the script reads it: the amount left, by source."""
        return json.dumps({source.value: fen / 100 for source, fen in self.left.items()})

    @property
    def categories(self) -> list[ExpenseCategory]:
        return list(ExpenseCategory)


def purse_of(session: Session, place: ClaimPlace, year: int, day: date) -> ClaimPurse:
    cash = cash_of(session, [(place.organisation_id, year)])
    province = province_name(session, place.province_code)
    facts = year_of(session, place.pairing_id, year, place.organisation_id)
    return ClaimPurse(
        year,
        by_source(cash, place.organisation_id, year),
        matrix_of(session, place.province_code, province, day),
        is_open=facts.starts_on is not None and not facts.is_closed,
    )


def province_name(session: Session, code: str) -> str:
    return session.scalars(sa.select(Region.name).where(Region.code == code)).one()


def ids_of(people: Collection[Payable]) -> dict[str, int]:
    return {one.public_id: one.person_id for one in people}
