"""Reading the 资金使用台账 of an organisation and work year, page by page or as a whole.

Its lines are the rows of the ledger that touch what the organisation has (可用结余) or has spent, with
what they are of. All amounts come out of the ledger itself, not out of the sums kept beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Disbursement,
    Expenditure,
    FundAccount,
    FundAllocation,
    FundIncome,
    FundTransfer,
    FundYearTotal,
    LedgerEntry,
    Organisation,
    Pairing,
    PairingYear,
    Settlement,
)
from models.types import (
    NATION,
    AllocationState,
    DisbursementState,
    FundAccountKind,
    FundSource,
)
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.policy import Reach
from portal.access.scope import within
from portal.ledger.book_line_queries import BookEntry, lines_of
from portal.ledger.book_rules import BookLine, Foot, Paid, Sum, foot_of
from portal.matching import begins_with_code, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice

BOOK = Loader("organisation", Organisation, "fund.read", {"credit_code": Organisation.credit_code})

PIECE = 500
"""Rows whose subjects are read at a time."""

HELD, SPENT, TO_REPAY = FundAccountKind.CASH, FundAccountKind.SPENT, FundAccountKind.TO_REPAY


class BookAccounts(NamedTuple):
    """The accounts of a book: ids of what it holds and has spent, and what is to be repaid, in fen."""

    held: list[int]
    spent: list[int]
    to_repay_fen: int


@dataclass(frozen=True, slots=True)
class BookAsked:
    """Of which organisation and year, out of which source (None: all)."""

    organisation_id: int
    year: int
    source: FundSource | None = None


class BookOfYear(NamedTuple):
    """A line of the list of books: an organisation with what its year comes to, in fen."""

    credit_code: str
    name: str
    received_fen: int
    spent_fen: int
    balance_fen: int


def is_wholly_seen(actor: Actor, organisation_id: Any, year: Any) -> sa.ColumnElement[bool]:
    """Return the condition that an actor may see every row of a book: of a part nobody reads sums.

    An organisation with two pairings in a year has partners that see the money of one of them.
    """
    if actor.is_operator or any(
        reach == Reach.NATION or (reach == Reach.PROVINCE and grant.scope_code == NATION)
        for reach, grant in actor.reaches("fund.read")
    ):
        return sa.true()
    hidden = [
        sa.exists().where(
            owner == organisation_id,
            kind.year == year,
            sa.not_(within(kind, actor, "fund.read")),
        )
        for kind, owner in (
            *((one, one.organisation_id) for one in (FundAllocation, FundIncome, Expenditure)),
            (Settlement, Settlement.organisation_id),
            (FundTransfer, FundTransfer.organisation_id),
            (FundTransfer, FundTransfer.receiving_organisation_id),
        )
    ]
    return sa.not_(sa.or_(*hidden))


def may_read_book(session: Session, actor: Actor, organisation_id: int, year: int) -> bool:
    return bool(session.scalar(sa.select(is_wholly_seen(actor, organisation_id, year))))


def list_books(
    session: Session,
    actor: Actor,
    text: str,
    *,
    year: int,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[BookOfYear]:
    """Return one page of the books of a year that an actor may read, by name; two queries."""
    sums = FundYearTotal
    wanted: Any = (
        sa.select(
            Organisation.credit_code,
            Organisation.name,
            sums.received_fen,
            sums.spent_fen,
            sums.balance_fen,
        )
        .join(sums, sums.organisation_id == Organisation.id)
        .where(
            sums.year == year,
            within(Organisation, actor, "fund.read"),
            within(Organisation, actor, BOOK.reads),  # or its book would be none to open
            is_wholly_seen(actor, Organisation.id, year),
            *has_every_word(
                text,
                lambda word: (
                    is_part_of_name(Organisation, word),
                    begins_with_code(Organisation.credit_code, word),
                ),
            ),
        )
    )
    orders = (Order(Organisation.name_order), Order(Organisation.id))
    make: Any = BookOfYear._make
    return read_slice(session, wanted, orders, cursor=cursor, make=make, size=size)


def read_page(
    session: Session, asked: BookAsked, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[BookLine]:
    """Return one page of a book's lines (a fixed number of queries)."""
    entries = _entries(accounts_of(session, asked)).subquery()
    wanted = sa.select(*(entries.c[name] for name in BookEntry._fields))
    make: Any = BookEntry._make
    found = read_slice(
        session, wanted, (Order(entries.c.number),), cursor=cursor, make=make, size=size
    )
    lines = _lines(session, asked, found.rows)
    return Slice(lines, found.count, found.before, found.after, found.start)


def read_all(session: Session, asked: BookAsked) -> list[BookLine]:
    """Return all lines of a book."""
    entries = [
        BookEntry._make(row) for row in session.execute(_entries(accounts_of(session, asked)))
    ]
    return [
        line
        for start in range(0, len(entries), PIECE)
        for line in _lines(session, asked, entries[start : start + PIECE])
    ]


def accounts_of(session: Session, asked: BookAsked) -> BookAccounts:
    """Return the accounts of a book; one query."""
    account = FundAccount
    wanted = sa.select(account.id, account.kind, account.balance_fen).where(
        account.organisation_id == asked.organisation_id, account.year == asked.year
    )
    if asked.source is not None:
        wanted = wanted.where(account.source == asked.source)
    rows = session.execute(wanted.order_by(account.id)).all()
    return BookAccounts(
        [row.id for row in rows if row.kind == HELD],
        [row.id for row in rows if row.kind == SPENT],
        sum(row.balance_fen for row in rows if row.kind == TO_REPAY),
    )


def _added_to(accounts: Collection[int]) -> sa.ColumnElement[int]:
    """Return what a row adds to some accounts, in fen."""
    entry = LedgerEntry
    return sa.case((entry.debit_account_id.in_(accounts), entry.amount_fen), else_=0) - sa.case(
        (entry.credit_account_id.in_(accounts), entry.amount_fen), else_=0
    )


def _touching(accounts: BookAccounts) -> sa.ColumnElement[bool]:
    own = [*accounts.held, *accounts.spent]
    return sa.or_(LedgerEntry.debit_account_id.in_(own), LedgerEntry.credit_account_id.in_(own))


def _whole(amount: Any) -> Any:
    return sa.cast(amount, sa.BigInteger)  # of PostgreSQL a sum of whole numbers is none


def _entries(accounts: BookAccounts) -> sa.Select[Any]:
    entry, debited = LedgerEntry, aliased(FundAccount)
    spent, balance = _added_to(accounts.spent), _added_to(accounts.held)
    in_order: dict[str, Any] = {"order_by": entry.id, "rows": (None, 0)}
    return (
        sa.select(
            *(getattr(entry, name) for name in BookEntry._fields[:12]),
            debited.source,
            spent.label("spent_fen"),
            balance.label("balance_fen"),
            sa.func.row_number().over(order_by=entry.id).label("number"),
            _whole(sa.func.sum(spent).over(**in_order)).label("spent_so_far_fen"),
            _whole(sa.func.sum(balance).over(**in_order)).label("balance_so_far_fen"),
        )
        .join(debited, debited.id == entry.debit_account_id)
        .where(_touching(accounts))
        .order_by(entry.id)
    )


def _lines(session: Session, asked: BookAsked, entries: Sequence[BookEntry]) -> list[BookLine]:
    """Return the lines of some rows; a fixed number of queries."""
    taken_back = {one.reversal_of_id for one in entries if one.reversal_of_id}
    return lines_of(session, entries, _numbers(session, asked, taken_back))


def _numbers(session: Session, asked: BookAsked, entry_ids: Collection[int]) -> dict[int, int]:
    """Return the numbers of lines in the book, by the row of the ledger."""
    entries = _entries(accounts_of(session, asked)).subquery()
    rows = session.execute(
        sa.select(entries.c.id, entries.c.number).where(entries.c.id.in_(entry_ids))
    )
    return {row.id: row.number for row in rows}


# ---- head and foot -------------------------------------------------------------------------------


def foot_of_book(session: Session, asked: BookAsked) -> Foot:
    """Add up a book out of its rows; two queries."""
    entry, debited = LedgerEntry, aliased(FundAccount)
    accounts = accounts_of(session, asked)
    balance = _added_to(accounts.held)
    # Carried in and carried on are one kind; what takes one back goes the other way.
    is_inward = sa.or_(
        sa.and_(balance > 0, entry.reversal_of_id.is_(None)),
        sa.and_(balance < 0, entry.reversal_of_id.is_not(None)),
    )
    keys = (entry.kind, debited.source, Expenditure.category)
    rows = session.execute(
        sa.select(
            *keys,
            _whole(sa.func.sum(_added_to(accounts.spent))),
            _whole(sa.func.sum(balance)),
            _whole(sa.func.sum(sa.case((is_inward, balance), else_=0))),
        )
        .join(debited, debited.id == entry.debit_account_id)
        .outerjoin(Expenditure, Expenditure.id == entry.expenditure_id)
        .where(_touching(accounts))
        .group_by(*keys)
    )
    return foot_of([Sum._make(row) for row in rows], accounts.to_repay_fen)


def list_paid(session: Session, asked: BookAsked) -> list[Paid]:
    """Return the approved allocations of a book with their payments that stand; one query."""
    wanted = (
        sa.select(FundAllocation, Disbursement)
        .outerjoin(
            Disbursement,
            sa.and_(
                Disbursement.allocation_id == FundAllocation.id,
                Disbursement.state != DisbursementState.REVERSED,
            ),
        )
        .where(
            FundAllocation.organisation_id == asked.organisation_id,
            FundAllocation.year == asked.year,
            FundAllocation.state == AllocationState.APPROVED,
        )
        .order_by(FundAllocation.id, Disbursement.id)
    )
    if asked.source is not None:
        wanted = wanted.where(FundAllocation.source == asked.source)
    found, seen = [], set()
    for one, payment in session.execute(wanted):
        is_first = one.id not in seen
        seen.add(one.id)
        found.append(
            Paid(
                one.source,
                one.payer,
                one.document_number or "",
                one.amount_fen - one.reduced_fen if is_first else None,
                *_of_payment(payment),
            )
        )
    return found


def _of_payment(payment: Disbursement | None) -> tuple[Any, ...]:
    if payment is None:
        return (None, "", None, None, None, "")
    return (
        payment.paid_on,
        payment.voucher_number,
        payment.amount_fen,
        payment.received_on,
        payment.received_fen,
        payment.difference_reason or "",
    )


def pairings_of(session: Session, actor: Actor, organisation_id: int, year: int) -> list[str]:
    """Return the codes of an organisation's pairings in a year that an actor may see; one query."""
    return list(
        session.scalars(
            sa.select(Pairing.code)
            .join(PairingYear, PairingYear.pairing_id == Pairing.id)
            .where(
                PairingYear.year == year,
                within(Pairing, actor, "fund.read"),
                sa.or_(
                    PairingYear.sending_organisation_id == organisation_id,
                    Pairing.receiving_organisation_id == organisation_id,
                ),
            )
            .order_by(Pairing.code)
        )
    )
