"""One pairing as its page shows it: its facts, its people, and what was decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    Organisation,
    Pairing,
    PairingException,
    PairingYear,
    Person,
    PersonYearTotal,
    Region,
)
from models.types import AssignmentState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.places.queries import full_region_names

PEOPLE_SHOWN = 100
"""People of a pairing on its page; whoever has more looks into the list of assignments."""


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation of a pairing, and the province it stands for."""

    side: Side
    organisation_id: int
    name: str
    credit_code: str
    province: str
    seat: str


def parties_of(session: Session, pairing: Pairing) -> dict[Side, Party]:
    """Return the sending and the receiving organisation (two queries)."""
    rows = session.execute(
        sa.select(Organisation, Region.name)
        .join(Region, Region.code == Organisation.province_code)
        .where(
            Organisation.id.in_(
                [pairing.sending_organisation_id, pairing.receiving_organisation_id]
            )
        )
    ).all()
    seats = full_region_names(session, [one.region_code for one, _ in rows])
    sides = {pairing.sending_organisation_id: Side.SENT}
    return {
        side: Party(side, one.id, one.name, one.credit_code, province, seats[one.region_code])
        for one, province in rows
        for side in [sides.get(one.id, Side.RECEIVED)]
    }


def readable_parties(session: Session, actor: Actor, pairing: Pairing) -> set[int]:
    """Return those of the two organisations whose own page is open to the actor (their ids)."""
    both = [pairing.sending_organisation_id, pairing.receiving_organisation_id]
    reached = within(Organisation, actor, "organisation.read")
    return set(
        session.scalars(sa.select(Organisation.id).where(Organisation.id.in_(both), reached))
    )


def years_of(session: Session, pairing_id: int) -> list[int]:
    """Return the work years in which a pairing stands, in order."""
    return list(
        session.scalars(
            sa.select(PairingYear.year)
            .where(PairingYear.pairing_id == pairing_id)
            .order_by(PairingYear.year)
        )
    )


class Member(NamedTuple):
    """A person of a pairing, with the days of one work year in hundredths of a day."""

    public_id: str
    name: str
    side: Side
    starts_on: date
    ends_on: date
    state: AssignmentState
    is_qualified: bool
    is_excepted: bool
    counted_centidays: int
    pending_centidays: int


def list_members(session: Session, actor: Actor, pairing_id: int, year: int) -> list[Member]:
    """Return the assignments that the actor may see, sent people first, in order of the start."""
    total = PersonYearTotal
    rows = session.execute(
        sa.select(
            Assignment.public_id,
            Person.name,
            Assignment.side,
            Assignment.starts_on,
            Assignment.ends_on,
            Assignment.state,
            Assignment.is_qualified,
            Assignment.exception_reason.is_not(None),
            sa.func.coalesce(total.counted_centidays, 0),
            sa.func.coalesce(total.pending_centidays, 0),
        )
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(
            total,
            sa.and_(
                total.pairing_id == Assignment.pairing_id,
                total.year == year,
                total.side == Assignment.side,
                total.person_id == Assignment.person_id,
            ),
        )
        .where(Assignment.pairing_id == pairing_id, within(Assignment, actor, "assignment.read"))
        .order_by(Assignment.side.desc(), Assignment.starts_on, Person.name_order, Assignment.id)
        .limit(PEOPLE_SHOWN)
    )
    return [Member._make(row) for row in rows]


class Heads(NamedTuple):
    """People of one side: approved ones, and nominations that wait for approval."""

    approved: int
    waiting: int


def count_heads(session: Session, pairing_id: int) -> dict[Side, Heads]:
    """Count the people of each side, whoever asks: the partner side shows as a number."""
    rows = session.execute(
        sa.select(
            Assignment.side, Assignment.state, sa.func.count(sa.distinct(Assignment.person_id))
        )
        .where(Assignment.pairing_id == pairing_id, Assignment.state != AssignmentState.REJECTED)
        .group_by(Assignment.side, Assignment.state)
    )
    counts = {(side, state): number for side, state, number in rows}
    return {
        side: Heads(
            counts.get((side, AssignmentState.APPROVED), 0),
            counts.get((side, AssignmentState.NOMINATED), 0),
        )
        for side in Side
    }


def deciding_sides(session: Session, actor: Actor, pairing_id: int) -> set[Side]:
    """Return the sides where nominations wait for the actor's approval."""
    return set(
        session.scalars(
            sa.select(Assignment.side)
            .where(
                Assignment.pairing_id == pairing_id,
                Assignment.state == AssignmentState.NOMINATED,
                within(Assignment, actor, "assignment.approve"),
            )
            .distinct()
        )
    )


def own_sides(actor: Actor, pairing: Pairing) -> set[Side]:
    """Return the sides for whose organisation the actor may nominate people."""
    own = {grant.organisation_id for _, grant in actor.reaches("assignment.write")}
    organisations = {
        Side.SENT: pairing.sending_organisation_id,
        Side.RECEIVED: pairing.receiving_organisation_id,
    }
    return {side for side, organisation_id in organisations.items() if organisation_id in own}


class Request(NamedTuple):
    """A second partner that was asked for: by whom, when, why; ``is_granted`` None: undecided."""

    who: str
    at: datetime
    reason: str
    is_granted: bool | None


def request_of(session: Session, pairing_id: int, side: Side) -> Request | None:
    """Return the exception that was asked for on a side, or None."""
    row = session.execute(
        sa.select(
            Person.name,
            PairingException.requested_at,
            PairingException.reason,
            PairingException.is_granted,
        )
        .join(Person, Person.id == PairingException.requested_by_person_id)
        .where(PairingException.pairing_id == pairing_id, PairingException.side == side)
    ).one_or_none()
    return Request(*row) if row else None
