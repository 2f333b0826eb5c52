"""Judging one row of money by the rules of the pages: plan, payment, receipt, income, expenditure. Pure."""

from __future__ import annotations

from models.types import (
    AllocationState,
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
from portal.imports.fact_rules import Setting
from portal.imports.kinds.fund_fact_rules import (
    Entry,
    ExpenditureEntry,
    FundEntry,
    FundFacts,
    IncomeEntry,
    PaymentEntry,
    PlanEntry,
    ReceiptEntry,
    Ref,
)
from portal.imports.kinds.fund_state_rules import GoodRow, OnTheWay, PlanLeft, PurseState, Spent
from portal.ledger.rules import Book, LedgerRow, over_balance
from portal.refusals import Refusal
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending, refusals_for_expenditure
from portal.standards.money import format_yuan

MINISTRY, OWN = "民政部", "本机构"
NO_VOUCHER = "批量导入，文件未填凭证号"
"""What stands where a page would ask why there is no voucher."""
RAISED = frozenset({FundSource.LOTTERY, FundSource.DONATION, FundSource.SOCIAL, FundSource.SELF})
"""What arrives of these without any allocation was raised by the organisation itself (三(三))."""


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


def judge_expenditure(row: GoodRow, spent: Spent, facts: FundFacts, setting: Setting) -> Judged:
    pairing, purse = row.pairing, row.purse
    if row.category is None:
        sentence = "必填，支出须填写支出类别。"
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


JUDGES = {
    FundEntry.PLAN: _plan,
    FundEntry.PAYMENT: _payment,
    FundEntry.RECEIPT: _receipt,
}
"""By what a row says that it is, expenditures apart: they ask what the whole file leaves to spend."""
