"""The list of allocations of a year, within the actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Disbursement, FundAllocation, Organisation, Pairing, Region
from models.types import AllocationState, DisbursementState, FundSource
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.funding.allocation_rules import LIFE, FundingFacts
from portal.funding.queries import sources_of
from portal.funding.stage_rules import AllocationFilter, FundStage, Way
from portal.ledger.queries import years_of
from portal.matching import contains, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.procedures.offer_rules import Offer, offers

FUND = Loader("allocation", FundAllocation, "fund.read", {"fund_id": FundAllocation.public_id})
PAYMENT = Loader("payment", Disbursement, "fund.read", {"payment_id": Disbursement.public_id})

One = FundAllocation
Province = aliased(Region)

RECEIVED = (
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(Disbursement.received_fen), 0), sa.BigInteger))
    .where(Disbursement.allocation_id == One.id, Disbursement.state == DisbursementState.RECEIVED)
    .correlate(One)
    .scalar_subquery()
)
"""What arrived of an allocation, in fen; cast, for PostgreSQL makes a decimal of a sum."""

UNCONFIRMED = (
    sa.exists()
    .where(Disbursement.allocation_id == One.id, Disbursement.state == DisbursementState.PAID)
    .correlate(One)
)
"""Is a payment out of an allocation still to be confirmed?"""

LEFT = One.amount_fen - One.disbursed_fen - One.reduced_fen

ORDERS: dict[str, Sequence[Order]] = {
    "organisation": (Order(Organisation.name_order), Order(One.id)),
    "pairing": (Order(Pairing.code), Order(One.id)),
    "amount": (Order(One.amount_fen), Order(One.id)),
    "planned_at": (Order(One.created_at), Order(One.id)),
}
"""By the word in the URL; a minus before it turns the order round."""

DEFAULT_ORDER = "organisation"


class AllocationsAsked(NamedTuple):
    """What the list of a year is asked for; empty means everything.

    Each word of ``text`` is part of the organisation's name, of a pairing's code or of the payer.
    """

    year: int
    text: str = ""
    source: FundSource | None = None
    province_code: str = ""
    state: AllocationFilter | None = None


@dataclass(frozen=True, slots=True)
class FundRow:
    """One line of the list; amounts in fen. ``offers`` are those of approving alone."""

    id: int
    public_id: str
    version: int
    organisation_id: int
    organisation_name: str
    credit_code: str
    province: str
    pairing_id: int
    pairing_code: str
    year: int
    source: FundSource
    payer: str
    document_number: str | None
    amount_fen: int
    reduced_fen: int
    disbursed_fen: int
    state: AllocationState
    planned_by_person_id: int | None
    created_at: datetime
    received_fen: int
    is_unconfirmed: bool
    is_ones_to_approve: bool
    offers: tuple[Offer, ...] = ()

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.disbursed_fen - self.reduced_fen

    @property
    def approved_fen(self) -> int:
        is_approved = self.state == AllocationState.APPROVED
        return self.amount_fen - self.reduced_fen if is_approved else 0

    @property
    def missing_fen(self) -> int:
        """What is approved and did not arrive yet; negative where more arrived."""
        return self.approved_fen - self.received_fen

    @property
    def stage(self) -> FundStage:
        return Way(self.state, self.left_fen, self.disbursed_fen, self.is_unconfirmed).stage

    @property
    def choice(self) -> str | None:
        """What a bulk deed names, in the version that is shown; None where nobody may take it."""
        can = any(offer.verb == "approved" and not offer.off for offer in self.offers)
        return f"{self.public_id}-{self.version}" if can else None


class AllocationSums(NamedTuple):
    """The last line of the list, over all rows that the filters leave, in fen."""

    allocations: int
    approved_fen: int
    disbursed_fen: int
    received_fen: int


def list_allocations(
    session: Session,
    actor: Actor,
    filters: AllocationsAsked,
    *,
    today: date,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[FundRow]:
    """Return one page of the allocations of a year that the actor may read (four queries)."""
    del today  # as every list that leaves the portal is read
    own = (
        within(One, actor, "fund.approve")
        if actor.holds("fund.approve")
        else sa.literal(value=False)
    )
    wanted = _rows(own).where(*_conditions(actor, filters))
    found = read_slice(
        session, wanted, _orders_of(sort), cursor=cursor, size=size,
        make=lambda row: FundRow(*row),
    )  # fmt: skip
    waiting = [row for row in found.rows if row.is_ones_to_approve]
    years = years_of(session, [(row.pairing_id, row.year) for row in waiting])
    decides = sources_of(actor, "fund.approve")

    def offered(row: FundRow) -> tuple[Offer, ...]:
        facts = FundingFacts(
            row.organisation_name,
            row.state,
            row.source,
            row.planned_by_person_id,
            row.left_fen,
            years[row.pairing_id, row.year],
            decides,
        )
        return tuple(
            offers(
                LIFE,
                facts,
                person_id=actor.person_id,
                permissions=("fund.approve",),
                principals_for=actor.principals_for,
            )
        )

    rows = [
        replace(row, offers=offered(row)) if row.is_ones_to_approve else row for row in found.rows
    ]
    return replace(found, rows=rows)


def sums_of(session: Session, actor: Actor, filters: AllocationsAsked) -> AllocationSums:
    """Return the last line of the list (one query)."""
    approved = sa.case((One.state == AllocationState.APPROVED, One.amount_fen - One.reduced_fen))
    wanted = (
        sa.select(
            sa.func.count(),
            *(
                sa.func.coalesce(sa.func.sum(one), 0)
                for one in (approved, One.disbursed_fen, RECEIVED)
            ),
        )
        .select_from(One)
        .join(Organisation, Organisation.id == One.organisation_id)
        .join(Pairing, Pairing.id == One.pairing_id)
        .where(*_conditions(actor, filters))
    )
    return AllocationSums(*map(int, session.execute(wanted).one()))


def chosen_allocations(
    session: Session, actor: Actor, permission: str, public_ids: Sequence[str]
) -> list[FundAllocation]:
    """Return the allocations behind these ids that a permission reaches, in a fixed order."""
    return list(
        session.scalars(
            sa.select(One)
            .where(One.public_id.in_(public_ids), within(One, actor, permission))
            .order_by(One.id)
        )
    )


def _rows(is_ones_to_approve: Any) -> Any:
    return (
        sa.select(
            One.id,
            One.public_id,
            One.version,
            One.organisation_id,
            Organisation.name,
            Organisation.credit_code,
            Province.name.label("province"),
            One.pairing_id,
            Pairing.code,
            One.year,
            One.source,
            One.payer,
            One.document_number,
            One.amount_fen,
            One.reduced_fen,
            One.disbursed_fen,
            One.state,
            One.planned_by_person_id,
            One.created_at,
            RECEIVED.label("received_fen"),
            UNCONFIRMED.label("is_unconfirmed"),
            is_ones_to_approve.label("is_ones_to_approve"),
        )
        .join(Organisation, Organisation.id == One.organisation_id)
        .join(Pairing, Pairing.id == One.pairing_id)
        .join(Province, Province.code == Pairing.sending_province_code)
    )


def _conditions(actor: Actor, filters: AllocationsAsked) -> list[sa.ColumnElement[bool]]:
    conditions = [
        One.year == filters.year,
        within(One, actor, "fund.read"),
        *has_every_word(
            filters.text,
            lambda word: [
                is_part_of_name(Organisation, word),
                contains(Pairing.code, word),
                contains(One.payer, word),
            ],
        ),
    ]
    if filters.source:
        conditions.append(One.source == filters.source)
    if filters.province_code:
        conditions.append(Pairing.sending_province_code == filters.province_code)
    if filters.state:
        conditions.append(in_stage(filters.state))
    return conditions


def in_stage(stage: AllocationFilter) -> sa.ColumnElement[bool]:
    """Return the condition of what a list is asked for by ``AllocationFilter``."""
    approved = One.state == AllocationState.APPROVED
    return {
        AllocationFilter.PLANNED: One.state == AllocationState.PLANNED,
        AllocationFilter.DECLINED: One.state == AllocationState.DECLINED,
        AllocationFilter.TO_PAY: sa.and_(approved, LEFT > 0),
        AllocationFilter.TO_CONFIRM: UNCONFIRMED,
        AllocationFilter.RECEIVED: sa.and_(
            approved, LEFT == 0, One.disbursed_fen > 0, sa.not_(UNCONFIRMED)
        ),
    }[stage]


def _orders_of(sort: str) -> list[Order]:
    if sort.removeprefix("-") not in ORDERS:
        sort = DEFAULT_ORDER
    orders = ORDERS[sort.removeprefix("-")]
    return [order._replace(descending=sort.startswith("-")) for order in orders]
