"""Judging money row by row: the rules of the pages, and what the rows before it leave. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.types import (
    AllocationState,
    DisbursementState,
    ExpenseCategory,
    FundSource,
    LedgerKind,
    Side,
)
from portal.funding.allocation_rules import refusals_for_plan
from portal.funding.payment_rules import (
    NOT_OWN_PAYMENT,
    PaymentFacts,
    refusals_for_payment,
    refusals_for_receipt,
)
from portal.funding.rules import refusals_for_income
from portal.imports.column_rules import Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kinds.fund_fact_rules import (
    Entry,
    ExpenditureEntry,
    FundEntry,
    FundFacts,
    FundPairing,
    FundParty,
    FundsRow,
    IncomeEntry,
    PairingPurse,
    PaymentEntry,
    PlanEntry,
    ReceiptEntry,
    Ref,
    StoredPayment,
)
from portal.imports.report_rules import Verdict
from portal.imports.rules import unknown_pairing
from portal.ledger.amount_rules import refusals_for_year
from portal.ledger.rules import Book, LedgerRow, over_balance
from portal.pairings.life_rules import Use, refusals_for_use
from portal.refusals import Refusal
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending, refusals_for_expenditure
from portal.standards.money import format_yuan

CODE, YEAR, ENTRY, SOURCE, CATEGORY = "结对编号", "年度", "类型", "资金来源", "支出类别"
AMOUNT, DAY, NUMBER, TEXT, SIDE = "金额", "日期", "凭证号", "摘要", "角色"
COLUMNS = (CODE, YEAR, ENTRY, SOURCE, CATEGORY, AMOUNT, DAY, NUMBER, TEXT, SIDE)

COLUMN_OF_FIELD = {
    "": ENTRY,
    "pairing": CODE,
    "year": YEAR,
    "entry": ENTRY,
    "source": SOURCE,
    "amount": AMOUNT,
    "day": DAY,
    "paid_on": DAY,
    "received_on": DAY,
    "document_number": NUMBER,
    "voucher_number": NUMBER,
    "reason": TEXT,
    "payer": TEXT,
    "category": CATEGORY,
    "spent_on": DAY,
    "invoice_number": NUMBER,
    "purpose": TEXT,
}

MINISTRY, OWN = "民政部", "本机构"
NO_VOUCHER = "批量导入，文件未填凭证号"
"""What stands where a page would ask why there is no voucher."""
SELF_RAISED = "没有资金安排，将作为援派机构自行筹措的资金登记。"
RAISED = frozenset({FundSource.LOTTERY, FundSource.DONATION, FundSource.SOCIAL, FundSource.SELF})
"""What arrives of these without any allocation was raised by the organisation itself (三(三))."""


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


def judge_rows(verdict: Verdict, parsed: Parsed, facts: FundFacts, setting: Setting) -> None:
    """Judge every row; what is refused and planned stands in the verdict in the order of the file."""
    good, first_rows = [], dict[tuple[object, ...], int]()
    for index, cells in enumerate(parsed.rows(*COLUMNS)):
        row = FundsRow._make(cells)
        unread = index in verdict.refused
        pairing = facts.pairings.get(row.code or "")
        for refusal in _about_single_cells(row, pairing, facts, setting):
            _refuse(verdict, index, refusal)
        if row.category is not None and row.entry not in (None, FundEntry.EXPENDITURE):
            verdict.warn(index, "unused_value", f"“{CATEGORY}”只有支出填写，已忽略。")
        if unread or pairing is None:
            continue
        one = _good(index, row, pairing)
        number = parsed.numbers[index]
        first = first_rows.setdefault(one.identity, number)
        if first != number:
            sentence = f"与第{first}行是同一笔，请只保留一行；确是另一笔的，请以凭证号区分。"
            verdict.refuse(index, NUMBER, "duplicate_row", sentence)
        elif index not in verdict.refused:
            good.append(one)
    entries = _judged(verdict, good, facts, setting)
    for index in sorted(entries):
        entry = entries[index]
        if entry is None:
            verdict.unchanged += 1
        else:
            verdict.write(index, entry)
            verdict.decided += setting.actor.is_operator


def _good(index: int, row: FundsRow, pairing: FundPairing) -> GoodRow:
    assert row.year is not None
    assert row.entry is not None
    assert row.source is not None
    assert row.amount_fen is not None
    assert row.day is not None
    purse = PairingPurse(pairing.id, row.year, row.source, pairing.side_of(row.side))
    text = row.text or ""
    return GoodRow(
        index,
        pairing,
        purse,
        row.entry,
        row.amount_fen,
        row.day,
        row.number,
        text,
        row.category,
    )


def _refuse(verdict: Verdict, index: int, refusal: Refusal) -> None:
    verdict.refuse(index, COLUMN_OF_FIELD[refusal.field], refusal.code, refusal.sentence)


def _about_single_cells(
    row: FundsRow, pairing: FundPairing | None, facts: FundFacts, setting: Setting
) -> Iterator[Refusal]:
    """Say what is wrong with pairing, year and day, whatever else the row holds."""
    if row.day is not None and row.day > setting.today:
        sentence = f"日期 {row.day} 晚于今天（{setting.today}），请核对。"
        yield Refusal("day", "future_date", sentence)
    if pairing is None:
        if row.code is not None:
            yield unknown_pairing(row.code)
        return
    yield from refusals_for_use(Use.FUND, pairing.life, "pairing")
    if row.year is not None:
        side = pairing.side_of(row.side)
        yield from refusals_for_year(pairing.code, facts.year_of(pairing, row.year, side))


def _judged(
    verdict: Verdict, rows: Iterable[GoodRow], facts: FundFacts, setting: Setting
) -> dict[int, Entry | None]:
    """Return, by index, what is to be written; None of a row that is there already."""
    found: dict[int, Entry | None] = {}
    states: dict[PairingPurse, PurseState] = {}
    spent = Spent()
    for row in sorted(rows, key=lambda one: one.order):
        if _is_there(row, facts):
            found[row.place] = None
            continue
        state = states.get(row.purse)
        if state is None:
            state = states[row.purse] = PurseState.of(row.purse, facts)
        if row.entry == FundEntry.EXPENDITURE:
            entry, refusals = _expenditure(row, spent, facts, setting)
        else:
            entry, refusals = _JUDGES[row.entry](row, state, facts, setting)
            spent.note_arrival(row, entry)
        for refusal in refusals:
            _refuse(verdict, row.place, refusal)
        if not refusals:
            assert entry is not None
            found[row.place] = entry
            is_sent = row.purse.side == Side.SENT
            if isinstance(entry, IncomeEntry) and is_sent and row.purse.source != FundSource.SELF:
                verdict.warn(row.place, "self_raised", SELF_RAISED)
    return found


def _is_there(row: GoodRow, facts: FundFacts) -> bool:
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


Judged = tuple[Entry | None, list[Refusal]]


def _plan(row: GoodRow, state: PurseState, facts: FundFacts, setting: Setting) -> Judged:
    pairing, purse = row.pairing, row.purse
    if purse.side == Side.RECEIVED:
        return None, [_not_of_the_receiving_side(row)]
    payer = payer_of(purse.source, pairing.sending_province)
    refusals = refusals_for_plan(
        purse.source,
        life=pairing.life,
        year=facts.year_of(pairing, purse.year, Side.SENT),
        may_plan=facts.may_plan if pairing.may_plan else (),
        payer=payer,
        document_number=row.number,
    )
    if refusals:
        return None, refusals
    is_decided = setting.actor.is_operator
    state.plans.append(PlanLeft(Ref(place=row.place), is_decided, row.amount_fen))
    return (
        PlanEntry(
            row.place,
            purse.pairing_id,
            purse.year,
            purse.source,
            payer,
            row.amount_fen,
            row.day,
            row.number,
            row.text,
        ),
        [],
    )


def payer_of(source: FundSource, sending_province: str) -> str:
    """Return who gives money of a source, for which a file has no column."""
    if source == FundSource.MCA_SUBSIDY:
        return MINISTRY
    return f"{sending_province}民政部门"


def _payment(row: GoodRow, state: PurseState, facts: FundFacts, setting: Setting) -> Judged:
    pairing, purse = row.pairing, row.purse
    if purse.side == Side.RECEIVED:
        return None, [_not_of_the_receiving_side(row)]
    plan = state.plan_for(row.amount_fen)
    left = plan.left_fen if plan else 0
    refusals = refusals_for_payment(
        PaymentFacts(
            f"结对 {pairing.code} ",
            purse.source,
            AllocationState.APPROVED,
            left,
            facts.year_of(pairing, purse.year, Side.SENT),
        ),
        row.amount_fen,
        paid_on=row.day,
        today=setting.today,
        voucher_number=row.number or "",
        voucher_is_taken=plan is not None and (plan.ref, row.number) in state.vouchers,
        may_pay=facts.may_pay if pairing.may_pay else (),
    )
    if refusals or plan is None:
        return None, refusals
    voucher, by = row.number or "", setting.actor.person_id
    plan.left_fen -= row.amount_fen
    state.vouchers.add((plan.ref, voucher))
    state.on_the_way.append(OnTheWay(Ref(place=row.place), row.amount_fen, row.day, voucher, by))
    return PaymentEntry(row.place, plan.ref, row.amount_fen, row.day, voucher), []


def _receipt(row: GoodRow, state: PurseState, facts: FundFacts, setting: Setting) -> Judged:
    if row.purse.side == Side.RECEIVED:
        return _income(row, facts, setting)
    payment = state.payment_for(row)
    if payment is None and row.purse.source in RAISED and not state.plans:
        return _income(row, facts, setting)
    refusals = [] if row.party.receives else [_not_the_payee(row)]
    if payment is None:
        return None, [*refusals, _nothing_on_the_way(row, state)]
    if payment.paid_by_person_id is not None and (
        payment.paid_by_person_id == setting.actor.person_id
    ):
        refusals.append(Refusal("entry", NOT_OWN_PAYMENT.code, NOT_OWN_PAYMENT.sentence))
    refusals += refusals_for_receipt(
        payment.amount_fen,
        row.amount_fen,
        paid_on=payment.paid_on,
        received_on=row.day,
        today=setting.today,
        reason=row.text,
    )
    if refusals:
        return None, refusals
    state.on_the_way.remove(payment)
    reason = row.text if row.amount_fen != payment.amount_fen else ""
    return ReceiptEntry(row.place, payment.ref, row.amount_fen, row.day, reason), []


def _income(row: GoodRow, facts: FundFacts, setting: Setting) -> Judged:
    pairing, purse = row.pairing, row.purse
    payer = row.text or (OWN if purse.source == FundSource.SELF else purse.source.label)
    refusals = refusals_for_income(
        purse.source,
        code=pairing.code,
        life=pairing.life,
        year=facts.year_of(pairing, purse.year, purse.side),
        payer=payer,
        received_on=row.day,
        today=setting.today,
        voucher_number=row.number or "",
    )
    if not row.party.raises:
        refusals.append(_not_the_payee(row))
    if refusals:
        return None, refusals
    return (
        IncomeEntry(
            row.place,
            purse.pairing_id,
            purse.side,
            purse.year,
            purse.source,
            payer,
            row.amount_fen,
            row.day,
            row.number or "",
        ),
        [],
    )


def _expenditure(row: GoodRow, spent: Spent, facts: FundFacts, setting: Setting) -> Judged:
    pairing, purse = row.pairing, row.purse
    if row.category is None:
        sentence = f"必填，支出须填写{CATEGORY}。"
        return None, [Refusal("category", "missing_value", sentence)]
    if not row.party.spends:
        sentence = f"支出由结对 {pairing.code} 的{purse.side.label}机构登记，不在您的职权内。"
        return None, [Refusal("entry", "outside_scope", sentence)]
    spending = Spending(
        purse.source,
        row.category,
        row.amount_fen,
        row.day,
        "",
        row.text,
        row.number,
        from_file=True,
    )
    organisation = row.party.organisation_id
    claim = SpendingClaim(
        organisation,
        purse.pairing_id,
        purse.year,
        spending,
        no_voucher_reason=None if row.number else NO_VOUCHER,
    )
    ground = facts.grounds[claim.spot]
    key = (organisation, purse.year)
    ground = ground._replace(
        other_fen=ground.other_fen + spent.others[key],
        received_fen=ground.received_fen + spent.arrived[key],
    )
    refusals = refusals_for_expenditure(spending, ground, today=setting.today)
    if setting.actor.is_operator:
        book = (organisation, purse.year, purse.source)
        there = facts.cash.get(book, 0) + spent.moved[book]
        if there < row.amount_fen:
            refusals.append(over_balance(_ledger_row(row, organisation), there))
    if refusals:
        return None, refusals
    if setting.actor.is_operator:
        spent.moved[organisation, purse.year, purse.source] -= row.amount_fen
    if row.category == ExpenseCategory.OTHER:
        spent.others[key] += row.amount_fen
    return ExpenditureEntry(row.place, claim), []


def _ledger_row(row: GoodRow, organisation_id: int) -> LedgerRow:
    book = Book(organisation_id, row.purse.year, row.purse.source)
    return LedgerRow(LedgerKind.EXPENDITURE, book, row.amount_fen, ("expenditure_id", 0), row.day)


def _not_the_payee(row: GoodRow) -> Refusal:
    whose = f"结对 {row.pairing.code} 的{row.purse.side.label}机构"
    return Refusal("entry", "outside_scope", f"到账由{whose}确认，不在您的职权内。")


def _not_of_the_receiving_side(row: GoodRow) -> Refusal:
    sentence = (
        f"“{row.entry.label}”只给援派机构（三(一)、三(二)），本行是结对 {row.pairing.code} 的受援机构；"
        "受援机构自行筹措的资金（三(三)）请登记为“到账”和“支出”。"
    )
    return Refusal("entry", "not_eligible", sentence)


def _nothing_on_the_way(row: GoodRow, state: PurseState) -> Refusal:
    there = sum(one.amount_fen for one in state.on_the_way)
    named = f"凭证号为“{row.number}”、" if row.number else ""
    sentence = (
        f"结对 {row.pairing.code} {row.purse.year} 年度“{row.purse.source.label}”没有{named}"
        f"已拨付未到账的款项（已拨付未到账共 {format_yuan(there)} 元），不能确认到账 "
        f"{format_yuan(row.amount_fen)} 元；请核对凭证号，或先登记拨付。"
    )
    return Refusal("amount", "over_balance", sentence)


_JUDGES = {
    FundEntry.PLAN: _plan,
    FundEntry.PAYMENT: _payment,
    FundEntry.RECEIPT: _receipt,
}
