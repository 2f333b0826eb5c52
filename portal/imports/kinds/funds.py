"""资金: what was planned, paid, received and spent of the money of pairings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa

from models import Disbursement, FundAllocation, ImportBatch, Pairing
from models.types import ExpenseCategory, FundSource, ImportKind, Side
from portal.deeds import Deed
from portal.funding.actions import PlannedFunds, Raised, plan_allocations, record_incomes
from portal.funding.payment_actions import Payment, disburse
from portal.funding.set_actions import Receipt, confirm_receipts, take_back_brought
from portal.funding.set_queries import brought_by
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kind import Kind
from portal.imports.kinds.fund_fact_rules import (
    ExpenditureEntry,
    FundEntry,
    FundFacts,
    IncomeEntry,
    PaymentEntry,
    PlanEntry,
    ReceiptEntry,
    Ref,
)
from portal.imports.kinds.fund_queries import PERMISSIONS, gather
from portal.imports.kinds.fund_rules import (
    AMOUNT,
    CATEGORY,
    CODE,
    DAY,
    ENTRY,
    NUMBER,
    SIDE,
    SOURCE,
    TEXT,
    YEAR,
    judge_rows,
)
from portal.imports.kinds.fund_undo_queries import effect_on_money, expenditures_of
from portal.imports.queries import some_at_a_time
from portal.imports.report_rules import Verdict
from portal.imports.undo_rules import UndoEffect
from portal.ledger.amount_rules import MAX_NUMBER
from portal.spending.actions import claim_expenditures
from portal.spending.eligibility_rules import MAX_PURPOSE
from portal.spending.set_actions import take_back_expenditures

T = TypeVar("T", Pairing, FundAllocation, Disbursement)


class Funds(Kind):
    word = ImportKind.FUNDS
    permissions = PERMISSIONS
    called_by = (CODE,)
    about = "结对"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(CODE, cell_rules.pairing_code, "已建立的结对编号。", is_required=True, width=20),
        Column(
            YEAR, cell_rules.whole_number, "工作年度，如 2022。", is_required=True, look="number"
        ),
        Column(
            ENTRY,
            cell_rules.one_of(FundEntry),
            "从下拉框选择。",
            is_required=True,
            choices=tuple(one.label for one in FundEntry),
        ),
        Column(
            SOURCE,
            cell_rules.one_of(FundSource),
            "从下拉框选择。",
            is_required=True,
            choices=tuple(one.label for one in FundSource),
        ),
        Column(
            CATEGORY,
            cell_rules.one_of(ExpenseCategory),
            "只有支出填写，从下拉框选择。",
            choices=tuple(one.label for one in ExpenseCategory),
        ),
        Column(
            AMOUNT,
            cell_rules.amount,
            "以元为单位，最多两位小数，如 30000.00。",
            is_required=True,
            look="number",
        ),
        Column(
            DAY,
            cell_rules.day,
            "计划的发文日期、拨付日期、银行到账日期，或支出日期。",
            is_required=True,
            look="date",
        ),
        Column(
            NUMBER,
            cell_rules.title_up_to(MAX_NUMBER),
            "计划填文号；拨付填付款凭证号，必填；到账填所对应拨付的凭证号；支出填发票或单据号。",
        ),
        Column(
            TEXT,
            cell_rules.text_up_to(MAX_PURPOSE),
            "支出填用途；到账与拨付金额不同的，填写差额原因；自行筹措的，填写付款方。",
            width=30,
        ),
        Column(
            SIDE,
            cell_rules.one_of(Side),
            "援派或受援，从下拉框选择：是哪一方机构的资金；留空为援派，受援机构负责人导入的为受援。",
            choices=tuple(one.label for one in Side),
        ),
    )
    examples = (
        ("2022-640303-01", "2022", "计划", "部级补助", "", "30000.00", "2022-02-15", "示例文1号", "", ""),
        ("2022-640303-01", "2022", "拨付", "部级补助", "", "30000.00", "2022-03-01", "示例凭证1", "", ""),
        ("2022-640303-01", "2022", "到账", "部级补助", "", "30000.00", "2022-03-04", "示例凭证1", "", ""),
        ("2022-640303-01", "2022", "支出", "部级补助", "活动费用", "1234.50", "2022-04-12", "示例发票1", "示例：督导培训场地", ""),
        ("2022-640303-01", "2022", "到账", "慈善捐赠", "", "5000.00", "2022-05-10", "示例票据1", "示例基金会", "受援"),
    )  # fmt: skip
    notes = (
        "同一结对、年度和来源的各行按日期、同日按计划、拨付、到账、支出的先后处理；拨付不得超过已核定未拨付的金额，支出不得超过可用结余。",
        "计划由另一位同事核定后才能拨付；拨付由收款机构确认到账；支出由机构另一位负责人入账。",
        "没有资金安排的彩票公益金、慈善捐赠、社会资金和自筹，其到账登记为援派机构自行筹措的资金。",
        "受援机构只有自行筹措的资金：其到账和支出在“角色”一栏填受援。",
    )

    def gather(self, deed: Deed, parsed: Parsed) -> FundFacts:
        spent = {
            (code, year, day, side)
            for code, year, entry, day, side in parsed.rows(CODE, YEAR, ENTRY, DAY, SIDE)
            if entry == FundEntry.EXPENDITURE
        }
        return gather(deed, set(parsed.rows(CODE, YEAR)), spent)

    def judge(self, parsed: Parsed, facts: FundFacts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        judge_rows(verdict, parsed, facts, setting)
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        plans = [one for one in verdict.plan if isinstance(one, PlanEntry)]
        payments = [one for one in verdict.plan if isinstance(one, PaymentEntry)]
        receipts = [one for one in verdict.plan if isinstance(one, ReceiptEntry)]
        incomes = [one for one in verdict.plan if isinstance(one, IncomeEntry)]
        pairings = _objects(
            deed,
            Pairing,
            {one.pairing_id for one in plans} | {one.pairing_id for one in incomes},
        )
        planned = plan_allocations(
            deed,
            [
                PlannedFunds(
                    pairings[one.pairing_id],
                    one.year,
                    one.source,
                    one.payer,
                    one.amount_fen,
                    one.document_number,
                    one.note,
                    one.day,
                )
                for one in plans
            ],
            import_id=batch.id,
        )
        allocations = _known(deed, FundAllocation, (one.plan for one in payments), plans, planned)
        paid = disburse(
            deed,
            [
                Payment(allocations[one.plan], one.amount_fen, one.day, one.voucher_number)
                for one in payments
            ],
            import_id=batch.id,
        )
        arrived = _known(deed, Disbursement, (one.payment for one in receipts), payments, paid)
        confirm_receipts(
            deed,
            [
                Receipt(arrived[one.payment], one.day, one.amount_fen, one.reason)
                for one in receipts
            ],
        )
        record_incomes(
            deed,
            [
                Raised(
                    pairings[one.pairing_id],
                    one.side,
                    one.year,
                    one.source,
                    one.payer,
                    one.amount_fen,
                    one.day,
                    one.voucher_number,
                )
                for one in incomes
            ],
            import_id=batch.id,
        )
        spent = [one.claim for one in verdict.plan if isinstance(one, ExpenditureEntry)]
        claim_expenditures(deed, spent, import_id=batch.id)

    def undo_effect(self, deed: Deed, batch: ImportBatch, *, holds: bool = False) -> UndoEffect:
        return effect_on_money(deed, batch, holds=holds)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        note = f"撤销导入：{batch.file_name}"
        spent = take_back_expenditures(deed, expenditures_of(deed.session, batch), note)
        return spent + take_back_brought(deed, brought_by(deed.session, batch), note)


def _known(
    deed: Deed, model: type[T], refs: Iterable[Ref], entries: Iterable[Any], made: Iterable[T]
) -> dict[Ref, T]:
    """Return what rows refer to: what is stored, and what the file itself has just brought."""
    ahead = {Ref(place=entry.place): one for entry, one in zip(entries, made, strict=True)}
    stored = _objects(deed, model, {ref.id for ref in refs if ref.id is not None})
    return {**ahead, **{Ref(number): one for number, one in stored.items()}}


def _objects(deed: Deed, model: type[T], ids: Collection[int]) -> dict[int, T]:
    """Return objects by their ids, a query for each 900 of them."""
    found: dict[int, T] = {}
    for some in some_at_a_time(ids):
        rows = deed.session.scalars(sa.select(model).where(model.id.in_(some)))
        found |= {one.id: one for one in rows}
    return found
