"""Reading organisations: one, the list within the actor's scope, and what belongs to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing, PairingYear, Region
from models.types import OrgType, PairingState, RegionLevel, Side
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.matching import begins_with_code, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.life_rules import Standing, standing_on
from portal.pairings.procedure_rules import LIFE
from portal.places.queries import CodeAndName, full_region_names
from portal.procedures.timeline_queries import SHOWN_OF_SEVERAL, Event, Track, timeline

ORGANISATION = Loader(
    "organisation",
    Organisation,
    "organisation.read",
    {"credit_code": Organisation.credit_code},
)

ORDERS: dict[str, Sequence[Order]] = {
    "region": (Order(Organisation.region_code), Order(Organisation.id)),
    "name": (Order(Organisation.name_order), Order(Organisation.id)),
    "credit_code": (Order(Organisation.credit_code),),
}
"""By the word in the URL; a minus before it turns the order round."""

DEFAULT_ORDER = "region"

UNPAIRED = "none"
"""The filter for organisations that stand in no pairing of the year."""


class Filters(NamedTuple):
    """What a list of organisations is asked for; empty means everything.

    Each word of ``text`` is part of the name, or the beginning of the credit code. ``role`` is a side of a
    pairing of the year, or ``UNPAIRED``.
    """

    text: str = ""
    province_code: str = ""
    type: OrgType | None = None
    role: Side | str | None = None


class PairingOfYear(NamedTuple):
    """A pairing in which an organisation stands this year, and on which side."""

    code: str
    side: Side


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the list. ``pairings`` are those of the year that the actor may see."""

    id: int
    credit_code: str
    name: str
    type: OrgType
    region_code: str
    seat: str = ""
    pairings: tuple[PairingOfYear, ...] = ()


class PairingRow(NamedTuple):
    """A pairing of one organisation, with its partner and the work years that it touches."""

    code: str
    side: Side
    partner_name: str
    partner_credit_code: str
    county: str
    starts_on: date
    ends_on: date
    standing: Standing
    years: tuple[int, ...]


def find_by_credit_code(session: Session, credit_code: str) -> Organisation | None:
    """Return the organisation with a normalised credit code, or None."""
    return session.scalars(
        sa.select(Organisation).where(Organisation.credit_code == credit_code)
    ).one_or_none()


def find_seat(session: Session, region_code: str) -> Region | None:
    """Return the region in which an organisation may have its seat, or None.

    A county, or a prefecture that has no counties (东莞, 中山, 儋州, 嘉峪关).
    """
    return session.scalars(
        sa.select(Region).where(Region.code == region_code, may_be_a_seat())
    ).one_or_none()


def is_seat_within(session: Session, actor: Actor, permission: str, region_code: str) -> bool:
    """Does a permission of the actor reach a seat, whoever may be registered there?"""
    reached = sa.exists().where(Region.code == region_code, within(Region, actor, permission))
    return bool(session.scalar(sa.select(reached)))


def list_seats(session: Session, actor: Actor, permission: str) -> list[CodeAndName]:
    """Return the seats that a permission reaches, with their full names, in order of the code."""
    codes = session.scalars(
        sa.select(Region.code)
        .where(may_be_a_seat(), within(Region, actor, permission))
        .order_by(Region.code)
    ).all()
    names = full_region_names(session, codes)
    return [CodeAndName(code, names[code]) for code in codes]


def may_be_a_seat() -> sa.ColumnElement[bool]:
    """Return the condition under which an organisation may have its seat in a region."""
    child = aliased(Region)
    has_counties = sa.exists().where(child.parent_code == Region.code)
    return sa.and_(
        Region.is_withdrawn.is_(False),
        sa.or_(
            Region.level == RegionLevel.COUNTY,
            sa.and_(Region.level == RegionLevel.PREFECTURE, sa.not_(has_counties)),
        ),
    )


def list_organisations(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    year: int,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[OrganisationRow]:
    """Return one page of the organisations within the actor's scope (four queries)."""
    wanted: Any = sa.select(
        Organisation.id,
        Organisation.credit_code,
        Organisation.name,
        Organisation.type,
        Organisation.region_code,
    ).where(
        within(Organisation, actor, "organisation.read"), *_conditions(filters, actor, year=year)
    )
    found = read_slice(
        session,
        wanted,
        orders_of(sort),
        cursor=cursor,
        make=lambda row: OrganisationRow(*row),
        size=size,
    )
    seats = full_region_names(session, {row.region_code for row in found.rows})
    pairings = _pairings_of_year(session, actor, [row.id for row in found.rows], year)
    rows = [
        replace(
            row,
            seat=seats.get(row.region_code, row.region_code),
            pairings=tuple(pairings[row.id]),
        )
        for row in found.rows
    ]
    return replace(found, rows=rows)


def orders_of(sort: str) -> list[Order]:
    """Return the keys of an order in the URL; of a word that is none, those of the default."""
    orders = ORDERS.get(sort.removeprefix("-"), ORDERS[DEFAULT_ORDER])
    return [order._replace(descending=sort.startswith("-")) for order in orders]


def _conditions(filters: Filters, actor: Actor, *, year: int) -> list[sa.ColumnElement[bool]]:
    conditions = has_every_word(filters.text, is_called)
    if filters.province_code:
        conditions.append(Organisation.province_code == filters.province_code)
    if filters.type:
        conditions.append(Organisation.type == filters.type)
    if filters.role == UNPAIRED:
        conditions += [sa.not_(_stands_on(side, actor, year)) for side in Side]
    elif isinstance(filters.role, Side):
        conditions.append(_stands_on(filters.role, actor, year))
    return conditions


def is_called(word: str) -> list[sa.ColumnElement[bool]]:
    """Where a word of a search may stand: in the name, or at the beginning of the credit code."""
    return [
        is_part_of_name(Organisation, word),
        begins_with_code(Organisation.credit_code, word),
    ]


def _stands_on(side: Side, actor: Actor, year: int) -> sa.ColumnElement[bool]:
    member = (
        Pairing.sending_organisation_id if side == Side.SENT else Pairing.receiving_organisation_id
    )
    return Organisation.id.in_(sa.select(member).where(_is_current(actor, year)))


def _is_current(actor: Actor, year: int) -> sa.ColumnElement[bool]:
    """The condition of pairings in effect in a year that the actor may see."""
    return sa.and_(
        Pairing.state == PairingState.CONFIRMED,
        Pairing.id.in_(sa.select(PairingYear.pairing_id).where(PairingYear.year == year)),
        within(Pairing, actor, "pairing.read"),
    )


def list_reached(session: Session, actor: Actor, permission: str) -> list[CodeAndName]:
    """Return credit code and name of the organisations that a permission reaches, by name."""
    rows = session.execute(
        sa.select(Organisation.credit_code, Organisation.name)
        .where(within(Organisation, actor, permission))
        .order_by(Organisation.name_order, Organisation.id)
    )
    return [CodeAndName(*row) for row in rows]


def _pairings_of_year(
    session: Session, actor: Actor, organisation_ids: Collection[int], year: int
) -> dict[int, list[PairingOfYear]]:
    rows = session.execute(
        sa.select(Pairing.code, Pairing.sending_organisation_id, Pairing.receiving_organisation_id)
        .where(
            _is_current(actor, year),
            sa.or_(
                Pairing.sending_organisation_id.in_(organisation_ids),
                Pairing.receiving_organisation_id.in_(organisation_ids),
            ),
        )
        .order_by(Pairing.code)
    )
    found: dict[int, list[PairingOfYear]] = defaultdict(list)
    for code, sending_id, receiving_id in rows:
        found[sending_id].append(PairingOfYear(code, Side.SENT))
        found[receiving_id].append(PairingOfYear(code, Side.RECEIVED))
    return found


def pairing_codes_of(session: Session, organisation_id: int) -> list[str]:
    """Return the codes of all pairings that an organisation ever stood in, whoever asks."""
    return list(
        session.scalars(
            sa.select(Pairing.code).where(_is_member(organisation_id)).order_by(Pairing.code)
        )
    )


def list_pairings_of(
    session: Session, actor: Actor, organisation_id: int, today: date
) -> list[PairingRow]:
    """Return an organisation's pairings that the actor may see, latest first (three queries)."""
    partner = aliased(Organisation)
    is_sending = Pairing.sending_organisation_id == organisation_id
    rows = session.execute(
        sa.select(Pairing, is_sending, partner.name, partner.credit_code)
        .join(
            partner,
            partner.id
            == sa.case(
                (is_sending, Pairing.receiving_organisation_id),
                else_=Pairing.sending_organisation_id,
            ),
        )
        .where(_is_member(organisation_id), within(Pairing, actor, "pairing.read"))
        .order_by(Pairing.starts_on.desc(), Pairing.code)
    ).all()
    years = _years_of(session, [row[0].id for row in rows])
    counties = full_region_names(session, {row[0].county_code for row in rows})
    return [
        PairingRow(
            code=pairing.code,
            side=Side.SENT if sends else Side.RECEIVED,
            partner_name=name,
            partner_credit_code=credit_code,
            county=counties.get(pairing.county_code, pairing.county_code),
            starts_on=pairing.starts_on,
            ends_on=pairing.ends_on,
            standing=standing_on(today, pairing.state, pairing.starts_on, pairing.ends_on),
            years=tuple(years[pairing.id]),
        )
        for pairing, sends, name, credit_code in rows
    ]


def _is_member(organisation_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(
        Pairing.sending_organisation_id == organisation_id,
        Pairing.receiving_organisation_id == organisation_id,
    )


def _years_of(session: Session, pairing_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for pairing_id, year in session.execute(
        sa.select(PairingYear.pairing_id, PairingYear.year)
        .where(PairingYear.pairing_id.in_(pairing_ids))
        .order_by(PairingYear.year)
    ):
        found[pairing_id].append(year)
    return found


def history_of(session: Session, actor: Actor, organisation_id: int) -> list[Event]:
    """Return what was decided on an organisation's pairings that the actor may see, latest first."""
    seen = sa.and_(_is_member(organisation_id), within(Pairing, actor, "pairing.read"))
    track = Track(LIFE, Pairing, seen, about=Pairing.code)
    return timeline(session, track, most=SHOWN_OF_SEVERAL)
