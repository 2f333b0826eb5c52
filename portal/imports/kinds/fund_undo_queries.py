"""What stands in the way of taking back the money of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Disbursement,
    DisbursementDecision,
    Expenditure,
    ExpenditureDecision,
    FundAccount,
    FundAllocation,
    FundAllocationDecision,
    FundIncome,
    ImportBatch,
    LedgerEntry,
    Organisation,
    Pairing,
    Person,
)
from models.types import FundAccountKind
from portal.access.scope import within
from portal.deeds import Deed
from portal.funding.set_queries import Brought, brought_by
from portal.imports.undo_queries import UNDOING
from portal.imports.undo_rules import OUT_OF_REACH, SHOWN, UndoEffect, UndoObstacle, UndoOutcome
from portal.ledger.amount_rules import FundYear
from portal.ledger.queries import BATCH, years_of
from portal.ledger.rules import Book
from portal.programme.rules import refusals_for_closed_years
from portal.standards.money import format_yuan

PAID_SINCE = "此后有拨付"
SPENT_SINCE = "到账的资金已有支出"
REVERSED_SINCE = "已冲销"


def effect_on_money(deed: Deed, batch: ImportBatch, *, holds: bool) -> UndoEffect:
    """Return what taking back a file of money would do: every row is reversed by the opposite one.

    What somebody paid of it, confirmed, cut or took back since stands in the way, and what was spent.
    """
    session = deed.session
    if holds:
        for model in (FundAllocation, Disbursement, Expenditure):
            session.execute(
                sa.select(model.id)
                .where(model.import_id == batch.id)
                .order_by(model.id)
                .with_for_update()
            ).all()
    brought, spent = brought_by(session, batch), expenditures_of(session, batch)
    touched = [
        *_decided_since(deed, batch, ExpenditureDecision, spent),
        *_decided_since(deed, batch, FundAllocationDecision, brought.allocations),
        *_decided_since(deed, batch, DisbursementDecision, [*brought.paid, *brought.confirmed]),
        *_paid_since(deed, batch),
        *_reversed_since(deed, batch),
    ]
    labels = _labels(deed, brought, spent)
    obstacles = [
        *(UndoObstacle(labels[type(one), one.id], what, who, at) for one, what, who, at in touched),
        *_spent_since(deed, batch),
    ]
    return UndoEffect(
        removed=brought.things + len(spent),
        outcomes=tuple(
            UndoOutcome(label, is_removed=True) for label in list(labels.values())[:SHOWN]
        ),
        blocked=len(obstacles),
        obstacles=tuple(obstacles[:SHOWN]),
        refusals=(
            *([OUT_OF_REACH] if _is_lost(deed, batch, brought) else []),
            *refusals_for_closed_years(_closed_years(deed, brought, spent), UNDOING),
        ),
    )


Touched = tuple[Any, str, str, Any]
"""A thing of the file, what happened to it, and who did it when."""


def _decided_since(
    deed: Deed, batch: ImportBatch, decisions: Any, subjects: Sequence[Any]
) -> Iterator[Touched]:
    """Yield those on which somebody decided after the file was written."""
    by_id = {one.id: one for one in subjects}
    key = getattr(decisions, decisions.subject_key)
    ids = sorted(by_id)
    for start in range(0, len(ids), BATCH):
        rows = deed.session.execute(
            sa.select(key, decisions.state_after, Person.name, decisions.at)
            .outerjoin(Person, Person.id == decisions.person_id)
            .where(key.in_(ids[start : start + BATCH]), decisions.at > batch.applied_at)
            .order_by(decisions.id)
        )
        last = {number: (state, name, at) for number, state, name, at in rows}
        for number, (state, name, at) in last.items():
            yield by_id[number], f"此后有办理，现为“{state.label}”", name or "", at


def _paid_since(deed: Deed, batch: ImportBatch) -> Iterator[Touched]:
    """Yield the allocations of the file of which somebody else has paid since."""
    others = Disbursement.import_id.is_distinct_from(batch.id)
    rows = deed.session.execute(
        sa.select(FundAllocation, Person.name, Disbursement.created_at)
        .join(Disbursement, Disbursement.allocation_id == FundAllocation.id)
        .outerjoin(Person, Person.id == Disbursement.paid_by_person_id)
        .where(FundAllocation.import_id == batch.id, others)
        .order_by(Disbursement.id)
    )
    for allocation, name, at in rows:
        yield allocation, PAID_SINCE, name or "", at


def _reversed_since(deed: Deed, batch: ImportBatch) -> Iterator[Touched]:
    """Yield what the file says was raised, and somebody has taken back since."""
    rows = deed.session.execute(
        sa.select(FundIncome, LedgerEntry.at)
        .join(LedgerEntry, LedgerEntry.income_id == FundIncome.id)
        .where(FundIncome.import_id == batch.id, LedgerEntry.reversal_of_id.is_not(None))
    )
    for income, at in rows:
        yield income, REVERSED_SINCE, "", at


def _spent_since(deed: Deed, batch: ImportBatch) -> Iterator[UndoObstacle]:
    """Yield the accounts of which less is left than the file brought into them and did not spend."""
    entry, reversing = LedgerEntry, aliased(LedgerEntry)
    stands = sa.and_(
        entry.reversal_of_id.is_(None), ~sa.exists().where(reversing.reversal_of_id == entry.id)
    )
    # What it confirmed of others' payments its account did at that instant.
    confirmed = sa.and_(
        entry.at == batch.applied_at,
        entry.account_id.is_not_distinct_from(batch.account_id),
        entry.disbursement_id.is_not(None),
    )
    raised = entry.income_id.in_(sa.select(FundIncome.id).where(FundIncome.import_id == batch.id))
    spent = entry.expenditure_id.in_(
        sa.select(Expenditure.id).where(Expenditure.import_id == batch.id)
    )
    sides = (
        (entry.debit_account_id, entry.amount_fen, sa.or_(confirmed, raised)),
        (entry.credit_account_id, -entry.amount_fen, spent),
    )
    moved = sa.union_all(
        *(
            sa.select(account.label("account_id"), fen.label("fen")).where(which, stands)
            for account, fen, which in sides
        )
    ).subquery()
    brought = (
        sa.select(moved.c.account_id, sa.func.sum(moved.c.fen).label("fen"))
        .group_by(moved.c.account_id)
        .subquery()
    )
    rows = deed.session.execute(
        sa.select(Organisation.name, FundAccount.year, FundAccount.source, FundAccount.balance_fen)
        .join(brought, brought.c.account_id == FundAccount.id)
        .join(Organisation, Organisation.id == FundAccount.organisation_id)
        .where(FundAccount.kind == FundAccountKind.CASH, FundAccount.balance_fen < brought.c.fen)
        .order_by(FundAccount.id)
    )
    for name, year, source, left in rows:
        label = f"{name} {year} 年度“{source.label}”"
        yield UndoObstacle(label, f"{SPENT_SINCE}，现结余 {format_yuan(left)} 元")


def expenditures_of(session: Session, batch: ImportBatch) -> Sequence[Expenditure]:
    """Return what a file claimed or booked."""
    wanted = sa.select(Expenditure).where(Expenditure.import_id == batch.id)
    return session.scalars(wanted.order_by(Expenditure.id)).all()


def _labels(
    deed: Deed, brought: Brought, spent: Sequence[Expenditure]
) -> dict[tuple[type[Any], int], str]:
    """Return what each thing of a file is called: its pairing, year, source, what it is, how much."""
    payments = list({one.id: one for one in (*brought.paid, *brought.confirmed)}.values())
    purses = _purses(deed, payments)
    pairings = {
        *(one.pairing_id for one in brought.allocations),
        *(one.pairing_id for one in brought.incomes),
        *(one.pairing_id for one in spent),
        *(pairing_id for pairing_id, _ in purses.values()),
    }
    codes = _codes(deed, pairings)
    found: dict[tuple[type[Any], int], str] = {}
    stated: tuple[tuple[str, Sequence[Any]], ...] = (
        ("计划", brought.allocations),
        ("自行筹措", brought.incomes),
        ("支出", spent),
    )
    for word, things in stated:
        for one in things:
            found[type(one), one.id] = _label(
                codes[one.pairing_id], one.year, one.source, word, one.amount_fen
            )
    for payment in payments:
        pairing_id, book = purses[payment.id]
        word = "拨付" if payment in brought.paid else "到账"
        found[Disbursement, payment.id] = _label(
            codes[pairing_id], book.year, book.source, word, payment.amount_fen
        )
    return found


def _label(code: str, year: int, source: Any, word: str, fen: int) -> str:
    return f"结对 {code} {year} 年度“{source.label}”{word} {format_yuan(fen)} 元"


def _purses(deed: Deed, payments: Sequence[Disbursement]) -> dict[int, tuple[int, Book]]:
    found: dict[int, tuple[int, Book]] = {}
    ids = sorted(one.id for one in payments)
    for start in range(0, len(ids), BATCH):
        rows = deed.session.execute(
            sa.select(
                Disbursement.id,
                FundAllocation.pairing_id,
                FundAllocation.organisation_id,
                FundAllocation.year,
                FundAllocation.source,
            )
            .join(FundAllocation, FundAllocation.id == Disbursement.allocation_id)
            .where(Disbursement.id.in_(ids[start : start + BATCH]))
        )
        for number, pairing_id, who, year, source in rows:
            found[number] = (pairing_id, Book(who, year, source))
    return found


def _codes(deed: Deed, pairing_ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ids = sorted(pairing_ids)
    for start in range(0, len(ids), BATCH):
        some = sa.select(Pairing.id, Pairing.code).where(Pairing.id.in_(ids[start : start + BATCH]))
        found |= dict(deed.session.execute(some).all())
    return found


def _is_lost(deed: Deed, batch: ImportBatch, brought: Brought) -> bool:
    """Has the actor lost the role by which a part of the file came in?"""
    return any(
        deed.session.scalar(
            sa.select(
                sa.exists().where(
                    model.import_id == batch.id, sa.not_(within(model, deed.actor, permission))
                )
            )
        )
        for model, permission in (
            (FundAllocation, "fund.plan"),
            (Disbursement, "fund.pay"),
            (FundIncome, "fund.raise"),
            (Expenditure, "spending.book"),
        )
    ) or bool(brought.confirmed and not deed.actor.holds("fund.receive"))


def _closed_years(deed: Deed, brought: Brought, spent: Sequence[Expenditure]) -> list[int]:
    payments = [*brought.paid, *brought.confirmed]
    spots = {
        *(FundYear(one.pairing_id, one.year, one.organisation_id) for one in brought.allocations),
        *(FundYear(one.pairing_id, one.year, one.organisation_id) for one in brought.incomes),
        *(FundYear(one.pairing_id, one.year, one.organisation_id) for one in spent),
        *(
            FundYear(pairing_id, book.year, book.organisation_id)
            for pairing_id, book in _purses(deed, payments).values()
        ),
    }
    years = years_of(deed.session, spots)
    return sorted({one.year for one in years.values() if one.is_closed})
