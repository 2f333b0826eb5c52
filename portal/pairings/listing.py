"""The list of pairings of a work year, within the actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing, PairingDecision, PairingYearTotal, Region
from models.types import Line, Mode, PairingState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.compliance.rules import FINDING_BITS, codes_in
from portal.matching import contains, has_every_word, is_part_of_name
from portal.paging import Order, Slice, read_slice
from portal.pairings.rules import CONFIRMED, waiting_side

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
}
"""By the word in the URL; a minus before it turns the order round."""

DEFAULT_ORDER = "code"


class Filters(NamedTuple):
    """What the list of a year is asked for; empty means everything.

    Each word of ``text`` is part of a code, an organisation's name or the county's name; ``waiting`` asks for
    pairings that one of the two provinces has still to confirm.
    """

    year: int
    text: str = ""
    sending_province_code: str = ""
    receiving_province_code: str = ""
    line: Line | None = None
    mode: Mode | None = None
    finding: str = ""
    is_compliant: bool | None = None
    state: PairingState | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One line of the list. Days are in hundredths of a day, ``findings`` is a bit mask."""

    code: str
    sending_name: str
    sending_province: str
    receiving_name: str
    receiving_province: str
    county: str
    line: Line
    mode: Mode
    state: PairingState
    starts_on: date
    ends_on: date
    qualified_sent_staff: int
    received_staff: int
    sent_centidays: int
    received_centidays: int
    is_compliant: bool
    findings: int
    confirmed_sending: bool
    confirmed_receiving: bool

    @property
    def waiting(self) -> Side | None:
        """The side whose province has still to confirm."""
        flags = {Side.SENT: self.confirmed_sending, Side.RECEIVED: self.confirmed_receiving}
        return waiting_side(
            self.mode, self.state, [side for side, is_done in flags.items() if is_done]
        )

    @property
    def finding_codes(self) -> list[str]:
        return codes_in(self.findings)


@dataclass(frozen=True, slots=True)
class Sums:
    """The last line of the list: all rows that the filters leave, not only those of the page."""

    pairings: int
    compliant: int
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
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
) -> tuple[Slice[PairingRow], Sums]:
    """Return one page of the pairings of a year and the sums of all (three queries)."""
    conditions = [within(Pairing, actor, "pairing.read"), *_conditions(filters)]
    wanted: Any = _joined(
        sa.select(
            Pairing.code,
            Sending.name,
            SendingProvince.name,
            Receiving.name,
            ReceivingProvince.name,
            County.name,
            Pairing.line,
            Pairing.mode,
            Pairing.state,
            Pairing.starts_on,
            Pairing.ends_on,
            Total.qualified_sent_staff,
            Total.received_staff,
            Total.sent_centidays,
            Total.received_centidays,
            Total.is_compliant,
            Total.findings,
            _is_confirmed(Side.SENT).label("confirmed_sending"),
            _is_confirmed(Side.RECEIVED).label("confirmed_receiving"),
        )
    ).where(*conditions)
    found = read_slice(
        session, wanted, orders_of(sort), cursor=cursor, make=lambda row: PairingRow(*row)
    )
    return found, _sums(session, conditions)


def count_to_confirm(session: Session, actor: Actor) -> int:
    """Count the pairings that wait for the confirmation of the actor's own province."""
    condition = is_to_confirm(actor)
    if condition is None:
        return 0
    return session.scalar(sa.select(sa.func.count()).select_from(Pairing).where(condition)) or 0


def is_to_confirm(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of what waits for the actor's own province; None without the part."""
    provinces = [grant.scope_code for _, grant in actor.reaches("pairing.write")]
    if not provinces:
        return None
    sent, received = _is_confirmed(Side.SENT), _is_confirmed(Side.RECEIVED)
    return sa.and_(
        Pairing.mode == Mode.CROSS_PROVINCE,
        Pairing.state == PairingState.ACTIVE,
        sa.or_(
            sa.and_(Pairing.sending_province_code.in_(provinces), received, sa.not_(sent)),
            sa.and_(Pairing.receiving_province_code.in_(provinces), sent, sa.not_(received)),
        ),
    )


def orders_of(sort: str) -> list[Order]:
    """Return the keys of an order in the URL; of a word that is none, those of the default."""
    orders = ORDERS.get(sort.removeprefix("-"), ORDERS[DEFAULT_ORDER])
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


def _sums(session: Session, conditions: Sequence[sa.ColumnElement[bool]]) -> Sums:
    def total(value: Any) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)

    row = session.execute(
        _joined(
            sa.select(
                sa.func.count(),
                total(sa.case((Total.is_compliant, 1), else_=0)),
                total(sa.case((Pairing.state == PairingState.TERMINATED, 1), else_=0)),
                total(Total.qualified_sent_staff),
                total(Total.received_staff),
                total(Total.sent_centidays),
                total(Total.received_centidays),
            )
        ).where(*conditions)
    ).one()
    return Sums(*row)


def _is_confirmed(side: Side) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        PairingDecision.pairing_id == Pairing.id, PairingDecision.kind == CONFIRMED[side]
    )


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [Total.year == filters.year]
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
        (Pairing.state, filters.state),
    ):
        if value is not None:
            conditions.append(column == value)
    if filters.is_compliant is not None:
        conditions.append(Total.is_compliant.is_(filters.is_compliant))
    if filters.finding in FINDING_BITS:
        conditions.append(Total.findings.bitwise_and(FINDING_BITS[filters.finding]) != 0)
    if filters.waiting:
        conditions += [
            Pairing.mode == Mode.CROSS_PROVINCE,
            Pairing.state == PairingState.ACTIVE,
            _is_confirmed(Side.SENT) != _is_confirmed(Side.RECEIVED),
        ]
    return conditions
