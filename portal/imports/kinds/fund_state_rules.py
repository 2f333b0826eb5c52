"""What the rows of a file of money leave to those behind: plans, payments, purses, spending. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.types import (
    AllocationState,
    DisbursementState,
    ExpenseCategory,
    FundSource,
)
from portal.imports.kinds.fund_fact_rules import (
    Entry,
    FundEntry,
    FundFacts,
    FundPairing,
    FundParty,
    IncomeEntry,
    PairingPurse,
    ReceiptEntry,
    Ref,
    StoredPayment,
)


@dataclass(slots=True)
class PlanLeft:
    """An allocation in the course of a file."""

    ref: Ref
    is_approved: bool
    left_fen: int


@dataclass(slots=True)
class OnTheWay:
    """A payment that has not arrived yet, in the course of a file."""

    ref: Ref
    amount_fen: int
    paid_on: date
    voucher_number: str
    paid_by_person_id: int | None


@dataclass(slots=True)
class PurseState:
    """The money of one purse, as the rows before leave it."""

    plans: list[PlanLeft] = field(default_factory=list)
    on_the_way: list[OnTheWay] = field(default_factory=list)
    vouchers: set[tuple[Ref, str]] = field(default_factory=set)

    @classmethod
    def of(cls, purse: PairingPurse, facts: FundFacts) -> PurseState:
        payments = facts.payments.get(purse, [])
        return cls(
            [
                PlanLeft(Ref(one.id), one.state == AllocationState.APPROVED, one.left_fen)
                for one in facts.plans.get(purse, [])
            ],
            [
                OnTheWay(
                    Ref(one.id),
                    one.amount_fen,
                    one.paid_on,
                    one.voucher_number,
                    one.paid_by_person_id,
                )
                for one in payments
                if one.state == DisbursementState.PAID
            ],
            {(Ref(one.allocation_id), one.voucher_number) for one in payments},
        )

    def plan_for(self, amount_fen: int) -> PlanLeft | None:
        """Return the approved allocation that pays: the first that suffices, else the fullest."""
        approved = [one for one in self.plans if one.is_approved]
        enough = (one for one in approved if one.left_fen >= amount_fen)
        return next(enough, max(approved, key=lambda one: one.left_fen, default=None))

    def payment_for(self, row: GoodRow) -> OnTheWay | None:
        """Return the payment that a row says has arrived: by its voucher, else by its amount."""
        if row.number:
            named = (one for one in self.on_the_way if one.voucher_number == row.number)
            return next(named, None)
        alike = [one for one in self.on_the_way if one.amount_fen == row.amount_fen]
        return next(iter(alike or self.on_the_way), None)


@dataclass(slots=True)
class Spent:
    """What the rows before leave to spend: by organisation, year and source, and of the cap of 其他.

    Sums and books are an organisation's, whatever its pairing.
    """

    moved: Counter[tuple[int, int, FundSource]] = field(default_factory=Counter)
    arrived: Counter[tuple[int, int]] = field(default_factory=Counter)
    others: Counter[tuple[int, int]] = field(default_factory=Counter)

    def note_arrival(self, row: GoodRow, entry: Entry | None) -> None:
        if isinstance(entry, ReceiptEntry | IncomeEntry):
            organisation, year = row.party.organisation_id, row.purse.year
            self.moved[organisation, year, row.purse.source] += row.amount_fen
            self.arrived[organisation, year] += row.amount_fen


class GoodRow(NamedTuple):
    """A row in which every cell could be read and whose pairing is known; ``place`` is its index."""

    place: int
    pairing: FundPairing
    purse: PairingPurse
    entry: FundEntry
    amount_fen: int
    day: date
    number: str | None
    text: str
    category: ExpenseCategory | None

    @property
    def party(self) -> FundParty:
        """The organisation whose money the row is of."""
        return self.pairing.party(self.purse.side)

    @property
    def order(self) -> tuple[int, int, date, int, int]:
        """Of a pairing and year by date, of one date as money moves."""
        moves = list(FundEntry).index(self.entry)
        return self.purse.pairing_id, self.purse.year, self.day, moves, self.place

    @property
    def identity(self) -> tuple[object, ...]:
        """What two rows, or a row and what is stored, have in common if they say the same."""
        what: tuple[object, ...] = (self.day, self.number)
        if self.entry == FundEntry.PLAN:
            what = (self.number, self.text)
        elif self.entry == FundEntry.EXPENDITURE:
            what = (self.category, self.day, self.number, self.text)
        return (self.purse, self.entry, self.amount_fen, *what)


def is_there(row: GoodRow, facts: FundFacts) -> bool:
    if row.entry == FundEntry.PLAN:
        plans = facts.plans.get(row.purse, [])
        wanted = (row.amount_fen, row.number, row.text)
        return any(wanted == (one.amount_fen, one.document_number, one.note) for one in plans)
    payments = facts.payments.get(row.purse, [])
    if row.entry == FundEntry.PAYMENT:
        paid = (row.amount_fen, row.day, row.number)
        return any(paid == (one.amount_fen, one.paid_on, one.voucher_number) for one in payments)
    if row.entry == FundEntry.EXPENDITURE:
        spent = (row.category, row.amount_fen, row.day, row.number, row.text)
        return any(spent == one for one in facts.expenditures.get(row.purse, []))
    incomes = facts.incomes.get(row.purse, [])
    return any(_has_arrived(row, one) for one in payments) or any(
        (row.amount_fen, row.day, row.number)
        == (one.amount_fen, one.received_on, one.voucher_number)
        for one in incomes
    )


def _has_arrived(row: GoodRow, one: StoredPayment) -> bool:
    return (row.amount_fen, row.day) == (one.received_fen, one.received_on) and (
        row.number in (None, one.voucher_number)
    )
