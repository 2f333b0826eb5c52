"""The life of a transfer to the partner: paid over, confirmed by whoever received it, taken back once. Pure.

Only where the policy allows it, and only as an item of the agreement (B29). It raises no 到账: the money
was received once, by the sending organisation; who received it from there spends and settles it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import FundSource, SettlementState, TransferState
from portal.ledger.amount_rules import (
    YearFacts,
    refusals_for_day,
    refusals_for_finishing,
    refusals_for_name,
    refusals_for_number,
    refusals_for_settled,
    refusals_for_year,
)
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.procedures.rules import MAX_REASON, Bar, Beginning, Life, Step
from portal.refusals import Refusal
from portal.standards.money import format_yuan
from portal.standards.text import is_blank, plain

PAID, CONFIRMED, DECLINED, WITHDRAWN, REVERSED = TransferState

TONES = {
    PAID: "waiting",
    CONFIRMED: "good",
    DECLINED: "bad",
    WITHDRAWN: "neutral",
    REVERSED: "neutral",
}

NOT_ALLOWED = Refusal(
    "",
    "not_eligible",
    "援派机构向对方机构转付资金未开放（三(一)没有规定）；协议约定须转付的，"
    "请国家级民政部门先在政策口径“援派机构可按协议向对方机构转付资金”中开放。",
)
NOT_THE_SENDER = Refusal(
    "",
    "outside_scope",
    "只有结对的援派机构可以向对方机构转付，本机构在这个结对中不是援派机构；请由援派机构登记。",
)


class TransferAsked(NamedTuple):
    """A transfer as somebody wants to make it; ``clause`` is the text of the agreed item."""

    source: FundSource
    amount_fen: int
    paid_on: date
    voucher_number: str
    agreement_number: str
    agreed_on: date
    clause: str


class TransferGround(NamedTuple):
    """What the rules ask besides.

    ``cash_fen`` is what the source has, ``waiting_fen`` what of it was paid over and is not confirmed;
    ``settlement`` how the partner's year is settled, if it is.
    """

    is_allowed: bool
    is_senders: bool
    life: PairingLife
    ends_on: date
    year: YearFacts
    settlement: SettlementState | None
    cash_fen: int
    waiting_fen: int
    voucher_is_taken: bool


def refusals_for_transfer(
    asked: TransferAsked, ground: TransferGround, *, today: date
) -> list[Refusal]:
    """Say why an organisation cannot pass money on to its partner in a pairing and work year."""
    if not ground.is_allowed:
        return [NOT_ALLOWED]
    found = [] if ground.is_senders else [NOT_THE_SENDER]
    found += refusals_for_use(Use.FUND, ground.life, "pairing")
    found += refusals_for_year(ground.life.code, ground.year)
    found += refusals_for_settled(ground.year.year, ground.settlement)
    found += _refusals_for_item(asked, today=today)
    found += _refusals_for_payment(asked, ground, today=today)
    left = ground.cash_fen - ground.waiting_fen
    if asked.amount_fen > left:
        waiting = (
            f"（另有 {format_yuan(ground.waiting_fen)} 元已转出、待受援机构确认）"
            if ground.waiting_fen
            else ""
        )
        found.append(
            Refusal(
                "amount",
                "over_balance",
                f"{ground.year.year} 年度“{asked.source.label}”可转付的结余只有 {format_yuan(left)} 元"
                f"{waiting}，本次转付 {format_yuan(asked.amount_fen)} 元，超出"
                f" {format_yuan(asked.amount_fen - left)} 元；请减少金额，或先确认到账。",
            )
        )
    return found


def _refusals_for_item(asked: TransferAsked, *, today: date) -> list[Refusal]:
    """Without an agreed item nothing is passed on: its text, the agreement's number and date."""
    found = []
    if is_blank(asked.clause):
        sentence = "请照录协议中约定转付的条款；协议没有约定的，不能转付，请双方先签订补充协议。"
        found.append(Refusal("clause", "missing_value", sentence))
    elif (length := len(plain(asked.clause))) > MAX_REASON:
        sentence = f"协议条款 {length} 字，超过上限 {MAX_REASON} 字。"
        found.append(Refusal("clause", "text_too_long", sentence))
    found += refusals_for_name(asked.agreement_number, "agreement_number", "协议编号")
    found += refusals_for_number(asked.agreement_number, "agreement_number", "协议编号")
    return found + refusals_for_day(
        asked.agreed_on, "agreed_on", "协议日期", today=today, first=None
    )


def _refusals_for_payment(
    asked: TransferAsked, ground: TransferGround, *, today: date
) -> list[Refusal]:
    found = refusals_for_day(
        asked.paid_on, "paid_on", "转付日期", today=today, first=ground.year.starts_on
    )
    if not found and asked.paid_on < asked.agreed_on:
        sentence = (
            f"转付日期 {asked.paid_on} 早于协议日期 {asked.agreed_on}，协议约定在先才能转付；"
            "请核对日期。"
        )
        found.append(Refusal("paid_on", "invalid_date", sentence))
    if not found and asked.paid_on > ground.ends_on:
        sentence = (
            f"结对 {ground.life.code} 到 {ground.ends_on} 为止，转付日期 {asked.paid_on} 在其后；"
            "结对终止后不再转付，余款随结算处理。"
        )
        found.append(Refusal("paid_on", "wrong_state", sentence))
    found += refusals_for_name(asked.voucher_number, "voucher_number", "凭证号")
    found += refusals_for_number(asked.voucher_number, "voucher_number", "凭证号")
    if ground.voucher_is_taken:
        sentence = (
            f"本年度已有凭证号为“{asked.voucher_number}”的转付；"
            "重复的请不要再登记，另一笔请填写自己的凭证号。"
        )
        found.append(Refusal("voucher_number", "duplicate", sentence))
    return found


def refusals_for_arrival(received_on: date, *, paid_on: date, today: date) -> list[Refusal]:
    """Say why what was passed on cannot have arrived on a date."""
    found = refusals_for_day(received_on, "received_on", "到账日期", today=today, first=None)
    if not found and received_on < paid_on:
        sentence = f"到账日期 {received_on} 早于转付日期 {paid_on}，请按银行回单核对。"
        found.append(Refusal("received_on", "invalid_date", sentence))
    return found


class TransferFacts(NamedTuple):
    """A transfer as far as its steps ask: whose organisation whoever asks belongs to."""

    label: str
    state: TransferState
    year: YearFacts
    settlement: SettlementState | None
    paid_by_person_id: int | None
    is_senders: bool
    is_receivers: bool


def _both_years_are_open(facts: TransferFacts) -> Sequence[Refusal]:
    return [
        *refusals_for_finishing(facts.year),
        *refusals_for_settled(facts.year.year, facts.settlement),
    ]


def _of_the_sender(facts: TransferFacts) -> Iterable[Refusal]:
    if not facts.is_senders:
        yield Refusal("", "outside_scope", "由登记转付的援派机构办理。")


def _of_the_receiver(facts: TransferFacts) -> Iterable[Refusal]:
    if not facts.is_receivers:
        yield Refusal("", "outside_scope", "由收到转付的受援机构办理。")


NOT_OWN = Bar(
    ("paid_by_person_id",),
    "own_entry",
    "本人登记的转付不能由本人{step}，须由收款机构的人员办理。",
)

LIFE: Life[TransferFacts] = Life(
    name="fund_transfer",
    noun="转付",
    title="转付对方机构：登记、确认、冲销",
    states=TransferState,
    path=(PAID, CONFIRMED),
    beginnings=(Beginning("paid", "登记转付", PAID, ("paid_by_person_id",)),),
    steps=(
        Step(
            "confirmed",
            "确认收到",
            "确认收到，计入本机构可用结余",
            (PAID,),
            CONFIRMED,
            "fund.accept",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_both_years_are_open,),
            needless=(_of_the_receiver,),
            signs=("confirmed_by_person_id",),
        ),
        Step(
            "declined",
            "不予确认",
            "不予确认",
            (PAID,),
            DECLINED,
            "fund.accept",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN,),
            needless=(_of_the_receiver,),
        ),
        Step(
            "withdrawn",
            "撤回",
            "撤回转付",
            (PAID,),
            WITHDRAWN,
            "fund.transfer",
            tone="danger",
            needs_reason=True,
            needless=(_of_the_sender,),
            instead="对方已确认的请由对方冲销",
        ),
        Step(
            "reversed",
            "冲销转付",
            "冲销转付，金额退回援派机构",
            (CONFIRMED,),
            REVERSED,
            "fund.accept",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN,),
            guards=(_both_years_are_open,),
            needless=(_of_the_receiver,),
        ),
    ),
)
