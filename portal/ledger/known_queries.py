"""What the sums of organisations and years were, as the portal knew them before an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundAccount, LedgerEntry
from models.types import FundSource, LedgerKind
from portal.ledger.rules import FROM_PAYERS, Money, effects_of


def money_known(session: Session, year: int, known_before: datetime) -> dict[int, Money]:
    """Return the sums of a year by organisation, added up from the rows of the ledger; one query.

    Read by itself, so that its plan does not hang on that of the pairings.
    """
    wanted = sums_by(year, "organisation_id").where(LedgerEntry.at < known_before)
    return {row[0]: Money._make(row[1:]) for row in session.execute(wanted)}


def sums_by(year: int, key: str, organisations: Any = None) -> sa.Select[Any]:
    """Select what the rows of a year come to by ``key`` of their account: its organisation or source.

    What a row does to which sum is what ``portal/ledger/rules.py`` says when it is written.
    ``organisations`` selects the ids of those whose rows count.
    """
    entry = LedgerEntry
    debit, credit = aliased(FundAccount), aliased(FundAccount)
    signed = sa.case((entry.reversal_of_id.is_(None), entry.amount_fen), else_=-entry.amount_fen)
    is_carried = entry.kind == LedgerKind.CARRY_OVER
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
            if kind != LedgerKind.CARRY_OVER
            for source, sign in _signs(kind, name)
        ]
        if name == "balance_fen":
            parts.insert(0, (is_carried, sa.cast(carried, sa.BigInteger)))
        sums.append(sa.cast(sa.func.sum(sa.case(*parts, else_=0)), sa.BigInteger).label(name))
    by = getattr(credit, key)
    wanted = (
        sa.select(by, *sums)
        .select_from(entry)
        .join(debit, debit.id == entry.debit_account_id)
        .join(credit, credit.id == entry.credit_account_id)
        .where(sa.or_(debit.year == year, credit.year == year))
        .group_by(by)
    )
    return (
        wanted if organisations is None else wanted.where(credit.organisation_id.in_(organisations))
    )


def carried_in_by(year: int, key: str) -> sa.Select[Any]:
    """Select what was carried over into a year, less what of it was taken back, by ``key``."""
    entry = LedgerEntry
    debit, credit = aliased(FundAccount), aliased(FundAccount)
    by = getattr(debit, key)
    signed = sa.case((debit.year == year, entry.amount_fen), else_=-entry.amount_fen)
    return (
        sa.select(
            by.label(key),
            debit.organisation_id.label("of"),
            sa.cast(sa.func.sum(signed), sa.BigInteger).label("carried_fen"),
        )
        .select_from(entry)
        .join(debit, debit.id == entry.debit_account_id)
        .join(credit, credit.id == entry.credit_account_id)
        .where(
            entry.kind == LedgerKind.CARRY_OVER,
            sa.or_(
                sa.and_(debit.year == year, credit.year < year),
                sa.and_(credit.year == year, debit.year < year),
            ),
        )
        .group_by(by, debit.organisation_id)
    )


def _signs(kind: LedgerKind, name: str) -> list[tuple[FundSource | None, int]]:
    """Return by which sign a kind of row counts in a sum; None stands for whatever source."""
    if kind not in FROM_PAYERS:
        sign = effects_of(kind, FundSource.SELF).get(name)
        return [(None, sign)] if sign else []
    found = [(source, effects_of(kind, source).get(name, 0)) for source in FundSource]
    return [(source, sign) for source, sign in found if sign]


def _of(source: FundSource | None, account: type[FundAccount]) -> sa.ColumnElement[bool]:
    return sa.true() if source is None else account.source == source
