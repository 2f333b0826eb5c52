"""The life of an award: claimed, verified by another, publicised, paid (states.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import AwardState, Labelled
from portal.ledger.amount_rules import refusals_for_name, refusals_for_number
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.refusals import Refusal

CLAIMED, VERIFIED, PUBLICISED, PAID, REJECTED, WITHDRAWN = AwardState


class AwardFilter(Labelled):
    """What the list can be asked for beside single states."""

    TO_PAY = "to_pay", "公示期满待发放"


class AwardFacts(NamedTuple):
    """An award as far as its steps ask.

    ``differs`` says how the registered certificate is no longer as it was claimed, empty if it is;
    ``taken_by`` whose else the number is, ``has_file`` whether the certificate can be looked at.
    """

    label: str
    state: AwardState
    person_id: int
    claimed_by_person_id: int | None
    verified_by_person_id: int | None = None
    publicised_by_person_id: int | None = None
    paid_by_person_id: int | None = None
    differs: str = ""
    taken_by: str = ""
    has_file: bool = True
    notice_until: date | None = None
    notice_days: int = 0
    today: date = date.min


def _is_as_registered(facts: AwardFacts) -> Iterable[Refusal]:
    if facts.differs:
        sentence = (
            f"奖补按登记的证书核验，而{facts.differs}。登记有误的请机构负责人更正证书；"
            "申请有误的请撤回，更正后重新申请。"
        )
        yield Refusal("", "certificate_differs", sentence)
    if facts.taken_by:
        sentence = f"一个证书编号只能奖补一次：这个编号已用于{facts.taken_by}，请对照证书原件核对。"
        yield Refusal("", "duplicate", sentence)


def _can_be_looked_at(facts: AwardFacts) -> Iterable[Refusal]:
    if not facts.has_file:
        sentence = (
            "核验须有证书扫描件，目前没有上传；请申请人所在机构负责人在人员页面上传后再核验。"
        )
        yield Refusal("", "no_file", sentence)


def _notice_is_over(facts: AwardFacts) -> Iterable[Refusal]:
    if facts.notice_until is not None and facts.today <= facts.notice_until:
        sentence = (
            f"公示期（{facts.notice_days} 个工作日）到 {facts.notice_until} 止，期满无异议方可发放；"
            f"今天是 {facts.today}，请在期满后登记发放。"
        )
        yield Refusal("", "notice_not_over", sentence)


NOT_OWN = Bar(
    ("claimed_by_person_id", "person_id"),
    "own_entry",
    "申请人和被奖补的本人不能{step}，请由省级民政部门另一位人员办理。",
)

LIFE: Life[AwardFacts] = Life(
    name="certificate_award",
    noun="奖补",
    title="证书奖补：申请、核验、公示、发放",
    states=AwardState,
    path=(CLAIMED, VERIFIED, PUBLICISED, PAID),
    beginnings=(Beginning("claimed", "申请奖补", CLAIMED, ("claimed_by_person_id",)),),
    notes=(("paid", "凭证号"), ("publicised", "公示")),
    steps=(
        Step(
            "verified",
            "核验通过",
            "核验通过",
            (CLAIMED,),
            VERIFIED,
            "award.decide",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_is_as_registered, _can_be_looked_at),
            signs=("verified_by_person_id",),
        ),
        Step(
            "publicised",
            "开始公示",
            "开始公示",
            (VERIFIED,),
            PUBLICISED,
            "award.decide",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_is_as_registered,),
            signs=("publicised_by_person_id",),
        ),
        Step(
            "paid",
            "登记发放",
            "登记发放",
            (PUBLICISED,),
            PAID,
            "award.decide",
            tone="primary",
            bars=(NOT_OWN,),
            guards=(_notice_is_over,),
            signs=("paid_by_person_id",),
        ),
        Step(
            "objection_dismissed",
            "记录异议不成立",
            "异议不成立，继续公示",
            (PUBLICISED,),
            permission="award.decide",
            needs_reason=True,
            bars=(NOT_OWN,),
        ),
        Step(
            "sent_back",
            "异议成立，退回核验",
            "异议成立，退回重新核验",
            (VERIFIED, PUBLICISED),
            CLAIMED,
            "award.decide",
            needs_reason=True,
            bars=(NOT_OWN,),
            clears=(
                "verified_by_person_id",
                "verified_at",
                "publicised_by_person_id",
                "publicised_on",
                "notice_until",
                "notice_ends_at",
            ),
        ),
        Step(
            "rejected",
            "不予奖补",
            "不予奖补",
            (CLAIMED, VERIFIED, PUBLICISED),
            REJECTED,
            "award.decide",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN,),
            instead="已发放的请先冲销发放",
        ),
        Step(
            "payment_reversed",
            "冲销发放",
            "冲销发放，恢复为公示期满",
            (PAID,),
            PUBLICISED,
            "award.decide",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN,),
            clears=("paid_by_person_id", "paid_on", "voucher_number"),
        ),
        Step(
            "withdrawn",
            "撤回申请",
            "撤回申请",
            (CLAIMED, VERIFIED),
            WITHDRAWN,
            "award.claim",
            needs_reason=True,
            instead="公示后须撤回的，请联系省级民政部门",
        ),
    ),
)


def refusals_for_payment(
    facts: Sequence[AwardFacts], paid_on: date, voucher_number: str, *, today: date
) -> list[Refusal]:
    """Say why a payment cannot be recorded: its date and the number of its voucher."""
    found = refusals_for_name(voucher_number, "voucher_number", "凭证号")
    found += refusals_for_number(voucher_number, "voucher_number", "凭证号")
    ends = [one.notice_until for one in facts if one.notice_until is not None]
    if paid_on > today:
        sentence = f"发放日期 {paid_on} 晚于今天（{today}），请按付款凭证核对。"
        found.append(Refusal("paid_on", "future_date", sentence))
    elif ends and max(ends) < today and paid_on <= max(ends):
        sentence = (
            f"发放日期 {paid_on} 早于公示期满（{max(ends)}），应在期满之后，请按付款凭证核对。"
        )
        found.append(Refusal("paid_on", "invalid_date", sentence))
    return found
