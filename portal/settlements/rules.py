"""The life of a settlement: handed in, settled by the province of the seat, closed (states.md, B30). Pure.

What is left is carried over into the next work year, or returned to whoever paid it; either goes source
by source. As long as it waits, and once it is settled, nothing else is booked in the year
(portal/ledger/amount_rules.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import Labelled, SettlementOutcome, SettlementState
from portal.ledger.amount_rules import (
    refusals_for_day,
    refusals_for_name,
    refusals_for_number,
    refusals_for_settled,
)
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal
from portal.standards.money import format_yuan

SUBMITTED, RETURNED, SETTLED, CLOSED = SettlementState
CARRIED, SENT_BACK = SettlementOutcome


class SettlementStage(Labelled):
    """How far the settlement of a year is; also what the list is asked for."""

    MISSING = "missing", "未提交"
    SUBMITTED = "submitted", "待核定"
    RETURNED = "returned", "已退回修改"
    SETTLED = "settled", "待退回余款"
    CLOSED = "closed", "已办结"


TONES = {
    SettlementStage.MISSING: "neutral",
    SettlementStage.SUBMITTED: "waiting",
    SettlementStage.RETURNED: "bad",
    SettlementStage.SETTLED: "waiting",
    SettlementStage.CLOSED: "good",
}


CLOSING = "办理该年度的资金结算"
"""What a closed work year forbids."""


class NextYear(NamedTuple):
    """The work year after, as far as carrying over asks: is it there, is it open, who is in it."""

    year: int
    is_there: bool
    is_closed: bool
    has_pairing: bool
    settlement: SettlementState | None


def refusals_for_carrying(following: NextYear) -> list[Refusal]:
    """Say why nothing can be carried over into the next work year."""
    year = following.year
    if not following.is_there:
        sentence = (
            f"{year} 工作年度尚未设立，余款无处结转；请先由国家级民政部门设立，或改为退回拨款方。"
        )
        return [Refusal("outcome", "outside_work_year", sentence)]
    if not following.has_pairing:
        sentence = f"机构在 {year} 工作年度没有结对，结转后无处使用；请改为退回拨款方。"
        return [Refusal("outcome", "outside_work_year", sentence)]
    return [
        *refusals_for_closed_years([year] if following.is_closed else [], "转入余款"),
        *refusals_for_settled(year, following.settlement),
    ]


class StillOpen(NamedTuple):
    """What is still open of an organisation's year: how many, and what they come to in fen."""

    claims: int = 0
    claimed_fen: int = 0
    payments: int = 0
    paid_fen: int = 0
    to_repay: int = 0
    to_repay_fen: int = 0
    transfers: int = 0
    passed_fen: int = 0


class OpenItem(NamedTuple):
    """What has to be mended before a settlement is handed in, and on which page."""

    code: str
    sentence: str


def obstacles_in(year: int, found: StillOpen) -> list[OpenItem]:
    """Say what is open: each a sentence with what mends it."""
    said = []
    if found.claims:
        said.append(
            OpenItem(
                "open_claims",
                f"{year} 年度还有 {found.claims} 笔支出待入账，共 {format_yuan(found.claimed_fen)} 元；"
                "结算前须入账，或退回登记人。",
            )
        )
    if found.payments:
        said.append(
            OpenItem(
                "open_payments",
                f"{year} 年度还有 {found.payments} 笔拨付没有确认到账，"
                f"共 {format_yuan(found.paid_fen)} 元；结算前须按银行回单确认。",
            )
        )
    if found.to_repay:
        said.append(
            OpenItem(
                "to_repay",
                f"{year} 年度还有 {found.to_repay} 笔不予认可的支出没有退回，"
                f"共 {format_yuan(found.to_repay_fen)} 元；结算前须退回本计划资金账户并登记。",
            )
        )
    if found.transfers:
        said.append(
            OpenItem(
                "open_transfers",
                f"{year} 年度还有 {found.transfers} 笔与对方机构之间的转付没有确认，"
                f"共 {format_yuan(found.passed_fen)} 元；结算前须由受援机构确认，或由援派机构撤回。",
            )
        )
    return said


class SettlementFacts(NamedTuple):
    """A settlement as far as its steps ask; amounts in fen."""

    label: str
    state: SettlementState
    year: int
    is_closed_year: bool
    balance_fen: int
    submitted_by_person_id: int | None
    returned_on: date | None = None
    obstacles: tuple[OpenItem, ...] = ()
    following: NextYear | None = None


def _year_is_open(facts: SettlementFacts) -> Sequence[Refusal]:
    return refusals_for_closed_years([facts.year] if facts.is_closed_year else [], CLOSING)


def refusals_for_obstacles(obstacles: Iterable[OpenItem]) -> list[Refusal]:
    return [Refusal("", one.code, one.sentence) for one in obstacles]


def _nothing_is_open(facts: SettlementFacts) -> Iterable[Refusal]:
    return refusals_for_obstacles(facts.obstacles)


def _something_is_left(facts: SettlementFacts) -> Iterable[Refusal]:
    if not facts.balance_fen:
        yield Refusal("outcome", "wrong_state", "没有余款，不需要结转或退回，核定后直接办结。")


def _nothing_is_left(facts: SettlementFacts) -> Iterable[Refusal]:
    if facts.balance_fen:
        sentence = (
            f"还有余款 {format_yuan(facts.balance_fen)} 元，核定时须决定结转下年使用或退回拨款方。"
        )
        yield Refusal("outcome", "missing_value", sentence)


def _may_be_carried(facts: SettlementFacts) -> Iterable[Refusal]:
    return refusals_for_carrying(facts.following) if facts.following else ()


def _following_is_open(facts: SettlementFacts) -> Sequence[Refusal]:
    """What was carried over comes out of the next year again: not of one that is closed."""
    following = facts.following
    is_in_it = facts.state == CLOSED and following is not None and following.is_closed
    return refusals_for_closed_years([facts.year + 1] if is_in_it else [], "转回余款")


def _is_sent_back(facts: SettlementFacts) -> Iterable[Refusal]:
    if facts.returned_on is None:
        sentence = (
            f"余款 {format_yuan(facts.balance_fen)} 元还没有登记退回，不能办结；"
            "请先由机构退回拨款方，再登记日期和凭证号。"
        )
        yield Refusal("", "not_returned", sentence)


NOT_OWN = Bar(
    ("submitted_by_person_id",),
    "own_entry",
    "本人提交的结算不能由本人{step}，须由机构所在省的省级民政部门办理。",
)

LIFE: Life[SettlementFacts] = Life(
    name="settlement",
    noun="结算",
    title="资金结算：提交、核定、办结",
    states=SettlementState,
    path=(SUBMITTED, SETTLED, CLOSED),
    beginnings=(Beginning("submitted", "提交结算", SUBMITTED, ("submitted_by_person_id",)),),
    notes=(
        ("submitted", "说明"),
        ("submitted_again", "说明"),
        ("carried_over", "意见"),
        ("settled", "意见"),
        ("cleared", "意见"),
        ("sent_back", "凭证号"),
    ),
    steps=(
        Step(
            "submitted_again",
            "重新提交",
            "重新提交结算",
            (RETURNED,),
            SUBMITTED,
            "settlement.submit",
            tone="primary",
            guards=(_year_is_open, _nothing_is_open),
            signs=("submitted_by_person_id",),
            clears=("settled_by_person_id", "outcome"),
        ),
        Step(
            "withdrawn",
            "撤回",
            "撤回结算",
            (SUBMITTED,),
            RETURNED,
            "settlement.submit",
            instead="已核定的请联系省级民政部门重新打开",
        ),
        Step(
            "cleared",
            "核定并办结",
            "核定，没有余款，办结",
            (SUBMITTED,),
            CLOSED,
            "settlement.settle",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_year_is_open,),
            needless=(_nothing_is_left,),
            signs=("settled_by_person_id",),
        ),
        Step(
            "carried_over",
            "核定，余款结转下年",
            "核定，余款结转下年使用，办结",
            (SUBMITTED,),
            CLOSED,
            "settlement.settle",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_year_is_open, _may_be_carried),
            needless=(_something_is_left,),
            signs=("settled_by_person_id",),
        ),
        Step(
            "settled",
            "核定，余款退回拨款方",
            "核定，余款须退回拨款方",
            (SUBMITTED,),
            SETTLED,
            "settlement.settle",
            bars=(NOT_OWN,),
            guards=(_year_is_open,),
            needless=(_something_is_left,),
            signs=("settled_by_person_id",),
        ),
        Step(
            "returned",
            "退回修改",
            "退回修改",
            (SUBMITTED,),
            RETURNED,
            "settlement.settle",
            needs_reason=True,
            bars=(NOT_OWN,),
        ),
        Step(
            "sent_back",
            "登记退回余款",
            "登记余款已退回拨款方",
            (SETTLED,),
            permission="settlement.submit",
            tone="primary",
            guards=(_year_is_open,),
        ),
        Step(
            "closed",
            "办结",
            "核对退回，办结",
            (SETTLED,),
            CLOSED,
            "settlement.settle",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_year_is_open, _is_sent_back),
        ),
        Step(
            "reopened",
            "重新打开",
            "重新打开，退回修改",
            (SETTLED, CLOSED),
            RETURNED,
            "settlement.settle",
            tone="danger",
            needs_reason=True,
            guards=(_year_is_open, _following_is_open),
            clears=("settled_by_person_id", "outcome", "returned_on", "voucher_number"),
        ),
    ),
)

SETTLES: dict[SettlementOutcome | None, str] = {
    None: "cleared",
    CARRIED: "carried_over",
    SENT_BACK: "settled",
}
"""The step by which the province settles, by what becomes of what is left; None where nothing is."""


def refusals_for_wish(balance_fen: int, wish: SettlementOutcome | None) -> list[Refusal]:
    """Whoever hands in says what should become of what is left."""
    if balance_fen and wish is None:
        sentence = f"余款 {format_yuan(balance_fen)} 元，请选择申请结转下年使用，或退回拨款方。"
        return [Refusal("wish", "missing_value", sentence)]
    return []


def refusals_for_sending_back(
    returned_on: date, voucher_number: str, *, today: date, settled_on: date
) -> list[Refusal]:
    """Say why the return of what is left cannot be recorded: its date, the number of its voucher."""
    found = refusals_for_day(returned_on, "returned_on", "退回日期", today=today, first=None)
    if not found and returned_on < settled_on:
        sentence = f"退回日期 {returned_on} 早于核定日期 {settled_on}，请按银行回单核对。"
        found.append(Refusal("returned_on", "invalid_date", sentence))
    found += refusals_for_name(voucher_number, "voucher_number", "凭证号")
    return found + refusals_for_number(voucher_number, "voucher_number", "凭证号")
