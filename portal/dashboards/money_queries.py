"""What the pictures of money show: out of which source on what, and how it went over the year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Expenditure, FundAccount, LedgerEntry, Pairing, PairingYearTotal
from models.types import (
    ExpenditureState,
    ExpenseCategory,
    FundAccountKind,
    FundSource,
    LedgerKind,
)
from portal.dashboards.rules import Span
from portal.ledger.rules import EFFECTS

SPENT = (ExpenditureState.BOOKED, ExpenditureState.SAMPLED)
"""What is spent of an organisation's money; what was disallowed is to be repaid."""


class MoneyUse(NamedTuple):
    """What went out of a source into a category, in fen; None of what is left."""

    source: FundSource
    category: ExpenseCategory | None
    fen: int


class MoneyStep(NamedTuple):
    """What had arrived and was spent by the end of a month, in fen, by the dates of the papers."""

    span: Span
    received_fen: int
    spent_fen: int


class MoneyFlow(NamedTuple):
    uses: Sequence[MoneyUse]
    steps: Sequence[MoneyStep]


NO_FLOW = MoneyFlow((), ())


def money_flow(
    session: Session,
    year: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    sees: sa.ColumnElement[bool],
    months: Sequence[Span],
) -> MoneyFlow:
    """Return the money of the sending organisations of some pairings of a year; three queries."""
    shown = (
        sa.select(Pairing.sending_organisation_id)
        .join(PairingYearTotal, PairingYearTotal.pairing_id == Pairing.id)
        .where(*conditions, sees)
    )
    return MoneyFlow(_uses(session, year, shown), _steps(session, year, shown, months))


def _uses(session: Session, year: int, shown: Any) -> list[MoneyUse]:
    spent = session.execute(
        sa.select(Expenditure.source, Expenditure.category, _sum(Expenditure.amount_fen))
        .where(
            Expenditure.year == year,
            Expenditure.organisation_id.in_(shown),
            Expenditure.state.in_(SPENT),
        )
        .group_by(Expenditure.source, Expenditure.category)
    )
    left = session.execute(
        sa.select(FundAccount.source, _sum(FundAccount.balance_fen))
        .where(
            FundAccount.year == year,
            FundAccount.organisation_id.in_(shown),
            FundAccount.kind == FundAccountKind.CASH,
        )
        .group_by(FundAccount.source)
    )
    found = [MoneyUse(*row) for row in spent]
    found += [MoneyUse(source, None, fen) for source, fen in left if fen]
    sources, categories = list(FundSource), [*ExpenseCategory, None]
    return sorted(
        found, key=lambda one: (sources.index(one.source), categories.index(one.category))
    )


def _steps(session: Session, year: int, shown: Any, months: Sequence[Span]) -> list[MoneyStep]:
    """What is dated before the first month or after the last counts with these."""
    entry, credit = LedgerEntry, aliased(FundAccount)
    signed = sa.case((entry.reversal_of_id.is_(None), entry.amount_fen), else_=-entry.amount_fen)
    at = sa.extract("year", entry.booked_on) * 100 + sa.extract("month", entry.booked_on)
    rows = session.execute(
        sa.select(at, entry.kind, _sum(signed))
        .join(credit, credit.id == entry.credit_account_id)
        .where(
            credit.year == year,
            credit.organisation_id.in_(shown),
            entry.kind.in_(_KINDS),
        )
        .group_by(at, entry.kind)
    ).all()
    found = []
    for span in months:
        by_then = [
            (EFFECTS[kind], fen)
            for month, kind, fen in rows
            if int(month) <= span.month or span is months[-1]
        ]
        sums = [
            sum(effects.get(name, 0) * fen for effects, fen in by_then)
            for name in ("received_fen", "spent_fen")
        ]
        found.append(MoneyStep(span, *sums))
    return found


_KINDS = [kind for kind in LedgerKind if {"received_fen", "spent_fen"} & EFFECTS[kind].keys()]


def _sum(figure: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.sum(figure), sa.BigInteger)
