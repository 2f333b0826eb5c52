"""What is approved and not yet paid, for whoever pays it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import FundAllocation, Organisation, Pairing
from models.types import FundSource
from portal.access.actor import Actor
from portal.access.scope import within
from portal.funding.list_queries import LEFT, in_stage
from portal.funding.queries import sources_of
from portal.funding.stage_rules import AllocationFilter
from portal.paging import Order, Slice, read_slice

A_PAGE = 100
"""Rows to tick at once."""

One = FundAllocation


@dataclass(frozen=True, slots=True)
class ToPay:
    """An approved allocation of which something is left, in fen."""

    public_id: str
    version: int
    organisation_name: str
    credit_code: str
    pairing_code: str
    source: FundSource
    payer: str
    document_number: str | None
    left_fen: int

    @property
    def choice(self) -> str:
        return f"{self.public_id}-{self.version}"


def to_pay(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition of what waits to be paid by an actor."""
    return sa.and_(
        within(One, actor, "fund.pay"),
        One.source.in_(sources_of(actor, "fund.pay")),
        in_stage(AllocationFilter.TO_PAY),
    )


def list_to_pay(
    session: Session, actor: Actor, year: int, *, cursor: str | None = None, size: int = A_PAGE
) -> Slice[ToPay]:
    """Return one page of what waits to be paid in a year (two queries)."""
    wanted: Any = (
        sa.select(
            One.public_id,
            One.version,
            Organisation.name,
            Organisation.credit_code,
            Pairing.code,
            One.source,
            One.payer,
            One.document_number,
            LEFT.label("left_fen"),
        )
        .join(Organisation, Organisation.id == One.organisation_id)
        .join(Pairing, Pairing.id == One.pairing_id)
        .where(One.year == year, to_pay(actor))
    )
    orders = [Order(Organisation.name_order), Order(One.id)]
    return read_slice(
        session, wanted, orders, cursor=cursor, size=size, make=lambda row: ToPay(*row)
    )
