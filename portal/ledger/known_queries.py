"""What the sums of organisations and years were, as the portal knew them before an instant."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundAccount, LedgerEntry
from models.types import FundSource, LedgerKind
from portal.ledger.rules import FROM_PAYERS, Money, effects_of


def money_known(session: Session, year: int, known_before: datetime) -> dict[int, Money]:
    """Return the sums of a year by organisation, added up from the rows of the ledger; one query.

    Read by itself, so that its plan does not hang on that of the pairings. What a row does to which sum is what ``portal/ledger/rules.py`` says when it is written.
    """
    entry = LedgerEntry
    debit, credit = aliased(FundAccount), aliased(FundAccount)
    signed = sa.case((entry.reversal_of_id.is_(None), entry.amount_fen), else_=-entry.amount_fen)
    is_carried = entry.kind == LedgerKind.CARRY_OVER
    is_passed = entry.kind == LedgerKind.TRANSFER
    # Carried over, it leaves the credited account's year for that of the debited one.
    carried = sa.case((debit.year == year, entry.amount_fen), else_=-entry.amount_fen)
    sums = []
    for name in Money._fields:
        parts = [
            (
                sa.and_(entry.kind == kind, _of(source, credit)),
                sa.cast(sign * signed, sa.BigInteger),
            )
            for kind in LedgerKind
            if kind not in (LedgerKind.CARRY_OVER, LedgerKind.TRANSFER)
            for source, sign in _signs(kind, name)
        ]
        if name == "balance_fen":
            parts.insert(0, (is_carried, sa.cast(carried, sa.BigInteger)))
            # Passed on, it leaves the credited account's organisation; taken back, it returns so.
            parts.insert(0, (is_passed, sa.cast(-entry.amount_fen, sa.BigInteger)))
        sums.append(sa.cast(sa.func.sum(sa.case(*parts, else_=0)), sa.BigInteger).label(name))
    wanted = (
        sa.select(credit.organisation_id, *sums)
        .select_from(entry)
        .join(debit, debit.id == entry.debit_account_id)
        .join(credit, credit.id == entry.credit_account_id)
        .where(entry.at < known_before, sa.or_(debit.year == year, credit.year == year))
        .group_by(credit.organisation_id)
    )
    arrived = (
        sa.select(
            debit.organisation_id,
            *(
                sa.cast(sa.func.sum(entry.amount_fen), sa.BigInteger)
                if name == "balance_fen"
                else sa.literal(0)
                for name in Money._fields
            ),
        )
        .select_from(entry)
        .join(debit, debit.id == entry.debit_account_id)
        .where(entry.transfer_id.is_not(None), entry.at < known_before, debit.year == year)
        .group_by(debit.organisation_id)
    )
    found: dict[int, Money] = {}
    for number, *figures in session.execute(wanted.union_all(arrived)):
        there = found.get(number, Money())
        found[number] = Money(*(one + more for one, more in zip(there, figures, strict=True)))
    return found


def _signs(kind: LedgerKind, name: str) -> list[tuple[FundSource | None, int]]:
    """Return by which sign a kind of row counts in a sum; None stands for whatever source."""
    if kind not in FROM_PAYERS:
        sign = effects_of(kind, FundSource.SELF).get(name)
        return [(None, sign)] if sign else []
    found = [(source, effects_of(kind, source).get(name, 0)) for source in FundSource]
    return [(source, sign) for source, sign in found if sign]


def _of(source: FundSource | None, account: type[FundAccount]) -> sa.ColumnElement[bool]:
    return sa.true() if source is None else account.source == source
