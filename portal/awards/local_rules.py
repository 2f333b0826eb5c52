"""What a province gives for a certificate, by its dated rules; what may be claimed by them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from models.types import AwardState, CertLevel, Labelled
from portal.people.rules import CertificateFacts, missing_on
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal
from portal.standards.money import format_yuan
from portal.standards.text import is_blank, plain

NOTICE_DAYS = 5
"""Working days of a public notice where a province says nothing else (states.md)."""
MOST_NOTICE_DAYS = 60
MAX_DOCUMENT = 300
"""Characters of the document and clause by which a province gives an award."""


class Giving(Labelled):
    """What a rule says of a level."""

    FIXED = "fixed", "固定金额"
    FREE = "free", "金额不固定，由发放方确定"
    NOTHING = "nothing", "不奖补"


class LocalRule(NamedTuple):
    """A row of a province's rules; ``amount_fen`` None of what is given without a fixed amount."""

    id: int
    level: CertLevel
    is_given: bool
    amount_fen: int | None
    notice_days: int
    valid_from: date
    document: str
    reason: str | None
    recorded_at: datetime

    @property
    def words(self) -> str:
        if not self.is_given:
            return Giving.NOTHING.label
        return (
            Giving.FREE.label if self.amount_fen is None else f"{format_yuan(self.amount_fen)} 元"
        )


def rule_on(rules: Iterable[LocalRule], level: CertLevel, day: date) -> LocalRule | None:
    """Return the rule for a level on a day: of the latest day, and of one day what was said last."""
    known = [one for one in rules if one.level == level and one.valid_from <= day]
    return max(known, key=lambda one: (one.valid_from, one.recorded_at, one.id), default=None)


class StandingAward(NamedTuple):
    """An award that a person already has for the level."""

    state: AwardState
    claimed_on: date


class AwardGround(NamedTuple):
    """A certificate for which an award is claimed, and what is known beside it."""

    label: str
    province: str
    certificate: CertificateFacts
    rule: LocalRule | None
    standing: StandingAward | None = None
    number_is_taken: bool = False


def refusals_for_claim(ground: AwardGround, fen: int | None) -> list[Refusal]:
    """Say why an award cannot be claimed. ``fen`` is what was asked for where no amount is fixed."""
    level = ground.certificate.level.label
    rule = ground.rule
    if rule is None or not rule.is_given:
        found = (
            f"目前没有登记“{level}”的奖补规定"
            if rule is None
            else f"自 {rule.valid_from} 起不再奖补“{level}”"
        )
        sentence = (
            f"证书奖补按本省规定发放，{ground.province}{found}；"
            "如已有规定，请省级民政部门先在“本省奖补规定”中登记。"
        )
        return [Refusal("", "no_rule", sentence)]
    refusals = []
    if missing := missing_on(ground.certificate):
        sentence = (
            f"{ground.label}的证书没有登记{'和'.join(missing)}，奖补须按证书核对；"
            "请机构负责人在人员页面补登后再申请。"
        )
        refusals.append(Refusal("", "missing_value", sentence))
    if ground.standing:
        sentence = (
            f"一人一个等级只奖补一次：{ground.label}已于 {ground.standing.claimed_on} 申请，"
            f"目前“{ground.standing.state.label}”，不能重复申请。"
        )
        refusals.append(Refusal("", "duplicate", sentence))
    elif ground.number_is_taken:
        sentence = (
            f"一个证书编号只能奖补一次：{ground.label}的证书编号已用于另一项奖补，"
            "请机构负责人对照证书原件核对。"
        )
        refusals.append(Refusal("", "duplicate", sentence))
    if rule.amount_fen is None and fen is None:
        sentence = f"{ground.label}的奖补金额不固定，请填写发放方确定的金额。"
        refusals.append(Refusal("", "missing_value", sentence))
    return refusals


def refusals_for_rule(
    giving: Giving,
    amount_fen: int | None,
    notice_days: int,
    valid_from: date,
    document: str,
    reason: str,
    *,
    in_force: LocalRule | None,
) -> list[Refusal]:
    """Say why a province cannot record a rule as it was written."""
    found: list[Refusal] = []
    if not 1 <= notice_days <= MOST_NOTICE_DAYS:
        sentence = f"公示期应为 1 至 {MOST_NOTICE_DAYS} 个工作日，实际为 {notice_days}。"
        found.append(Refusal("notice_days", "invalid_value", sentence))
    if is_blank(document):
        sentence = "请填写依据的文件名称、文号和条款，申请人和被拒绝的人会看到。"
        found.append(Refusal("document", "missing_value", sentence))
    elif (length := len(plain(document))) > MAX_DOCUMENT:
        sentence = f"依据 {length} 字，超过上限 {MAX_DOCUMENT} 字。"
        found.append(Refusal("document", "text_too_long", sentence))
    if in_force is not None:
        found += refusals_for_reason(reason, "调整已有规定")
        if valid_from < in_force.valid_from:
            sentence = (
                f"现行规定自 {in_force.valid_from} 起执行，新规定不能早于它；"
                f"实际为 {valid_from}，请按文件核对。"
            )
            found.append(Refusal("valid_from", "invalid_date", sentence))
        if _says(in_force) == (giving, amount_fen, notice_days) and not found:
            sentence = f"现行规定已是“{in_force.words}”，公示 {notice_days} 个工作日，不必再登记。"
            found.append(Refusal("amount", "wrong_state", sentence))
    return found


def _says(rule: LocalRule) -> tuple[Giving, int | None, int]:
    if not rule.is_given:
        return Giving.NOTHING, None, rule.notice_days
    giving = Giving.FREE if rule.amount_fen is None else Giving.FIXED
    return giving, rule.amount_fen, rule.notice_days


def in_force_now(rules: Sequence[LocalRule], day: date) -> list[tuple[CertLevel, LocalRule | None]]:
    """Return what stands for each level on a day, the highest first."""
    return [(level, rule_on(rules, level, day)) for level in reversed(CertLevel)]
