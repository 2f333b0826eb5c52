"""Who may be assigned, replaced, excepted. Who counts: qualification_rules.py. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import AssignmentState, Side
from portal.pairings.life_rules import Life, Use, refusals_for_use
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal
from portal.standards.text import is_blank, plain

MAX_REASON = 1000
"""Characters of the reason of a decision."""

KINDS = {
    "nominated": "提出选派",
    "approved": "批准选派",
    "rejected": "不批准选派",
    "withdrawn": "撤回提名",
    "ended": "提前结束选派",
    "replaced": "由他人接替",
    "exception_granted": "批准资格例外",
    "qualified": "复核后符合资格",
    "disqualified": "复核后不符合资格",
    "pairing_terminated": "结对终止，选派随之结束",
    "pairing_declined": "结对未成立，选派随之撤销",
}
"""What was decided on an assignment, in the words of the timeline."""

NOTES = {"nominated": "来源", "replaced": "接替"}
"""What is noted with a decision where it is not its reason."""


class Span(NamedTuple):
    starts_on: date
    ends_on: date


def refusals_for_assignment(
    span: Span,
    *,
    pairing: Span,
    life: Life,
    is_member: bool,
    others: Sequence[Span],
    closed_year: int | None,
    is_approved: bool,
) -> list[Refusal]:
    """Say why a person cannot be assigned for this span; ``others`` are their spans here.

    ``closed_year`` is the work year of the first day, if it is closed; ``is_approved`` says that
    nobody else has to approve it (the operator brings it in).
    """
    refusals = refusals_for_use(Use.APPROVE if is_approved else Use.NOMINATE, life, "pairing")
    term = f"结对 {life.code} 的期限（{pairing.starts_on} 至 {pairing.ends_on}）"
    if not pairing.starts_on <= span.starts_on <= pairing.ends_on:
        refusals.append(
            Refusal("starts_on", "outside_pairing", f"开始日期 {span.starts_on} 不在{term}内。")
        )
    elif span.ends_on < span.starts_on:
        refusals.append(
            Refusal(
                "ends_on",
                "invalid_value",
                f"结束日期 {span.ends_on} 早于开始日期 {span.starts_on}。",
            )
        )
    elif span.ends_on > pairing.ends_on:
        refusals.append(
            Refusal("ends_on", "outside_pairing", f"结束日期 {span.ends_on} 超出{term}。")
        )
    if not is_member:
        refusals.append(
            Refusal(
                "person",
                "not_a_member",
                f"该人员不属于结对 {life.code} 这一方的机构，请先在人员信息中核对所属机构。",
            )
        )
    clash = next(
        (one for one in others if one.starts_on <= span.ends_on and span.starts_on <= one.ends_on),
        None,
    )
    if clash:
        refusals.append(
            Refusal(
                "starts_on",
                "overlap",
                f"与该人员在本结对的另一段选派（{clash.starts_on} 至 {clash.ends_on}）重叠，"
                "请改在其结束之后开始，或先结束那一段。",
            )
        )
    if closed_year is not None:
        refusals.append(
            Refusal(
                "starts_on",
                "closed_year",
                f"{closed_year} 工作年度已关闭，选派请从之后的年度开始。",
            )
        )
    return refusals


def refusals_for_decision(state: AssignmentState, *, is_own: bool, verb: str) -> list[Refusal]:
    """Say why this person may not decide on this nomination (two-person rule, state).

    ``is_own`` says that the decider is the person assigned, or the one who nominated.
    """
    if state != AssignmentState.NOMINATED:
        return [
            Refusal(
                "",
                "wrong_state",
                f"该选派目前为“{state.label}”，只有“{AssignmentState.NOMINATED.label}”的可以{verb}。",
            )
        ]
    if is_own:
        return [
            Refusal(
                "", "own_entry", f"本人提出的或本人的选派不能由本人{verb}，请由另一位同事办理。"
            )
        ]
    return []


def refusals_for_withdrawal(state: AssignmentState, workdays: int) -> list[Refusal]:
    """Say why a nomination cannot be taken back; ``workdays`` were logged on it already."""
    if state != AssignmentState.NOMINATED:
        return [
            Refusal(
                "",
                "wrong_state",
                f"该选派目前为“{state.label}”，不能撤回；已批准的请办理提前结束。",
            )
        ]
    if workdays:
        return [
            Refusal(
                "", "overlap", f"该选派下已有 {workdays} 条工作日志，不能撤回；请先删除或退回日志。"
            )
        ]
    return []


def refusals_for_end(
    span: Span,
    state: AssignmentState,
    *,
    last_day: date,
    reason: str,
    last_workday: date | None,
    closed_years: Collection[int],
    field: str = "last_day",
) -> list[Refusal]:
    """Say why an assignment cannot end on this day; ``field`` is where the day was asked for.

    ``closed_years`` are the closed work years of which it would lose a day.
    """
    if state != AssignmentState.APPROVED:
        return [
            Refusal(
                "",
                "wrong_state",
                f"该选派目前为“{state.label}”，只有“{AssignmentState.APPROVED.label}”的可以提前结束。",
            )
        ]
    refusals = refusals_for_reason(reason)
    if not span.starts_on <= last_day <= span.ends_on:
        refusals.append(
            Refusal(
                field,
                "invalid_value",
                f"最后一日应在 {span.starts_on} 至 {span.ends_on} 之间，实际为 {last_day}。",
            )
        )
    elif last_workday and last_workday > last_day:
        refusals.append(
            Refusal(
                field,
                "overlap",
                f"{last_workday} 还有工作日志，最后一日不能早于该日；请先更正或退回之后的日志。",
            )
        )
    return [*refusals, *refusals_for_closed_years(closed_years, "缩短该年度内的选派")]


def refusals_for_replacement(span: Span, *, starts_on: date, is_same_person: bool) -> list[Refusal]:
    """Say why nobody can take over an assignment from this day (B13)."""
    refusals = []
    if is_same_person:
        refusals.append(Refusal("person", "same_person", "接替人员不能是原选派人员本人。"))
    if not span.starts_on < starts_on <= span.ends_on:
        refusals.append(
            Refusal(
                "starts_on",
                "invalid_value",
                f"接替首日应晚于 {span.starts_on}，且不晚于 {span.ends_on}，实际为 {starts_on}。",
            )
        )
    return refusals


def day_before(day: date) -> date:
    """Return the last day of whoever is replaced from a day on."""
    return day - timedelta(days=1)


def refusals_for_exception(
    state: AssignmentState, side: Side, *, is_qualified: bool, is_own: bool, reason: str
) -> list[Refusal]:
    """Say why the province cannot except this person from the rule (B10, B11)."""
    refusals = refusals_for_reason(reason)
    if side == Side.RECEIVED:
        refusals.append(
            Refusal(
                "",
                "wrong_state",
                "资格例外只适用于援派人员；谁算受援的社会工作专业人才由政策口径规定，请补登证书或从业起始日期。",
            )
        )
    if is_own:
        refusals.append(
            Refusal("", "own_entry", "本人提出的或本人的选派，资格例外须由另一位同事批准。")
        )
    if is_qualified:
        refusals.append(Refusal("", "wrong_state", "该人员已符合资格要求，无须批准例外。"))
    elif state == AssignmentState.REJECTED:
        refusals.append(
            Refusal("", "wrong_state", "该选派未获批准，不能批准例外；请由机构重新提名。")
        )
    return refusals


def refusals_for_reason(reason: str) -> list[Refusal]:
    """A decision against somebody, or beside the rule, always needs a reason (states.md)."""
    if is_blank(reason):
        return [Refusal("reason", "missing_value", "请填写原因。")]
    if (length := len(plain(reason))) > MAX_REASON:
        return [Refusal("reason", "text_too_long", f"原因 {length} 字，超过上限 {MAX_REASON} 字。")]
    return []
