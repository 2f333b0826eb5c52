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
    wanted = sums_by(year, "organisation_id", known_before=known_before)
    return {row[0]: Money._make(row[1:]) for row in session.execute(wanted)}


def sums_by(
    year: int, key: str, organisations: Any = None, known_before: datetime | None = None
) -> sa.Select[Any]:
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
            if kind not in (LedgerKind.CARRY_OVER, LedgerKind.TRANSFER)
            for source, sign in _signs(kind, name)
        ]
        if name == "balance_fen":
            parts.insert(0, (is_carried, sa.cast(carried, sa.BigInteger)))
        sums.append(sa.cast(sa.func.sum(sa.case(*parts, else_=0)), sa.BigInteger).label(name))
    by = getattr(credit, key)
    wanted = (
        sa.select(by.label(key), *sums)
        .select_from(entry)
        .join(debit, debit.id == entry.debit_account_id)
        .join(credit, credit.id == entry.credit_account_id)
        .where(
            sa.or_(debit.year == year, credit.year == year),
            *_among(credit, organisations, known_before),
        )
        .group_by(by)
    )
    rows = sa.union_all(
        wanted,
        *(
            _passed(side, year, key, sign, organisations, known_before)
            for side, sign in (("debit", 1), ("credit", -1))
        ),
    ).subquery("rows_of_books")
    return sa.select(
        rows.c[key],
        *(sa.cast(sa.func.sum(rows.c[name]), sa.BigInteger).label(name) for name in Money._fields),
    ).group_by(rows.c[key])


def _among(
    account: Any, organisations: Any, known_before: datetime | None
) -> list[sa.ColumnElement[bool]]:
    found = [] if organisations is None else [account.organisation_id.in_(organisations)]
    return found if known_before is None else [*found, LedgerEntry.at < known_before]


def _passed(
    side: str, year: int, key: str, sign: int, organisations: Any, known_before: datetime | None
) -> sa.Select[Any]:
    """Select what was passed on between partners, as it moved the balance of one side."""
    entry, account = LedgerEntry, aliased(FundAccount)
    moved = sa.cast(sign * entry.amount_fen, sa.BigInteger)
    return (
        sa.select(
            getattr(account, key).label(key),
            *(
                (moved if name == "balance_fen" else sa.literal(0)).label(name)
                for name in Money._fields
            ),
        )
        .select_from(entry)
        .join(account, account.id == getattr(entry, f"{side}_account_id"))
        .where(
            entry.transfer_id.is_not(None),
            account.year == year,
            *_among(account, organisations, known_before),
        )
    )


def carried_in_by(year: int, key: str) -> sa.CompoundSelect[Any]:
    """Select what was carried over into a year, and what partners passed on, less what of it was taken
    back or passed on to them, by ``key``; several rows of one."""
    entry = LedgerEntry
    debit, credit = aliased(FundAccount), aliased(FundAccount)
    by = getattr(debit, key)
    signed = sa.case((debit.year == year, entry.amount_fen), else_=-entry.amount_fen)
    carried = (
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
    passed = []
    for side, sign in (("debit", 1), ("credit", -1)):
        account = aliased(FundAccount)
        passed.append(
            sa.select(
                getattr(account, key).label(key),
                account.organisation_id.label("of"),
                sa.cast(sign * entry.amount_fen, sa.BigInteger).label("carried_fen"),
            )
            .select_from(entry)
            .join(account, account.id == getattr(entry, f"{side}_account_id"))
            .where(entry.transfer_id.is_not(None), account.year == year)
        )
    return sa.union_all(carried, *passed)


def _signs(kind: LedgerKind, name: str) -> list[tuple[FundSource | None, int]]:
    """Return by which sign a kind of row counts in a sum; None stands for whatever source."""
    if kind not in FROM_PAYERS:
        sign = effects_of(kind, FundSource.SELF).get(name)
        return [(None, sign)] if sign else []
    found = [(source, effects_of(kind, source).get(name, 0)) for source in FundSource]
    return [(source, sign) for source, sign in found if sign]


def _of(source: FundSource | None, account: type[FundAccount]) -> sa.ColumnElement[bool]:
    return sa.true() if source is None else account.source == source
