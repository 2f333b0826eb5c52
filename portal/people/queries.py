"""Reading people: one, the list within the actor's scope, and what belongs to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    Certificate,
    Organisation,
    Pairing,
    Person,
    PersonYearTotal,
)
from models.types import AssignmentState, CertLevel, Side
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.matching import has_every_word, is_part_of_name
from portal.organisations.queries import is_called
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.people.qualifying_queries import only_receives, qualifies_on
from portal.personal_data.vault import Vault
from portal.programme.queries import policy_on
from portal.standards.dates import full_months_between
from portal.standards.id_number import normalise_id_number

PERSON = Loader("person", Person, "person.read", {"person_id": Person.public_id})

NEVER = date(9999, 12, 31)
"""Where people without a start of service stand in an order by it."""

ORDERS: dict[str, Sequence[Order]] = {
    "organisation": (
        Order(Organisation.name_order),
        Order(Person.name_order),
        Order(Person.id),
    ),
    "name": (Order(Person.name_order), Order(Person.id)),
    "service": (
        Order(sa.func.coalesce(Person.service_started_on, sa.literal(NEVER, sa.Date))),
        Order(Person.id),
    ),
}
"""By the word in the URL; a minus before it turns the order round."""

DEFAULT_ORDER = "organisation"

UNCERTIFIED = "none"
"""The filter for people without any certificate."""


class Filters(NamedTuple):
    """What a list of people is asked for; empty means everything.

    Each word of ``text`` is part of the name, each of ``organisation`` part of its name or the
    beginning of its credit code; ``level`` is one that they hold, or ``UNCERTIFIED``.
    """

    text: str = ""
    organisation: str = ""
    level: CertLevel | str | None = None
    is_qualified: bool | None = None


class CertificateRow(NamedTuple):
    level: CertLevel
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list; numbers are masked.

    ``is_qualified`` says whether the person could be sent on the day that was asked for; of whoever
    ``only_receives`` nobody asks it. ``service_months`` how many full months of service there are on it (None: no start known).
    """

    id: int
    public_id: str
    name: str
    id_number_masked: str | None
    service_started_on: date | None
    organisation_name: str
    credit_code: str
    is_qualified: bool
    only_receives: bool
    service_months: int | None = None
    certificates: tuple[CertificateRow, ...] = ()


class AssignmentRow(NamedTuple):
    """A person's part in a pairing."""

    id: int
    public_id: str
    pairing_code: str
    side: Side
    starts_on: date
    ends_on: date
    state: AssignmentState
    is_qualified: bool
    exception_reason: str | None


class DaysRow(NamedTuple):
    """The days of a person in a pairing and work year, in hundredths of a day."""

    year: int
    pairing_code: str
    side: Side
    counted_centidays: int
    pending_centidays: int
    first_day: date | None
    last_day: date | None


def find_by_id_number(session: Session, vault: Vault, id_number: str) -> Person | None:
    """Return the person with an ID number, by its blind index, or None."""
    index = vault.index(normalise_id_number(id_number))
    return session.scalars(sa.select(Person).where(Person.id_number_index == index)).one_or_none()


def organisation_of(session: Session, person: Person) -> Organisation | None:
    """Return the organisation that a person belongs to; None for an officer."""
    return session.scalars(
        sa.select(Organisation).where(Organisation.id == person.organisation_id)
    ).one_or_none()


def certificates_of(session: Session, person_id: int) -> list[Certificate]:
    """Return a person's certificates, latest first."""
    return list(
        session.scalars(
            sa.select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.issued_on.desc(), Certificate.id)
        )
    )


def list_people(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    on: date,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[PersonRow]:
    """Return one page of the people within the actor's scope, as they stand on a day (5 queries)."""
    qualifies = sa.case((qualifies_on(on, policy_on(session, on)), 1), else_=0)
    wanted: Any = (
        sa.select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.id_number_masked,
            Person.service_started_on,
            Organisation.name,
            Organisation.credit_code,
            (qualifies == 1).label("is_qualified"),
            only_receives().label("only_receives"),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(within(Person, actor, "person.read"), *_conditions(filters, qualifies))
    )
    found = read_slice(
        session,
        wanted,
        orders_of(sort),
        cursor=cursor,
        make=lambda row: PersonRow(*row),
        size=size,
    )
    certificates = _certificates_of_all(session, [row.id for row in found.rows])
    rows = [
        replace(
            row,
            service_months=service_months(row.service_started_on, on),
            certificates=tuple(certificates[row.id]),
        )
        for row in found.rows
    ]
    return replace(found, rows=rows)


def service_months(started_on: date | None, on: date) -> int | None:
    """Return the full months of service on a day; None if the start is not known."""
    return full_months_between(started_on, on) if started_on else None


def orders_of(sort: str) -> list[Order]:
    """Return the keys of an order in the URL; of a word that is none, those of the default."""
    orders = ORDERS.get(sort.removeprefix("-"), ORDERS[DEFAULT_ORDER])
    return [order._replace(descending=sort.startswith("-")) for order in orders]


def _conditions(filters: Filters, qualifies: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
    conditions = has_every_word(filters.text, lambda word: [is_part_of_name(Person, word)])
    conditions += has_every_word(filters.organisation, is_called)
    held = sa.exists().where(Certificate.person_id == Person.id)
    if filters.level == UNCERTIFIED:
        conditions.append(sa.not_(held))
    elif isinstance(filters.level, CertLevel):
        conditions.append(held.where(Certificate.level == filters.level))
    if filters.is_qualified is not None:
        conditions.append(qualifies == int(filters.is_qualified))
        if not filters.is_qualified:
            conditions.append(sa.not_(only_receives()))
    return conditions


def _certificates_of_all(
    session: Session, person_ids: Collection[int]
) -> dict[int, list[CertificateRow]]:
    found: dict[int, list[CertificateRow]] = defaultdict(list)
    for person_id, level, issued_on in session.execute(
        sa.select(Certificate.person_id, Certificate.level, Certificate.issued_on)
        .where(Certificate.person_id.in_(person_ids))
        .order_by(Certificate.id)
    ):
        found[person_id].append(CertificateRow(level, issued_on))
    return found


def list_assignments_of(session: Session, actor: Actor, person_id: int) -> list[AssignmentRow]:
    """Return a person's assignments that the actor may see, latest first."""
    rows: Any = session.execute(
        sa.select(
            Assignment.id,
            Assignment.public_id,
            Pairing.code,
            Assignment.side,
            Assignment.starts_on,
            Assignment.ends_on,
            Assignment.state,
            Assignment.is_qualified,
            Assignment.exception_reason,
        )
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(Assignment.person_id == person_id, within(Assignment, actor, "assignment.read"))
        .order_by(Assignment.starts_on.desc(), Assignment.id.desc())
    )
    return [AssignmentRow(*row) for row in rows]


def list_days_of(session: Session, actor: Actor, person_id: int) -> list[DaysRow]:
    """Return a person's days by year and pairing, as far as the actor may see the pairing."""
    rows: Any = session.execute(
        sa.select(
            PersonYearTotal.year,
            Pairing.code,
            PersonYearTotal.side,
            PersonYearTotal.counted_centidays,
            PersonYearTotal.pending_centidays,
            PersonYearTotal.first_day,
            PersonYearTotal.last_day,
        )
        .join(Pairing, Pairing.id == PersonYearTotal.pairing_id)
        .where(PersonYearTotal.person_id == person_id, within(Pairing, actor, "pairing.read"))
        .order_by(PersonYearTotal.year.desc(), Pairing.code, PersonYearTotal.side)
    )
    return [DaysRow(*row) for row in rows]
