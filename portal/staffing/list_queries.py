"""The lists of assignments: all within the actor's scope, and those that wait for the actor."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Assignment, Organisation, Pairing, Person
from models.database import Moment
from models.types import AssignmentState, PairingState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.doors import Counts, how_many
from portal.matching import contains, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.pairings.standing_queries import IN_EFFECT
from portal.procedures.offer_rules import Off, Offer, offers, reasons_off
from portal.procedures.queries import waits_for
from portal.staffing.qualification_rules import Check
from portal.staffing.queries import Subject, checks_of_many
from portal.staffing.rules import LIFE, Facts

Nominator = aliased(Person)

ORDERS: dict[str, Sequence[Order]] = {
    "name": (Order(Person.name_order), Order(Assignment.id)),
    "organisation": (Order(Organisation.name_order), Order(Assignment.id)),
    "pairing": (Order(Pairing.code), Order(Assignment.id)),
    "starts_on": (Order(Assignment.starts_on), Order(Assignment.id)),
    "ends_on": (Order(Assignment.ends_on), Order(Assignment.id)),
    "nominated_at": (Order(Assignment.created_at), Order(Assignment.id)),
}
"""By the word in the URL; a minus before it turns the order round."""

DECIDING = ("assignment.approve", "assignment.except")
"""The permissions whose steps a queue offers."""

ON_DUTY = "on_duty"
EXCEPTED = "excepted"


class Filters(NamedTuple):
    """What a list of assignments is asked for; empty means everything.

    Each word of ``text`` is part of a person's or organisation's name or of a pairing's code. ``state`` is a
    state or ``ON_DUTY`` (approved, and today lies within); ``qualified`` is yes, no or ``EXCEPTED``.
    """

    text: str = ""
    side: Side | None = None
    state: AssignmentState | str | None = None
    qualified: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One line of a list; in a queue with what can be done, and why it cannot."""

    public_id: str
    person_id: int
    name: str
    side: Side
    organisation_name: str
    pairing_code: str
    starts_on: date
    ends_on: date
    state: AssignmentState
    is_qualified: bool
    is_excepted: bool
    nominated_by_id: int | None
    nominated_by: str | None
    nominated_at: datetime
    version: int
    pairing_id: int
    pairing_state: PairingState
    is_confirmed: bool
    checks: tuple[Check, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def choice(self) -> str | None:
        """What a bulk deed names, in the version that is shown; None where nobody may take it."""
        can = any(offer.verb == "approved" and not offer.off for offer in self.offers)
        return f"{self.public_id}-{self.version}" if can else None

    @property
    def off(self) -> list[Off]:
        return reasons_off(self.offers)


def list_assignments(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    today: date,
    sort: str = "-starts_on",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[AssignmentRow]:
    """Return one page of the assignments that the actor may read (two queries)."""
    wanted = _rows().where(
        within(Assignment, actor, "assignment.read"), *_conditions(filters, today)
    )
    return read_slice(
        session, wanted, orders_of(sort, "-starts_on"), cursor=cursor, size=size,
        make=lambda row: AssignmentRow(*row),
    )  # fmt: skip


def credit_codes_of(session: Session, public_ids: Collection[str]) -> dict[str, str]:
    """Return the credit codes of the organisations of assignments, by the ids of these."""
    rows = session.execute(
        sa.select(Assignment.public_id, Organisation.credit_code)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Assignment.public_id.in_(public_ids))
    )
    return {row.public_id: row.credit_code for row in rows}


def list_nominations(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    today: date,
    sort: str = "nominated_at",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[AssignmentRow]:
    """Return one page of what waits for the actor's approval, each with its checks (six queries)."""
    wanted = _rows().where(
        within(Assignment, actor, "assignment.approve"),
        Assignment.state == AssignmentState.NOMINATED,
        *_conditions(filters, today),
    )
    found = read_slice(
        session, wanted, orders_of(sort, "nominated_at"), cursor=cursor, size=size,
        make=lambda row: AssignmentRow(*row),
    )  # fmt: skip
    subjects = {row.public_id: _subject(row) for row in found.rows}
    checks = checks_of_many(session, set(subjects.values()))
    waiting = {row.pairing_id for row in found.rows if not row.is_confirmed}
    lives = lives_without_effect(session, waiting)
    deciding = {name for name in DECIDING if actor.holds(name)}
    rows = [
        replace(
            row,
            checks=tuple(checks[subjects[row.public_id]]),
            offers=tuple(
                offers(
                    LIFE,
                    _facts(row, lives),
                    person_id=actor.person_id,
                    permissions=deciding,
                    principals_for=actor.principals_for,
                )
            ),
        )
        for row in found.rows
    ]
    return replace(found, rows=rows)


def counts_of_nominations(actor: Actor, _moment: Moment) -> Counts | None:
    """Count what waits for the actor's approval; None without the permission."""
    waiting = to_approve(actor)
    if waiting is None:
        return None
    joined = sa.select(Assignment.id).join(Pairing, Pairing.id == Assignment.pairing_id)
    return [how_many(joined.where(waiting))]


def to_approve(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of what waits for the actor's approval; its query joins the pairing.

    What is named for a pairing that is not in effect waits for others first.
    """
    waiting = waits_for(LIFE, "approved", Assignment, actor)
    return None if waiting is None else waiting & IN_EFFECT


def chosen_nominations(
    session: Session, actor: Actor, public_ids: Sequence[str]
) -> list[Assignment]:
    """Return the assignments behind these ids that the actor may approve, in a fixed order."""
    return list(
        session.scalars(
            sa.select(Assignment)
            .where(
                Assignment.public_id.in_(public_ids),
                within(Assignment, actor, "assignment.approve"),
            )
            .order_by(Assignment.id)
        )
    )


def orders_of(sort: str, default: str) -> list[Order]:
    """Return the keys of an order in the URL; of a word that is none, those of the default."""
    if sort.removeprefix("-") not in ORDERS:
        sort = default
    orders = ORDERS[sort.removeprefix("-")]
    return [order._replace(descending=sort.startswith("-")) for order in orders]


def _subject(row: AssignmentRow) -> Subject:
    return Subject(row.person_id, row.side, row.starts_on)


def _facts(row: AssignmentRow, lives: Mapping[int, PairingLife]) -> Facts:
    in_effect = PairingLife(row.pairing_code, row.pairing_state, is_confirmed=True)
    return Facts(
        label=row.name,
        state=row.state,
        person_id=row.person_id,
        nominated_by_person_id=row.nominated_by_id,
        side=row.side,
        is_qualified=row.is_qualified,
        pairing=lives.get(row.pairing_id, in_effect),
    )


def _rows() -> Any:
    return (
        sa.select(
            Assignment.public_id,
            Assignment.person_id,
            Person.name,
            Assignment.side,
            Organisation.name,
            Pairing.code,
            Assignment.starts_on,
            Assignment.ends_on,
            Assignment.state,
            Assignment.is_qualified,
            Assignment.exception_reason.is_not(None),
            Assignment.nominated_by_person_id,
            Nominator.name.label("nominated_by"),
            Assignment.created_at,
            Assignment.version,
            Pairing.id,
            Pairing.state,
            IN_EFFECT,
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .outerjoin(Nominator, Nominator.id == Assignment.nominated_by_person_id)
    )


def _conditions(filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    conditions = has_every_word(
        filters.text,
        lambda word: [
            is_part_of_name(Person, word),
            is_part_of_name(Organisation, word),
            contains(Pairing.code, word),
        ],
    )
    if filters.side:
        conditions.append(Assignment.side == filters.side)
    if filters.state == ON_DUTY:
        conditions += [
            Assignment.state == AssignmentState.APPROVED,
            Assignment.starts_on <= today,
            Assignment.ends_on >= today,
        ]
    elif filters.state:
        conditions.append(Assignment.state == filters.state)
    if filters.qualified == EXCEPTED:
        conditions.append(Assignment.exception_reason.is_not(None))
    elif filters.qualified:
        conditions += [
            Assignment.side == Side.SENT,
            Assignment.is_qualified.is_(filters.qualified == "yes"),
        ]
    return conditions


def list_open_pairings(session: Session, actor: Actor, today: date) -> list[str]:
    """Return the codes of the pairings to which the actor may nominate people, at most ten."""
    return list(
        session.scalars(
            sa.select(Pairing.code)
            .where(
                Pairing.state.in_([PairingState.PROPOSED, PairingState.CONFIRMED]),
                Pairing.ends_on >= today,
                within(Pairing, actor, "assignment.write"),
            )
            .order_by(Pairing.starts_on.desc(), Pairing.id)
            .limit(10)
        )
    )
