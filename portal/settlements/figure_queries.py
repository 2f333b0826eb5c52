"""What a settlement is of: the money of an organisation and year by source and by category; what is open.

Out of the rows of the ledger themselves. What the settlement itself moves is left out, so that its table
reads the same before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Disbursement,
    Expenditure,
    FundAccount,
    FundAllocation,
    FundTransfer,
    LedgerEntry,
)
from models.types import (
    AllocationState,
    DisbursementState,
    ExpenditureState,
    ExpenseCategory,
    FundAccountKind,
    FundSource,
    LedgerKind,
    TransferState,
)
from portal.ledger.book_rules import CAME_IN
from portal.procedures.queries import BATCH
from portal.settlements.figure_rules import Figures, SourceLine
from portal.settlements.rules import StillOpen

K = LedgerKind
Rows: TypeAlias = sa.Select[*tuple[Any, ...]]


def figures_of(session: Session, organisation_id: int, year: int) -> Figures:
    """Return what came in, was spent and is left, by source (four queries)."""
    accounts: dict[int, tuple[FundSource, FundAccountKind]] = {
        number: (source, kind)
        for number, source, kind in session.execute(
            sa.select(FundAccount.id, FundAccount.source, FundAccount.kind).where(
                FundAccount.organisation_id == organisation_id,
                FundAccount.year == year,
                FundAccount.kind.in_((FundAccountKind.CASH, FundAccountKind.SPENT)),
            )
        )
    }
    found: dict[FundSource, dict[str, int]] = {}
    for number, kind, fen in _moved(session, accounts):
        source, holds = accounts[number]
        line = found.setdefault(source, {})
        for name in _columns_of(holds, kind):
            line[name] = line.get(name, 0) + fen
    return Figures(
        tuple(SourceLine(source, **found[source]) for source in FundSource if source in found),
        _spent(session, organisation_id, year),
        _unpaid(session, organisation_id, year),
    )


def _moved(session: Session, accounts: Iterable[int]) -> list[tuple[int, LedgerKind, int]]:
    """Return what rows of each kind added to accounts, but those of the year's own settlement."""
    entry, other, own = LedgerEntry, aliased(FundAccount), aliased(FundAccount)
    numbers = list(accounts)
    found: list[tuple[int, LedgerKind, int]] = []
    for mine, theirs, sign in (
        (entry.debit_account_id, entry.credit_account_id, 1),
        (entry.credit_account_id, entry.debit_account_id, -1),
    ):
        # What is carried in was settled in the year before: it comes from an account of that year.
        is_own = sa.and_(
            entry.settlement_id.is_not(None),
            sa.not_(sa.and_(entry.kind == K.CARRY_OVER, other.year < own.year)),
        )
        rows: Any = session.execute(
            sa.select(mine, entry.kind, sa.func.sum(entry.amount_fen) * sign)
            .join(own, own.id == mine)
            .join(other, other.id == theirs)
            .where(mine.in_(numbers), sa.not_(is_own))
            .group_by(mine, entry.kind)
        )
        found += [(number, kind, int(fen)) for number, kind, fen in rows]
    return found


def _columns_of(holds: FundAccountKind, kind: LedgerKind) -> Sequence[str]:
    if holds == FundAccountKind.SPENT:
        return ("spent_fen",)
    if kind in CAME_IN:
        return ("left_fen", "received_fen")
    if kind == K.TRANSFER:
        return ("left_fen", "passed_fen")
    return ("left_fen", "carried_fen") if kind == K.CARRY_OVER else ("left_fen",)


def _spent(
    session: Session, organisation_id: int, year: int
) -> dict[tuple[ExpenseCategory, FundSource], int]:
    one = Expenditure
    rows = session.execute(
        sa.select(one.category, one.source, sa.func.sum(one.amount_fen))
        .where(
            one.organisation_id == organisation_id,
            one.year == year,
            one.state.in_((ExpenditureState.BOOKED, ExpenditureState.SAMPLED)),
        )
        .group_by(one.category, one.source)
    )
    return {(category, source): int(fen) for category, source, fen in rows}


def left_of(
    session: Session, books: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], list[tuple[FundSource, int]]]:
    """Return what organisations hold of their years now, by source; one query for each 400."""
    ordered = sorted(set(books))
    found: dict[tuple[int, int], list[tuple[FundSource, int]]] = {}
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(
                FundAccount.organisation_id,
                FundAccount.year,
                FundAccount.source,
                FundAccount.balance_fen,
            )
            .where(
                sa.tuple_(FundAccount.organisation_id, FundAccount.year).in_(
                    ordered[start : start + BATCH]
                ),
                FundAccount.kind == FundAccountKind.CASH,
                FundAccount.balance_fen > 0,
            )
            .order_by(FundAccount.id)
        )
        for number, year, source, fen in rows:
            found.setdefault((number, year), []).append((source, fen))
    return found


def _unpaid(session: Session, organisation_id: int, year: int) -> int:
    one = FundAllocation
    found = session.scalar(
        sa.select(sa.func.sum(one.amount_fen - one.disbursed_fen - one.reduced_fen)).where(
            one.organisation_id == organisation_id,
            one.year == year,
            one.state == AllocationState.APPROVED,
        )
    )
    return int(found or 0)


def obstacles_of(
    session: Session, books: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], StillOpen]:
    """Return what is open of organisations and years; three queries for each 400."""
    ordered = sorted(set(books))
    found = {book: StillOpen() for book in ordered}
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        for number, year, state, count, fen in session.execute(_open_expenditures(some)):
            names = (
                {"claims": count, "claimed_fen": int(fen)}
                if state == ExpenditureState.CLAIMED
                else {"to_repay": count, "to_repay_fen": int(fen)}
            )
            found[number, year] = found[number, year]._replace(**names)
        for number, year, count, fen in session.execute(_open_payments(some)):
            found[number, year] = found[number, year]._replace(payments=count, paid_fen=int(fen))
        for number, year, count, fen in session.execute(_open_transfers(some)):
            found[number, year] = found[number, year]._replace(transfers=count, passed_fen=int(fen))
    return found


def _open_expenditures(some: list[tuple[int, int]]) -> Rows:
    one = Expenditure
    return (
        sa.select(
            one.organisation_id,
            one.year,
            one.state,
            sa.func.count(),
            sa.func.sum(one.amount_fen),
        )
        .where(
            sa.tuple_(one.organisation_id, one.year).in_(some),
            one.state.in_((ExpenditureState.CLAIMED, ExpenditureState.DISALLOWED)),
        )
        .group_by(one.organisation_id, one.year, one.state)
    )


def _open_payments(some: list[tuple[int, int]]) -> Rows:
    one = FundAllocation
    return (
        sa.select(
            one.organisation_id, one.year, sa.func.count(), sa.func.sum(Disbursement.amount_fen)
        )
        .join(Disbursement, Disbursement.allocation_id == one.id)
        .where(
            sa.tuple_(one.organisation_id, one.year).in_(some),
            Disbursement.state == DisbursementState.PAID,
        )
        .group_by(one.organisation_id, one.year)
    )


def _open_transfers(some: list[tuple[int, int]]) -> Rows:
    """Select what was passed on and is not confirmed: it is open on either side."""
    sides = [
        sa.select(
            owner.label("organisation_id"),
            FundTransfer.year.label("year"),
            FundTransfer.amount_fen.label("fen"),
        ).where(
            sa.tuple_(owner, FundTransfer.year).in_(some), FundTransfer.state == TransferState.PAID
        )
        for owner in (FundTransfer.organisation_id, FundTransfer.receiving_organisation_id)
    ]
    both = sa.union_all(*sides).subquery()
    return sa.select(
        both.c.organisation_id, both.c.year, sa.func.count(), sa.func.sum(both.c.fen)
    ).group_by(both.c.organisation_id, both.c.year)
