"""Who was at work in a month, and who of them has declared it complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Assignment, MonthDeclaration, Organisation, Pairing, Person, Region
from models.types import AssignmentState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.matching import has_every_word, is_part_of_name
from portal.months.queries import count_handed_in, stands
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.standards.dates import last_of_month


class MonthRow(NamedTuple):
    """A person at work in a month, and whether they have declared it."""

    pairing_code: str
    county_name: str
    organisation: str
    person_name: str
    side: Side
    half_days: int
    declared_at: datetime | None
    holds: bool
    assignment_id: str

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"


class DeclaredShare(NamedTuple):
    """How many people were at work in a month, and how many of them have declared it."""

    people: int
    declared: int

    @property
    def percent(self) -> str:
        return f"{self.declared / self.people:.0%}" if self.people else "—"


class DeclaredArea(NamedTuple):
    """A receiving province or county, and how many of its people have declared."""

    code: str
    name: str
    share: DeclaredShare


class DeclaredCounty(NamedTuple):
    province: str
    province_name: str
    code: str
    name: str
    share: DeclaredShare


@dataclass(frozen=True, slots=True)
class MonthsAsked:
    """What the list is asked for. ``declared`` is yes or no, ``area`` a receiving province or county."""

    month: date
    pairing: str = ""
    person: str = ""
    declared: str = ""
    area: str = ""


def list_people(
    session: Session,
    actor: Actor,
    filters: MonthsAsked,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[MonthRow]:
    """Return a page of the people within an actor's reach who were at work in a month."""
    handed_in = count_handed_in(
        Assignment.person_id, Assignment.pairing_id, filters.month, last_of_month(filters.month)
    )
    holds = _holds()
    columns: tuple[Any, ...] = (
        Pairing.code,
        Region.name,
        Organisation.name,
        Person.name,
        Assignment.side,
        handed_in,
        MonthDeclaration.declared_at,
        holds,
        Assignment.public_id,
    )
    wanted = _at_work(sa.select(*columns), actor, filters)
    if filters.declared:
        wanted = wanted.where(holds if filters.declared == "yes" else sa.not_(holds))
    orders = (Order(Pairing.code), Order(Assignment.side), Order(Person.name_order),
              Order(Assignment.id))  # fmt: skip

    def make(row: Sequence[Any]) -> MonthRow:
        return MonthRow._make((*row[:7], bool(row[7]), row[8]))

    return read_slice(session, wanted, orders, cursor=cursor, make=make, size=size)


def counties_of(session: Session, actor: Actor, filters: MonthsAsked) -> list[DeclaredCounty]:
    """Return by county how many of those people have declared, whatever the list asks of that."""
    province = aliased(Region)
    by: tuple[Any, ...] = (province.code, province.name, Region.code, Region.name)
    counts = (sa.func.count(), sa.func.count(sa.case((_holds(), 1))))
    wanted = (
        _at_work(sa.select(*by, *counts), actor, filters)
        .join(province, province.code == Pairing.receiving_province_code)
        .group_by(*by, province.sort_no)
        .order_by(province.sort_no, Region.code)
    )
    rows = session.execute(wanted)
    return [
        DeclaredCounty(row[0], row[1], row[2], row[3], DeclaredShare(row[4], row[5]))
        for row in rows
    ]


def areas_of(counties: Sequence[DeclaredCounty]) -> list[DeclaredArea]:
    """Return what several counties come to: their provinces, or of one province the counties."""
    provinces = {one.province: one.province_name for one in counties}
    if len(provinces) == 1:
        return [DeclaredArea(one.code, one.name, one.share) for one in counties]
    return [
        DeclaredArea(code, name, share_of([one for one in counties if one.province == code]))
        for code, name in provinces.items()
    ]


def name_of_area(counties: Sequence[DeclaredCounty], code: str) -> str:
    """Return the name of a province or county asked for; empty if nobody is at work there."""
    names = {one.province: one.province_name for one in counties}
    names |= {one.code: one.name for one in counties}
    return names.get(code, "")


def share_of(counties: Sequence[DeclaredCounty]) -> DeclaredShare:
    return DeclaredShare(
        sum(one.share.people for one in counties), sum(one.share.declared for one in counties)
    )


def _holds() -> sa.ColumnElement[bool]:
    return sa.and_(MonthDeclaration.id.is_not(None), stands())


def _at_work(wanted: sa.Select[Any], actor: Actor, filters: MonthsAsked) -> sa.Select[Any]:
    """Join people with their pairing and month; of several terms in it the last speaks."""
    last, other = last_of_month(filters.month), aliased(Assignment)

    def overlaps(one: Any) -> sa.ColumnElement[bool]:
        return sa.and_(
            one.state == AssignmentState.APPROVED,
            one.starts_on <= last,
            one.ends_on >= filters.month,
        )

    later = sa.exists().where(
        other.person_id == Assignment.person_id,
        other.pairing_id == Assignment.pairing_id,
        other.side == Assignment.side,
        other.id > Assignment.id,
        overlaps(other),
    )
    wanted = (
        wanted.select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .outerjoin(
            MonthDeclaration,
            sa.and_(
                MonthDeclaration.person_id == Assignment.person_id,
                MonthDeclaration.pairing_id == Assignment.pairing_id,
                MonthDeclaration.month == filters.month,
            ),
        )
        .where(
            within(Assignment, actor, "assignment.read"),
            overlaps(Assignment),
            ~later,
            Pairing.confirmed_at.is_not(None),
            Pairing.starts_on <= last,
            Pairing.ends_on >= filters.month,
        )
    )
    if filters.area:
        places = (Pairing.receiving_province_code, Pairing.county_code)
        wanted = wanted.where(sa.or_(*(one == filters.area for one in places)))
    if filters.pairing:
        wanted = wanted.where(bears_code([normalise_code(filters.pairing)]))
    if filters.person:
        named = has_every_word(filters.person, lambda word: [is_part_of_name(Person, word)])
        wanted = wanted.where(*named)
    return wanted
