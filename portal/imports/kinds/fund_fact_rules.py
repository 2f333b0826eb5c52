"""The facts by which money in a file is judged. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.types import (
    AllocationState,
    DisbursementState,
    ExpenseCategory,
    FundSource,
    Labelled,
    Side,
)
from portal.ledger.amount_rules import FundYear, YearFacts
from portal.pairings.life_rules import PairingLife
from portal.spending.claim_rules import SpendingClaim, Spot
from portal.spending.eligibility_rules import Ground


class FundEntry(Labelled):
    """What a row says of the money, in the order in which money moves."""

    PLAN = "plan", "计划"
    PAYMENT = "payment", "拨付"
    RECEIPT = "receipt", "到账"
    EXPENDITURE = "expenditure", "支出"


class PairingPurse(NamedTuple):
    """The money of one pairing, work year and source, of the organisation of one side."""

    pairing_id: int
    year: int
    source: FundSource
    side: Side = Side.SENT


class FundParty(NamedTuple):
    """An organisation of a pairing, and what the actor may say of its money."""

    organisation_id: int
    receives: bool
    raises: bool
    spends: bool


class FundPairing(NamedTuple):
    """A pairing, and for whose money of it the actor may speak.

    ``may_plan`` and ``may_pay`` say that the pairing is in reach for it.
    """

    id: int
    code: str
    sending_province: str
    life: PairingLife
    may_plan: bool
    may_pay: bool
    sent: FundParty
    received: FundParty

    def party(self, side: Side) -> FundParty:
        return self.sent if side == Side.SENT else self.received

    def side_of(self, said: Side | None) -> Side:
        """Return whose money a row is of: as it says, else the actor's own, else the sending side's."""
        speaks_for_received = self.received.raises or self.received.spends
        speaks_for_sent = any(self.sent[1:]) or self.may_plan or self.may_pay
        own = Side.RECEIVED if speaks_for_received and not speaks_for_sent else Side.SENT
        return said or own


class StoredPlan(NamedTuple):
    """An allocation that was not declined; ``left_fen`` is neither paid nor cut."""

    id: int
    state: AllocationState
    amount_fen: int
    left_fen: int
    document_number: str | None
    note: str


class StoredPayment(NamedTuple):
    """A payment that stands."""

    id: int
    allocation_id: int
    state: DisbursementState
    amount_fen: int
    paid_on: date
    voucher_number: str
    received_on: date | None
    received_fen: int | None
    paid_by_person_id: int | None


class StoredIncome(NamedTuple):
    """What an organisation raised itself, and was not taken back."""

    amount_fen: int
    received_on: date
    voucher_number: str


class StoredExpenditure(NamedTuple):
    """What was claimed or booked, and was neither withdrawn nor taken back."""

    category: ExpenseCategory
    amount_fen: int
    spent_on: date
    invoice_number: str | None
    purpose: str


class FundFacts(NamedTuple):
    """What is there of the pairings and years that a file names.

    ``grounds`` are what the rules of spending ask of the organisation, pairing, year and day of each
    expenditure in the file, ``cash`` what an organisation may still spend by year and source.
    """

    pairings: dict[str, FundPairing]
    years: dict[FundYear, YearFacts]
    plans: dict[PairingPurse, list[StoredPlan]]
    payments: dict[PairingPurse, list[StoredPayment]]
    incomes: dict[PairingPurse, list[StoredIncome]]
    expenditures: dict[PairingPurse, list[StoredExpenditure]]
    grounds: dict[Spot, Ground]
    cash: dict[tuple[int, int, FundSource], int]
    may_plan: frozenset[FundSource]
    may_pay: frozenset[FundSource]

    def year_of(self, pairing: FundPairing, year: int, side: Side) -> YearFacts:
        spot = FundYear(pairing.id, year, pairing.party(side).organisation_id)
        return self.years.get(spot) or YearFacts(year, None, is_closed=False)


class FundsRow(NamedTuple):
    """A row as it stands in the file; what is missing or could not be read is None."""

    code: str | None
    year: int | None
    entry: FundEntry | None
    source: FundSource | None
    category: ExpenseCategory | None
    amount_fen: int | None
    day: date | None
    number: str | None
    text: str | None
    side: Side | None


class Ref(NamedTuple):
    """Something that is there, by its key, or that a row of the file before brings, by its place."""

    id: int | None = None
    place: int | None = None


class PlanEntry(NamedTuple):
    place: int
    pairing_id: int
    year: int
    source: FundSource
    payer: str
    amount_fen: int
    day: date
    document_number: str | None
    note: str


class PaymentEntry(NamedTuple):
    place: int
    plan: Ref
    amount_fen: int
    day: date
    voucher_number: str


class ReceiptEntry(NamedTuple):
    """``reason`` explains a difference; "" where there is none."""

    place: int
    payment: Ref
    amount_fen: int
    day: date
    reason: str


class IncomeEntry(NamedTuple):
    place: int
    pairing_id: int
    side: Side
    year: int
    source: FundSource
    payer: str
    amount_fen: int
    day: date
    voucher_number: str


class ExpenditureEntry(NamedTuple):
    place: int
    claim: SpendingClaim


Entry = PlanEntry | PaymentEntry | ReceiptEntry | IncomeEntry | ExpenditureEntry
