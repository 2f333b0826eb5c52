"""The double entry: which accounts a kind of row moves money between, and what it does to the sums. Pure.

One row carries both accounts and one positive amount: what is unbalanced cannot be written. The database
keeps the balances (models/triggers.py) and lets none fall below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.types import FundAccountKind, FundSource, LedgerKind
from portal.refusals import Refusal
from portal.standards.money import format_yuan

A, K = FundAccountKind, LedgerKind


class Movement(NamedTuple):
    """From the credited to the debited account."""

    debit: FundAccountKind
    credit: FundAccountKind


MOVEMENTS: dict[LedgerKind, Movement] = {
    K.APPROVAL: Movement(A.APPROVED, A.OUTSIDE),
    K.WITHDRAWAL: Movement(A.OUTSIDE, A.APPROVED),
    K.DISBURSEMENT: Movement(A.TRANSIT, A.APPROVED),
    K.RECEIPT: Movement(A.CASH, A.TRANSIT),
    K.SHORTFALL: Movement(A.DIFFERENCE, A.TRANSIT),
    K.SURPLUS: Movement(A.CASH, A.DIFFERENCE),
    K.INCOME: Movement(A.CASH, A.OUTSIDE),
    K.EXPENDITURE: Movement(A.SPENT, A.CASH),
    K.DISALLOWANCE: Movement(A.TO_REPAY, A.SPENT),
    K.REPAYMENT: Movement(A.CASH, A.TO_REPAY),
    K.CARRY_OVER: Movement(A.CASH, A.CASH),  # of the next year, from this one
    K.RETURN: Movement(A.OUTSIDE, A.CASH),
    K.TRANSFER: Movement(A.CASH, A.CASH),  # of the partner, from the sending organisation
}

GUARANTEED = frozenset(
    {FundSource.PROVINCIAL, FundSource.LOTTERY, FundSource.DONATION, FundSource.SOCIAL}
)
"""Out of these a province guarantees its part: fiscal and social money (三(二)); what an organisation
raised itself is no part of it."""

EFFECTS: dict[LedgerKind, dict[str, int]] = {
    K.APPROVAL: {"approved_fen": 1},
    K.WITHDRAWAL: {"approved_fen": -1},
    K.DISBURSEMENT: {"disbursed_fen": 1},
    K.RECEIPT: {"received_fen": 1, "balance_fen": 1},
    K.SHORTFALL: {},
    K.SURPLUS: {"received_fen": 1, "balance_fen": 1},
    K.INCOME: {"received_fen": 1, "balance_fen": 1},
    K.EXPENDITURE: {"spent_fen": 1, "balance_fen": -1},
    K.DISALLOWANCE: {"spent_fen": -1, "to_repay_fen": 1},
    K.REPAYMENT: {"to_repay_fen": -1, "balance_fen": 1},
    K.CARRY_OVER: {"balance_fen": -1},  # and the opposite in the year that it is carried to
    K.RETURN: {"balance_fen": -1},
    K.TRANSFER: {"balance_fen": -1},  # and the opposite for the partner: it was received once (B29)
}
"""What a row adds to the sums of its organisation and year (``FundYearTotal``), times its amount."""

FROM_PAYERS = (K.RECEIPT, K.SURPLUS)
"""What arrives by these counts as the ministry's subsidy or as what the province guarantees."""


class Money(NamedTuple):
    """The sums of an organisation and year (``FundYearTotal``), in fen."""

    approved_fen: int = 0
    disbursed_fen: int = 0
    subsidy_received_fen: int = 0
    province_received_fen: int = 0
    received_fen: int = 0
    spent_fen: int = 0
    to_repay_fen: int = 0
    balance_fen: int = 0


SUMS = Money._fields


class Book(NamedTuple):
    """The accounts of one organisation, work year and source."""

    organisation_id: int
    year: int
    source: FundSource


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row to be written. ``subject`` is the column that names what it is of, and its key.

    ``carried_to`` is the year into which money is carried over, ``passed_to`` the organisation to which
    it is transferred; ``reversal_of`` the row that it takes back, which moves the same amount the other
    way round.
    """

    kind: LedgerKind
    book: Book
    amount_fen: int
    subject: tuple[str, int]
    booked_on: date
    note: str = ""
    carried_to: int | None = None
    passed_to: int | None = None
    reversal_of: int | None = None

    @property
    def debit(self) -> tuple[Book, FundAccountKind]:
        return self._sides()[1 if self.reversal_of else 0]

    @property
    def credit(self) -> tuple[Book, FundAccountKind]:
        return self._sides()[0 if self.reversal_of else 1]

    def _sides(self) -> tuple[tuple[Book, FundAccountKind], tuple[Book, FundAccountKind]]:
        movement = MOVEMENTS[self.kind]
        return (self.target, movement.debit), (self.book, movement.credit)

    @property
    def target(self) -> Book:
        """The book into which money goes: the same but where it is carried over or passed on."""
        return self.book._replace(
            year=self.book.year if self.carried_to is None else self.carried_to,
            organisation_id=self.book.organisation_id if self.passed_to is None else self.passed_to,
        )

    def effects(self) -> Iterable[tuple[tuple[int, int], str, int]]:
        """Yield what it adds to which sum of which (organisation, year)."""
        signed = -self.amount_fen if self.reversal_of else self.amount_fen
        for name, sign in effects_of(self.kind, self.book.source).items():
            yield (self.book.organisation_id, self.book.year), name, sign * signed
        if self.target != self.book:
            yield (self.target.organisation_id, self.target.year), "balance_fen", signed


def effects_of(kind: LedgerKind, source: FundSource) -> Mapping[str, int]:
    """Return what a row of this kind and source does to the sums of its year, by sign."""
    found = dict(EFFECTS[kind])
    if kind in FROM_PAYERS:
        if source == FundSource.MCA_SUBSIDY:
            found["subsidy_received_fen"] = 1
        elif source in GUARANTEED:
            found["province_received_fen"] = 1
    return found


def refusals_for_balances(
    postings: Iterable[LedgerRow], balances: Mapping[tuple[Book, FundAccountKind], int]
) -> list[Refusal]:
    """Say which account would fall below zero, row by row in their order; ``balances`` are before.

    One refusal a posting that has not enough; the others are reckoned without it.
    """
    left = dict(balances)
    found = []
    for posting in postings:
        credit, debit = posting.credit, posting.debit
        there = left.get(credit, 0)
        if credit[1] not in (A.OUTSIDE, A.DIFFERENCE) and there < posting.amount_fen:
            found.append(over_balance(posting, there))
            continue
        left[credit] = there - posting.amount_fen
        left[debit] = left.get(debit, 0) + posting.amount_fen
    return found


_LACKS = {
    A.CASH: "可用结余只有 {there} 元，不足以{verb} {asked} 元，差 {missing} 元；请先确认到账，或改用其他来源。",
    A.APPROVED: "已核定未拨付的只有 {there} 元，不足以{verb} {asked} 元，超出 {missing} 元；请先核定新的资金安排。",
    A.TRANSIT: "已拨付未到账的只有 {there} 元，不足以{verb} {asked} 元；请刷新页面核对。",
    A.SPENT: "已入账的支出只有 {there} 元，不足以{verb} {asked} 元；请刷新页面核对。",
    A.TO_REPAY: "待退回的只有 {there} 元，不足以{verb} {asked} 元；请刷新页面核对。",
}
_VERBS = {
    K.EXPENDITURE: "支出",
    K.DISBURSEMENT: "拨付",
    K.WITHDRAWAL: "核减",
    K.TRANSFER: "转付",
}


def over_balance(posting: LedgerRow, there: int) -> Refusal:
    """Say which balance does not suffice, what there is and what is missing."""
    verb = (
        f"冲销{posting.kind.label}"
        if posting.reversal_of
        else _VERBS.get(posting.kind, posting.kind.label)
    )
    sentence = _LACKS[posting.credit[1]].format(
        there=format_yuan(there),
        verb=verb,
        asked=format_yuan(posting.amount_fen),
        missing=format_yuan(posting.amount_fen - there),
    )
    book = posting.book
    return Refusal("amount", "over_balance", f"{book.year} 年度“{book.source.label}”{sentence}")
