"""拨付: paid out of an approved allocation, received with the bank's date; mistakes are taken back. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import AllocationState, DisbursementState, FundSource
from portal.funding.rules import not_ones_own
from portal.ledger.amount_rules import (
    YearFacts,
    refusals_for_day,
    refusals_for_finishing,
    refusals_for_name,
    refusals_for_number,
    refusals_for_year,
)
from portal.procedures.rules import MAX_REASON, Bar, Beginning, Life, Step, refusals_for_reason
from portal.refusals import Refusal
from portal.standards.money import format_yuan
from portal.standards.text import is_blank, plain

LEAST_BEYOND_FEN = 10_000
"""A hundred yuan: as much may always arrive beyond a payment, however small that was."""


class PaymentFacts(NamedTuple):
    """A payment as somebody wants to make it. ``left_fen`` is what is approved and neither paid nor cut,
    ``province`` that of the organisation that gets it."""

    label: str
    source: FundSource
    state: AllocationState
    left_fen: int
    year: YearFacts
    province: str | None = None


def refusals_for_payment(
    facts: PaymentFacts,
    amount_fen: int,
    *,
    paid_on: date,
    today: date,
    voucher_number: str,
    voucher_is_taken: bool,
    may_pay: Collection[FundSource],
) -> list[Refusal]:
    """Say why a payment cannot be made out of an allocation."""
    found = refusals_for_year(facts.label, facts.year)
    if facts.source not in may_pay:
        found.append(not_ones_own(facts.source))
    if facts.state != AllocationState.APPROVED:
        sentence = f"{facts.label} 的资金安排“{facts.state.label}”，只有已核定的可以拨付。"
        found.append(Refusal("", "wrong_state", sentence))
    elif amount_fen > facts.left_fen:
        found.append(
            Refusal(
                "amount",
                "over_balance",
                f"{facts.label}“{facts.source.label}”尚可拨付 {format_yuan(facts.left_fen)} 元，"
                f"本次拨付 {format_yuan(amount_fen)} 元，超出 "
                f"{format_yuan(amount_fen - facts.left_fen)} 元；请减少金额，或先核定新的资金安排。",
            )
        )
    found += refusals_for_day(
        paid_on, "paid_on", "拨付日期", today=today, first=facts.year.starts_on
    )
    found += refusals_for_name(voucher_number, "voucher_number", "凭证号")
    found += refusals_for_number(voucher_number, "voucher_number", "凭证号")
    if voucher_is_taken:
        sentence = (
            f"{facts.label} 的这项资金安排已有凭证号为“{voucher_number}”的拨付；"
            "重复的请不要再登记，另一笔请填写自己的凭证号。"
        )
        found.append(Refusal("voucher_number", "duplicate", sentence))
    return found


def refusals_for_receipt(
    paid_fen: int,
    received_fen: int,
    *,
    paid_on: date,
    received_on: date,
    today: date,
    reason: str | None,
) -> list[Refusal]:
    """Say why a receipt cannot be confirmed: its date, and a difference that nobody explains."""
    found = refusals_for_day(received_on, "received_on", "到账日期", today=today, first=None)
    if not found and received_on < paid_on:
        sentence = f"到账日期 {received_on} 早于拨付日期 {paid_on}，请按银行回单核对。"
        found.append(Refusal("received_on", "invalid_date", sentence))
    if received_fen != paid_fen and is_blank(reason):
        word = "多" if received_fen > paid_fen else "少"
        found.append(
            Refusal(
                "reason",
                "missing_value",
                f"到账 {format_yuan(received_fen)} 元，比拨付的 {format_yuan(paid_fen)} 元"
                f"{word} {format_yuan(abs(received_fen - paid_fen))} 元；请说明差额原因（如银行手续费）。",
            )
        )
    elif len(plain(reason or "")) > MAX_REASON:
        found += refusals_for_reason(reason, noun="差额原因")
    if received_fen - paid_fen > most_beyond(paid_fen):
        found.append(
            Refusal(
                "amount",
                "over_balance",
                f"到账 {format_yuan(received_fen)} 元，比拨付的 {format_yuan(paid_fen)} 元多"
                f" {format_yuan(received_fen - paid_fen)} 元，超过差额上限"
                f" {format_yuan(most_beyond(paid_fen))} 元；请核对金额，确为多拨的请拨款方冲销后"
                "按实际金额重新登记，另一笔款项请分别登记。",
            )
        )
    return found


def most_beyond(paid_fen: int) -> int:
    """Return by how much more may arrive than was paid, in fen: interest, a rounded transfer.

    What is more is another payment or a slip of the pen: nobody makes money by confirming it.
    """
    return max(paid_fen // 100, LEAST_BEYOND_FEN)


def numbered(prefix: str, count: int) -> list[str]:
    """Return a number of a voucher for each of several payments: the prefix, and their place.

    Without a prefix there is none; one payment alone bears the prefix itself.
    """
    begun = plain(prefix)
    if not begun or count == 1:
        return [begun] * count
    digits = max(2, len(str(count)))
    return [f"{begun}-{place:0{digits}}" for place in range(1, count + 1)]


class DisbursementFacts(NamedTuple):
    """A payment as far as its steps ask."""

    label: str
    state: DisbursementState
    source: FundSource
    paid_by_person_id: int | None
    year: YearFacts
    may_decide: frozenset[FundSource] = frozenset()


def _payers_own(facts: DisbursementFacts) -> Iterable[Refusal]:
    if facts.source not in facts.may_decide:
        yield not_ones_own(facts.source)


def _may_be_finished(facts: DisbursementFacts) -> Sequence[Refusal]:
    return refusals_for_finishing(facts.year)


NOT_OWN_PAYMENT = Bar(
    ("paid_by_person_id",),
    "own_entry",
    "本人登记的拨付不能由本人确认到账，须由收款机构的人员办理。",
)

NOT_RECEIVED = ("received_by_person_id", "received_on", "received_fen", "difference_reason")
"""What a payment has only once it arrived."""

PAYMENT_LIFE: Life[DisbursementFacts] = Life(
    name="disbursement",
    noun="拨付",
    title="拨付：登记、确认到账、冲销",
    states=DisbursementState,
    path=(DisbursementState.PAID, DisbursementState.RECEIVED),
    beginnings=(Beginning("paid", "登记拨付", DisbursementState.PAID, ("paid_by_person_id",)),),
    notes=(("received", "差额原因"),),
    steps=(
        Step(
            "received",
            "确认到账",
            "确认到账",
            (DisbursementState.PAID,),
            DisbursementState.RECEIVED,
            "fund.receive",
            tone="primary",
            bars=(NOT_OWN_PAYMENT,),
            guards=(_may_be_finished,),
            signs=("received_by_person_id",),
        ),
        Step(
            "receipt_reversed",
            "冲销到账",
            "冲销到账，恢复为已拨付",
            (DisbursementState.RECEIVED,),
            DisbursementState.PAID,
            "fund.receive",
            tone="danger",
            needs_reason=True,
            guards=(_may_be_finished,),
            clears=NOT_RECEIVED,
        ),
        Step(
            "reversed",
            "冲销拨付",
            "冲销拨付",
            (DisbursementState.PAID,),
            DisbursementState.REVERSED,
            "fund.pay",
            tone="danger",
            needs_reason=True,
            guards=(_may_be_finished,),
            needless=(_payers_own,),
            instead="已到账的请先由机构冲销到账",
        ),
        # A file is taken back as a whole: what it paid, and what it confirmed of others' payments.
        Step(
            "import_undone",
            "撤销导入",
            "撤销导入",
            (DisbursementState.PAID, DisbursementState.RECEIVED),
            DisbursementState.REVERSED,
            clears=NOT_RECEIVED,
        ),
        Step(
            "receipt_undone",
            "撤销导入的到账",
            "撤销导入的到账",
            (DisbursementState.RECEIVED,),
            DisbursementState.PAID,
            clears=NOT_RECEIVED,
        ),
    ),
)
