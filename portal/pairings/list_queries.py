"""The list of pairings of a work year, within the actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Organisation,
    Pairing,
    PairingYearTotal,
    Region,
)
from models.types import Line, Mode, PairingState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.compliance.pace_queries import Paces, paces_on
from portal.compliance.pace_rules import DaysStanding, Pace
from portal.compliance.rules import FINDING_BITS, codes_in
from portal.matching import contains, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.effective_queries import in_year
from portal.pairings.life_rules import Standing, Wait, standing_on, waits_of
from portal.pairings.standing_queries import IN_EFFECT, is_asked_for, is_confirmed_by, stands_as

Sending, Receiving = aliased(Organisation), aliased(Organisation)
SendingProvince, ReceivingProvince, County = aliased(Region), aliased(Region), aliased(Region)
Total = PairingYearTotal

ORDERS: dict[str, Sequence[Order]] = {
    "code": (Order(Pairing.code),),
    "sending": (
        Order(Pairing.sending_province_code),
        Order(Sending.name_order),
        Order(Pairing.code),
    ),
    "receiving": (
        Order(Pairing.receiving_province_code),
        Order(Receiving.name_order),
        Order(Pairing.code),
    ),
    "county": (Order(Pairing.county_code), Order(Pairing.code)),
    "sent_staff": (Order(Total.qualified_sent_staff), Order(Pairing.code)),
    "received_staff": (Order(Total.received_staff), Order(Pairing.code)),
    "sent_days": (Order(Total.sent_centidays), Order(Pairing.code)),
    "received_days": (Order(Total.received_centidays), Order(Pairing.code)),
    "compliant": (Order(Total.is_compliant), Order(Pairing.code)),
    "pace": (),
}
"""By the word in the URL; a minus before it turns the order round. That by pace depends on the day."""

DEFAULT_ORDER = "code"


class Filters(NamedTuple):
    """What the list of a year is asked for; empty means everything.

    Each word of ``text`` is part of a code, an organisation's name or the county's name; ``standing`` is
    how they stand today.
    """

    year: int
    text: str = ""
    sending_province_code: str = ""
    receiving_province_code: str = ""
    line: Line | None = None
    mode: Mode | None = None
    finding: str = ""
    is_compliant: bool | None = None
    pace: Pace | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One line of the list. Days are in hundredths of a day, ``findings`` is a bit mask.

    ``pace`` is how both sides stand today.
    """

    code: str
    sending_name: str
    sending_province: str
    receiving_name: str
    receiving_province: str
    county: str
    line: Line
    qualified_sent_staff: int
    received_staff: int
    sent_centidays: int
    received_centidays: int
    is_compliant: bool
    findings: int
    mode: Mode
    pace: DaysStanding
    standing: Standing
    waits: tuple[Wait, ...]

    @property
    def is_confirmed(self) -> bool:
        return self.standing not in (Standing.WAITING, Standing.DECLINED)

    @property
    def finding_codes(self) -> list[str]:
        return codes_in(self.findings)


@dataclass(frozen=True, slots=True)
class Sums:
    """The last line of the list: all rows that the filters leave, not only those of the page."""

    pairings: int
    compliant: int
    waiting: int
    terminated: int
    qualified_sent_staff: int
    received_staff: int
    sent_centidays: int
    received_centidays: int


def list_pairings(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    today: date,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> tuple[Slice[PairingRow], Sums]:
    """Return one page of the pairings of a year and the sums of all (five queries).

    One that is not in effect stands in the list and counts in no sum but its own.
    """
    found = read_pairings(session, actor, filters, today=today, sort=sort, cursor=cursor, size=size)
    return found, sums_of(session, actor, filters, today=today)


def read_pairings(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    today: date,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[PairingRow]:
    """Return one page of the pairings of a year (four queries)."""
    try:
        paces = paces_on(session, filters.year, today)
    except LookupError:
        return Slice([], 0, None, None)  # of a year that is none there are no pairings
    has_pace = in_year(session, filters.year).is_effective()
    conditions = [within(Pairing, actor, "pairing.read"), *_conditions(session, filters, today)]
    wanted: Any = _joined(
        sa.select(
            Pairing.code,
            Sending.name,
            SendingProvince.name,
            Receiving.name,
            ReceivingProvince.name,
            County.name,
            Pairing.line,
            Total.qualified_sent_staff,
            Total.received_staff,
            Total.sent_centidays,
            Total.received_centidays,
            Total.is_compliant,
            Total.findings,
            Pairing.mode,
            *(paces.rank_of(side, has_pace).label(f"pace_{side}") for side in Side),
            paces.latest_start().label("latest_start"),
            Pairing.state,
            Pairing.starts_on,
            Pairing.ends_on,
            *(is_confirmed_by(side).label(f"confirmed_{side}") for side in Side),
            *(is_asked_for(side).label(f"asked_{side}") for side in Side),
        )
    ).where(*conditions)
    orders = orders_of(sort)
    if sort.removeprefix("-") == "pace":
        descends = sort.startswith("-")
        orders = [Order(key, descends) for key in (*paces.order(has_pace), Pairing.code)]
    return read_slice(
        session,
        wanted,
        orders,
        cursor=cursor,
        make=lambda row: _row(row, paces, today),
        size=size,
    )


def orders_of(sort: str) -> list[Order]:
    """Return the keys of an order in the URL; of a word that is none, those of the default."""
    orders = ORDERS.get(sort.removeprefix("-")) or ORDERS[DEFAULT_ORDER]
    return [order._replace(descending=sort.startswith("-")) for order in orders]


def _joined(wanted: Any) -> Any:
    return (
        wanted.select_from(Pairing)
        .join(Total, Total.pairing_id == Pairing.id)
        .join(Sending, Sending.id == Pairing.sending_organisation_id)
        .join(Receiving, Receiving.id == Pairing.receiving_organisation_id)
        .join(SendingProvince, SendingProvince.code == Pairing.sending_province_code)
        .join(ReceivingProvince, ReceivingProvince.code == Pairing.receiving_province_code)
        .join(County, County.code == Pairing.county_code)
    )


def sums_of(session: Session, actor: Actor, filters: Filters, *, today: date) -> Sums:
    """Return the sums of all pairings that the filters leave."""
    conditions = [within(Pairing, actor, "pairing.read"), *_conditions(session, filters, today)]

    def total(value: Any) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)

    row = session.execute(
        _joined(
            sa.select(
                sa.func.count(),
                total(sa.case((sa.and_(Total.is_compliant, IN_EFFECT), 1), else_=0)),
                total(sa.case((Pairing.state == PairingState.PROPOSED, 1), else_=0)),
                total(sa.case((Pairing.state == PairingState.TERMINATED, 1), else_=0)),
                total(Total.qualified_sent_staff),
                total(Total.received_staff),
                total(Total.sent_centidays),
                total(Total.received_centidays),
            )
        ).where(*conditions)
    ).one()
    return Sums(*row)


def _row(row: Any, paces: Paces, today: date) -> PairingRow:
    *shown, mode, sent_rank, received_rank, start = row[:-7]
    state, starts_on, ends_on, sent, received, asked_sent, asked_received = row[-7:]
    confirmed = [side for side, is_so in zip(Side, (sent, received), strict=True) if is_so]
    asked = [side for side, is_so in zip(Side, (asked_sent, asked_received), strict=True) if is_so]
    standing = standing_on(today, state, starts_on, ends_on)
    pace = paces.standing_in((sent_rank, received_rank), start)
    values = [*shown, mode, pace, standing, waits_of(mode, state, confirmed, asked)]
    return PairingRow(*values)


def _conditions(session: Session, filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [Total.year == filters.year]
    if filters.pace is not None:
        try:
            paces = paces_on(session, filters.year, today)
        except LookupError:  # of a year that is none
            return [sa.false()]
        in_effect = in_year(session, filters.year).is_effective()
        conditions.append(paces.is_at(filters.pace, in_effect))
    conditions += has_every_word(
        filters.text,
        lambda word: [
            contains(Pairing.code, word),
            *(is_part_of_name(kind, word) for kind in (Sending, Receiving, County)),
        ],
    )
    for column, value in (
        (Pairing.sending_province_code, filters.sending_province_code or None),
        (Pairing.receiving_province_code, filters.receiving_province_code or None),
        (Pairing.line, filters.line),
        (Pairing.mode, filters.mode),
    ):
        if value is not None:
            conditions.append(column == value)
    if filters.is_compliant is not None:
        conditions += [IN_EFFECT, Total.is_compliant.is_(filters.is_compliant)]
    if filters.finding in FINDING_BITS:
        conditions += [
            IN_EFFECT,
            Total.findings.bitwise_and(FINDING_BITS[filters.finding]) != 0,
        ]
    if filters.standing is not None:
        conditions.append(stands_as(filters.standing, today))
    return conditions
