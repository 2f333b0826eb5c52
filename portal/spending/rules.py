"""The life of an expenditure: claimed, booked by another, sampled or disallowed, repaid (states.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import ExpenditureState, ExpenseCategory, Labelled
from portal.ledger.amount_rules import (
    YearFacts,
    refusals_for_day,
    refusals_for_finishing,
    refusals_for_name,
    refusals_for_number,
    refusals_for_year,
)
from portal.procedures.rules import Bar, Beginning, Life, Step, listed
from portal.refusals import Refusal
from portal.standards.money import format_yuan

CLAIMED, RETURNED, WITHDRAWN, BOOKED, SAMPLED, DISALLOWED, REPAID, REVERSED = ExpenditureState

OPEN = (CLAIMED, RETURNED, WITHDRAWN)
"""As long as nobody booked it: its vouchers may change."""
COUNTED = (CLAIMED, BOOKED, SAMPLED)
"""What stands against the cap of 其他."""
STANDING = frozenset(ExpenditureState) - {WITHDRAWN, REVERSED}
"""Beside these the same voucher is a question; what was taken back is none."""


class SpendingStates(Labelled):
    """What the list can be asked for beside single states."""

    WAITING = "waiting", "待我办理"


class ClaimFacts(NamedTuple):
    """An expenditure as far as its steps ask. ``is_own`` says that whoever asks claimed it.

    ``refused`` is what the rules of spending say today (eligibility_rules), ``questions`` how many
    others look like it and are not answered yet, ``cash_fen`` what its source still has.
    """

    label: str
    state: ExpenditureState
    category: ExpenseCategory
    amount_fen: int
    claimed_by_person_id: int | None
    is_approved: bool
    booked_by_person_id: int | None
    reviewed_by_person_id: int | None
    year: YearFacts
    is_own: bool = True
    has_voucher: bool = True
    questions: int = 0
    cash_fen: int = 0
    source_label: str = ""
    refused: tuple[Refusal, ...] = ()

    @property
    def waits_for_approval(self) -> bool:
        return self.category == ExpenseCategory.OTHER and not self.is_approved


def _year_is_open(facts: ClaimFacts) -> Sequence[Refusal]:
    return refusals_for_year(facts.label, facts.year)


def _may_be_mended(facts: ClaimFacts) -> Sequence[Refusal]:
    return refusals_for_finishing(facts.year)


def _is_own(facts: ClaimFacts) -> Iterable[Refusal]:
    if not facts.is_own:
        sentence = "只有登记人本人可以修改或撤回；需要改的请退回登记人。"
        yield Refusal("", "not_own", sentence)


def _is_eligible(facts: ClaimFacts) -> Iterable[Refusal]:
    # The year says so itself.
    return (one for one in facts.refused if one.code != "closed_year")


def _is_approved(facts: ClaimFacts) -> Iterable[Refusal]:
    if facts.waits_for_approval:
        sentence = "“其他”类支出须先由省级民政部门核准，才能入账；目前尚未核准。"
        yield Refusal("", "not_approved", sentence)


def _waits_for_approval(facts: ClaimFacts) -> Iterable[Refusal]:
    if facts.category != ExpenseCategory.OTHER:
        yield Refusal("", "wrong_state", "五类支出不需要省级核准，由机构直接入账。")
    elif facts.is_approved:
        yield Refusal("", "wrong_state", "这笔“其他”类支出已经核准，不必再核准。")


NO_VOUCHER = Refusal(
    "",
    "no_voucher",
    "入账须有票据：目前没有上传票据，也没有说明无票据的原因；请上传照片，或修改并写明原因。",
)


def _has_voucher(facts: ClaimFacts) -> Iterable[Refusal]:
    if not facts.has_voucher:
        yield NO_VOUCHER


def _is_answered(facts: ClaimFacts) -> Iterable[Refusal]:
    if facts.questions:
        sentence = (
            f"另有 {facts.questions} 笔支出与它疑似重复，入账前须说明；"
            "请在这笔支出的页面点“说明”，写明为什么不是重复；确属重复的请撤回。"
        )
        yield Refusal("", "unanswered", sentence)


def _has_money(facts: ClaimFacts) -> Iterable[Refusal]:
    if facts.cash_fen < facts.amount_fen:
        sentence = (
            f"{facts.year.year} 年度“{facts.source_label}”可用结余 {format_yuan(facts.cash_fen)} 元，"
            f"不足以支出 {format_yuan(facts.amount_fen)} 元，"
            f"差 {format_yuan(facts.amount_fen - facts.cash_fen)} 元；"
            "请先确认到账（自行筹措的先登记），或退回改用其他来源。"
        )
        yield Refusal("amount", "over_balance", sentence)


NOT_OWN = Bar(
    ("claimed_by_person_id",),
    "own_entry",
    "本人登记的支出不能由本人{step}，须由本机构另一位负责人办理；只有一位负责人的，"
    "请由经办人员本人登记，再由您入账。",
)
NOT_TWICE = Bar(
    ("claimed_by_person_id", "booked_by_person_id"),
    "same_person_twice",
    "登记人和入账人不能{step}自己经手的支出，请由另一位人员办理。",
)
NOT_OWN_APPROVAL = Bar(
    ("claimed_by_person_id",),
    "own_entry",
    "本人登记的支出不能由本人{step}，请由省级民政部门另一位人员办理。",
)

LIFE: Life[ClaimFacts] = Life(
    name="expenditure",
    noun="支出",
    title="支出：登记、入账、抽查、退回",
    states=ExpenditureState,
    path=(CLAIMED, BOOKED, SAMPLED),
    beginnings=(Beginning("claimed", "登记支出", CLAIMED, ("claimed_by_person_id",)),),
    notes=(("answered", "说明"), ("repaid", "凭证号"), ("sampled", "说明")),
    steps=(
        Step(
            "edited",
            "修改",
            "修改",
            (CLAIMED,),
            permission="spending.claim",
            guards=(_year_is_open,),
            needless=(_is_own,),
            clears=("approved_by_person_id", "approved_at", "answer"),
        ),
        Step(
            "claimed_again",
            "修改并重新提交",
            "修改并重新提交",
            (RETURNED, WITHDRAWN),
            CLAIMED,
            "spending.claim",
            tone="primary",
            guards=(_year_is_open,),
            needless=(_is_own,),
            clears=("approved_by_person_id", "approved_at", "answer"),
        ),
        Step(
            "withdrawn",
            "撤回",
            "撤回",
            (CLAIMED, RETURNED),
            WITHDRAWN,
            "spending.claim",
            needless=(_is_own,),
            instead="已入账的可由机构冲销",
        ),
        Step(
            "answered",
            "说明",
            "说明疑似重复",
            (CLAIMED, RETURNED),
            permission="spending.claim",
        ),
        Step(
            "approved",
            "核准",
            "核准其他类支出",
            (CLAIMED,),
            permission="spending.review",
            tone="primary",
            bars=(NOT_OWN_APPROVAL,),
            guards=(_year_is_open,),
            needless=(_waits_for_approval,),
            signs=("approved_by_person_id",),
        ),
        Step(
            "declined",
            "不予核准",
            "不予核准其他类支出，退回修改",
            (CLAIMED,),
            RETURNED,
            "spending.review",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN_APPROVAL,),
            needless=(_waits_for_approval,),
        ),
        Step(
            "booked",
            "入账",
            "入账",
            (CLAIMED,),
            BOOKED,
            "spending.book",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(
                _year_is_open,
                _is_eligible,
                _is_approved,
                _has_voucher,
                _is_answered,
                _has_money,
            ),
            signs=("booked_by_person_id",),
        ),
        Step(
            "returned",
            "退回修改",
            "退回修改",
            (CLAIMED,),
            RETURNED,
            "spending.book",
            needs_reason=True,
            bars=(NOT_OWN,),
        ),
        Step(
            "sampled",
            "抽查认可",
            "抽查认可",
            (BOOKED,),
            SAMPLED,
            "spending.review",
            tone="primary",
            bars=(NOT_TWICE,),
            signs=("reviewed_by_person_id",),
        ),
        Step(
            "disallowed",
            "不予认可",
            "不予认可，须退回",
            (BOOKED, SAMPLED),
            DISALLOWED,
            "spending.review",
            tone="danger",
            needs_reason=True,
            bars=(NOT_TWICE,),
            guards=(_may_be_mended,),
            signs=("reviewed_by_person_id",),
        ),
        Step(
            "disallowance_reversed",
            "改为认可",
            "撤销不予认可，改为认可",
            (DISALLOWED,),
            SAMPLED,
            "spending.review",
            needs_reason=True,
            bars=(NOT_TWICE,),
            guards=(_may_be_mended, _is_eligible),
            signs=("reviewed_by_person_id",),
        ),
        Step(
            "repaid",
            "登记退回",
            "登记退回",
            (DISALLOWED,),
            REPAID,
            "spending.book",
            tone="primary",
            guards=(_may_be_mended,),
        ),
        Step(
            "repayment_reversed",
            "冲销退回",
            "冲销退回，恢复为不予认可",
            (REPAID,),
            DISALLOWED,
            "spending.book",
            tone="danger",
            needs_reason=True,
            guards=(_may_be_mended,),
            clears=("repaid_on", "repayment_voucher"),
        ),
        Step(
            "reversed",
            "冲销入账",
            "冲销入账",
            (BOOKED,),
            REVERSED,
            "spending.book",
            tone="danger",
            needs_reason=True,
            guards=(_may_be_mended,),
            instead="省级已抽查的由省级办理，不予认可的请登记退回",
        ),
        # A file is taken back as a whole while nobody has decided on any of it.
        Step("import_undone", "撤销导入", "撤销导入", (CLAIMED, BOOKED), REVERSED),
    ),
)


def refusals_for_lost_vouchers(labels: Sequence[str]) -> list[Refusal]:
    """Say which expenditures have lost their voucher while they were being booked."""
    if not labels:
        return []
    return [Refusal("", NO_VOUCHER.code, f"{listed(labels)}{NO_VOUCHER.sentence}")]


def refusals_for_repayment(
    repaid_on: date, voucher_number: str, *, today: date, disallowed_on: date
) -> list[Refusal]:
    """Say why a repayment cannot be recorded: its date and the number of its voucher."""
    found = refusals_for_day(repaid_on, "repaid_on", "退回日期", today=today, first=None)
    if not found and repaid_on < disallowed_on:
        sentence = f"退回日期 {repaid_on} 早于不予认可的日期 {disallowed_on}，请按银行回单核对。"
        found.append(Refusal("repaid_on", "invalid_date", sentence))
    found += refusals_for_name(voucher_number, "voucher_number", "凭证号")
    return found + refusals_for_number(voucher_number, "voucher_number", "凭证号")
