"""The money of one organisation and year: by source, with what waits and what the ledger holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Disbursement,
    FundAccount,
    FundAllocation,
    FundIncome,
    LedgerEntry,
    Organisation,
    Pairing,
    PairingYear,
)
from models.types import AllocationState, DisbursementState, FundAccountKind, FundSource, Side
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.funding.list_queries import RECEIVED, UNCONFIRMED
from portal.funding.stage_rules import FundStage, Way

PURSE = Loader("organisation", Organisation, "fund.read", {"credit_code": Organisation.credit_code})
"""An organisation of whose money somebody may read, as an evaluator may who reads no register."""

INCOME = Loader("income", FundIncome, "fund.read", {"income_id": FundIncome.public_id})

One = FundAllocation

IS_REVERSED = (
    sa.exists()
    .where(LedgerEntry.income_id == FundIncome.id, LedgerEntry.reversal_of_id.is_not(None))
    .correlate(FundIncome)
)
"""Was a recorded income taken back?"""


@dataclass(frozen=True, slots=True)
class OfSource:
    """The money of one source, in fen. ``received`` includes what the organisation raised itself."""

    source: FundSource
    planned_fen: int = 0
    approved_fen: int = 0
    disbursed_fen: int = 0
    received_fen: int = 0
    raised_fen: int = 0
    spent_fen: int = 0
    to_repay_fen: int = 0
    cash_fen: int = 0


def by_source(session: Session, organisation_id: int, year: int) -> list[OfSource]:
    """Return the money of an organisation and year by source, in their order (three queries)."""
    figures: dict[FundSource, dict[str, int]] = {}
    approved = sa.case((One.state == AllocationState.APPROVED, One.amount_fen - One.reduced_fen))
    planned = sa.case((One.state == AllocationState.PLANNED, One.amount_fen))
    for source, *sums in session.execute(
        sa.select(
            One.source,
            *(
                sa.func.coalesce(sa.func.sum(one), 0)
                for one in (planned, approved, One.disbursed_fen, RECEIVED)
            ),
        )
        .where(One.organisation_id == organisation_id, One.year == year)
        .group_by(One.source)
    ):
        names = ("planned_fen", "approved_fen", "disbursed_fen", "received_fen")
        figures[source] = dict(zip(names, map(int, sums), strict=True))
    for source, raised in session.execute(
        sa.select(FundIncome.source, sa.func.sum(FundIncome.amount_fen))
        .where(
            FundIncome.organisation_id == organisation_id,
            FundIncome.year == year,
            ~IS_REVERSED,
        )
        .group_by(FundIncome.source)
    ):
        found = figures.setdefault(source, {})
        found["raised_fen"] = int(raised)
        found["received_fen"] = found.get("received_fen", 0) + int(raised)
    kept = {
        FundAccountKind.SPENT: "spent_fen",
        FundAccountKind.TO_REPAY: "to_repay_fen",
        FundAccountKind.CASH: "cash_fen",
    }
    for source, kind, balance in session.execute(
        sa.select(FundAccount.source, FundAccount.kind, FundAccount.balance_fen).where(
            FundAccount.organisation_id == organisation_id,
            FundAccount.year == year,
            FundAccount.kind.in_(list(kept)),
        )
    ):
        figures.setdefault(source, {})[kept[kind]] = balance
    return [OfSource(source, **figures[source]) for source in FundSource if source in figures]


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """An allocation on the page of its organisation; amounts in fen."""

    public_id: str
    source: FundSource
    payer: str
    document_number: str | None
    pairing_code: str
    amount_fen: int
    reduced_fen: int
    disbursed_fen: int
    state: AllocationState
    received_fen: int
    is_unconfirmed: bool

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.disbursed_fen - self.reduced_fen

    @property
    def stage(self) -> FundStage:
        return Way(self.state, self.left_fen, self.disbursed_fen, self.is_unconfirmed).stage


def list_lines(session: Session, organisation_id: int, year: int) -> list[AllocationLine]:
    """Return the allocations of an organisation and year, the earliest first (one query)."""
    rows = session.execute(
        sa.select(
            One.public_id,
            One.source,
            One.payer,
            One.document_number,
            Pairing.code,
            One.amount_fen,
            One.reduced_fen,
            One.disbursed_fen,
            One.state,
            RECEIVED,
            UNCONFIRMED,
        )
        .join(Pairing, Pairing.id == One.pairing_id)
        .where(One.organisation_id == organisation_id, One.year == year)
        .order_by(One.id)
    )
    return [AllocationLine(*row) for row in rows]


class Expected(NamedTuple):
    """A payment that its organisation has still to confirm."""

    public_id: str
    amount_fen: int
    paid_on: date
    voucher_number: str
    source: FundSource
    payer: str


def list_expected(session: Session, organisation_id: int, year: int) -> list[Expected]:
    """Return the payments of an organisation and year that wait for its confirmation (one query)."""
    rows = session.execute(
        sa.select(
            Disbursement.public_id,
            Disbursement.amount_fen,
            Disbursement.paid_on,
            Disbursement.voucher_number,
            One.source,
            One.payer,
        )
        .join(One, One.id == Disbursement.allocation_id)
        .where(
            One.organisation_id == organisation_id,
            One.year == year,
            Disbursement.state == DisbursementState.PAID,
        )
        .order_by(Disbursement.paid_on, Disbursement.id)
    )
    return [Expected(*row) for row in rows]


class IncomeLine(NamedTuple):
    """What an organisation raised itself."""

    public_id: str
    source: FundSource
    payer: str
    amount_fen: int
    received_on: date
    voucher_number: str
    note: str
    is_reversed: bool


def list_incomes(session: Session, organisation_id: int, year: int) -> list[IncomeLine]:
    """Return what an organisation raised itself in a year, the latest first (one query)."""
    rows = session.execute(
        sa.select(
            FundIncome.public_id,
            FundIncome.source,
            FundIncome.payer,
            FundIncome.amount_fen,
            FundIncome.received_on,
            FundIncome.voucher_number,
            FundIncome.note,
            IS_REVERSED,
        )
        .where(FundIncome.organisation_id == organisation_id, FundIncome.year == year)
        .order_by(FundIncome.received_on.desc(), FundIncome.id.desc())
    )
    return [IncomeLine(*row) for row in rows]


class PurseLine(NamedTuple):
    """A pairing in which an organisation stands in a year, as far as its money asks."""

    code: str
    side: Side
    ends_on: date
    may_plan: bool
    may_raise: bool
    may_pass_on: bool


def list_pairings(
    session: Session, actor: Actor, organisation_id: int, year: int
) -> list[PurseLine]:
    """Return the confirmed pairings of an organisation in a year (one query)."""
    rows: Any = session.execute(
        sa.select(
            Pairing.code,
            PairingYear.sending_organisation_id,
            Pairing.ends_on,
            *(
                (
                    within(Pairing, actor, permission)
                    if actor.holds(permission)
                    else sa.literal(value=False)
                ).label(permission.replace(".", "_"))
                for permission in ("fund.plan", "fund.raise", "fund.transfer")
            ),
        )
        .join(PairingYear, PairingYear.pairing_id == Pairing.id)
        .where(
            PairingYear.year == year,
            sa.or_(
                PairingYear.sending_organisation_id == organisation_id,
                PairingYear.receiving_organisation_id == organisation_id,
            ),
            Pairing.confirmed_at.is_not(None),
        )
        .order_by(Pairing.ends_on.desc(), Pairing.code)
    )
    return [
        PurseLine(
            code,
            Side.SENT if sender == organisation_id else Side.RECEIVED,
            ends_on,
            plans,
            raises,
            passes_on and sender == organisation_id,
        )
        for code, sender, ends_on, plans, raises, passes_on in rows
    ]


def own_organisations(session: Session, credit_codes: Sequence[str]) -> list[Organisation]:
    """Return organisations by their credit codes, by name (one query)."""
    return list(
        session.scalars(
            sa.select(Organisation)
            .where(Organisation.credit_code.in_(credit_codes))
            .order_by(Organisation.name_order, Organisation.id)
        )
    )
