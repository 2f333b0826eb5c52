"""What may be logged, when it may still be changed, and what a day is worth. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import AssignmentState, Hold, Labelled, PairingState, Side, Task, WorkMode
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.procedures.rules import MAX_REASON
from portal.programme.policy import Policy
from portal.refusals import Refusal
from portal.standards.text import is_blank

MAX_DESCRIPTION = 2000
"""Characters of 工作内容; longer belongs in an attachment."""

MOST_DAYS_AT_ONCE = 62
"""Days logged by one form: two months. Longer records come in as a file."""

HALF_DAYS_PER_DATE = 2
"""At most 1.0 a person and date over all pairings (decision B5)."""


class States(Labelled):
    """What a list is asked for that is more than one state of an entry."""

    WAITING = "waiting", "待审（已提交、已确认）"


class Entry(NamedTuple):
    """A day as somebody wants to log it. ``half_days`` is 1 or 2; 0 strikes a day out."""

    worked_on: date
    half_days: int
    mode: WorkMode
    task: Task | None
    township_code: str | None
    description: str
    late_reason: str | None


class Term(NamedTuple):
    """An assignment as far as it matters here."""

    id: int
    side: Side
    starts_on: date
    ends_on: date
    state: AssignmentState


class Year(NamedTuple):
    """A work year as far as it matters here."""

    year: int
    starts_on: date
    ends_on: date
    is_closed: bool


class PairingFacts(NamedTuple):
    """A pairing as far as it matters here."""

    life: PairingLife
    starts_on: date
    ends_on: date
    county_code: str

    @property
    def code(self) -> str:
        return self.life.code


class Value(NamedTuple):
    """What a day is worth once it counts, in hundredths of a day, and what holds it back."""

    centidays: int
    hold: Hold | None


def term_on(terms: Sequence[Term], day: date) -> Term | None:
    """Return the assignment that covers a date; an approved one before one that waits."""
    waiting = None
    for term in terms:
        if not term.starts_on <= day <= term.ends_on:
            continue
        # An import asks this for every row: the usual case comes first and at once.
        if term.state is AssignmentState.APPROVED:
            return term
        if waiting is None and term.state is not AssignmentState.REJECTED:
            waiting = term
    return waiting


def refusals_for_workday(
    entry: Entry,
    *,
    pairing: PairingFacts,
    terms: Sequence[Term],
    year: Year | None,
    taken_half_days: int,
    policy: Policy,
    today: date,
    is_correction: bool = False,
) -> list[Refusal]:
    """Say every reason why this day cannot be logged; empty if it can.

    ``terms`` are the person's assignments to this pairing, ``year`` the work year that contains
    the date, ``taken_half_days`` what the person's other entries of that date take (0–2). A
    correction has a reason of its own, and 0 days strike the original out.
    """
    strikes_out = is_correction and entry.half_days == 0
    refusals = [
        *refusals_for_use(Use.LOG, pairing.life, "pairing"),
        *_about_the_date(entry.worked_on, year, today),
        *_about_the_assignment(entry.worked_on, pairing, terms),
        *([] if strikes_out else _about_the_amount(entry, taken_half_days, policy)),
        *_about_the_text(entry, pairing),
    ]
    if (
        is_late(entry.worked_on, today, policy)
        and not is_correction
        and is_blank(entry.late_reason)
    ):
        lag = today - entry.worked_on
        refusals.append(
            Refusal(
                "late_reason",
                "missing_late_reason",
                f"{entry.worked_on} 距今 {lag.days} 天，超过补录时限 {policy['backfill_days']} 天，"
                "请填写补录原因。",
            )
        )
    return refusals


def is_late(day: date, today: date, policy: Policy) -> bool:
    """Is a day entered so late that the reason is asked for (decision B9)?"""
    return day <= latest_late(today, policy)


def latest_late(today: date, policy: Policy) -> date:
    """Return the latest date that is entered late today."""
    return today - timedelta(days=policy["backfill_days"] + 1)


def _about_the_date(day: date, year: Year | None, today: date) -> Iterable[Refusal]:
    if day > today:
        yield Refusal(
            "worked_on",
            "future_date",
            f"{day} 晚于今天（{today}），工作日志不能预填，请在当天或之后填报。",
        )
    if year is None:
        yield Refusal(
            "worked_on",
            "outside_work_year",
            f"{day} 不在任何工作年度内，请核对日期；如确应计入，请国家级管理员先设置工作年度。",
        )
    elif year.is_closed:
        yield Refusal(
            "worked_on",
            "closed_year",
            f"{year.year} 工作年度已关闭，不再接受填报；如需补正，请联系国家级民政部门重新开放。",
        )


def _about_the_assignment(
    day: date, pairing: PairingFacts, terms: Sequence[Term]
) -> Iterable[Refusal]:
    if not terms:
        yield Refusal(
            "person",
            "not_assigned",
            f"该人员没有选派到结对 {pairing.code}，请先由本机构办理选派。",
        )
        return
    if not pairing.starts_on <= day <= pairing.ends_on:
        ended = "，已终止" if pairing.life.state == PairingState.TERMINATED else ""
        yield Refusal(
            "worked_on",
            "outside_assignment",
            f"{day} 不在结对 {pairing.code} 的期限内"
            f"（{pairing.starts_on} 至 {pairing.ends_on}{ended}）。",
        )
        return
    if term_on(terms, day) is None:
        spans = "、".join(f"{term.starts_on} 至 {term.ends_on}" for term in terms)
        yield Refusal(
            "worked_on",
            "outside_assignment",
            f"{day} 不在该人员的选派期限内（{spans}），请核对日期或先办理选派。",
        )


def _about_the_amount(entry: Entry, taken_half_days: int, policy: Policy) -> Iterable[Refusal]:
    if entry.half_days not in (1, 2) or (entry.half_days == 1 and policy["day_step"] == 1):
        allowed = "1" if policy["day_step"] == 1 else "0.5 或 1"
        yield Refusal(
            "days",
            "invalid_days",
            f"天数应为 {allowed}，实际为 {entry.half_days / 2:g}。",
        )
    elif taken_half_days + entry.half_days > HALF_DAYS_PER_DATE:
        yield Refusal(
            "days",
            "over_one_day",
            f"{entry.worked_on} 已登记 {taken_half_days / 2:g} 天（各结对合计），"
            f"再登记 {entry.half_days / 2:g} 天将超过每人每日 1 天的上限。",
        )


def _about_the_text(entry: Entry, pairing: PairingFacts) -> Iterable[Refusal]:
    if len(entry.description) > MAX_DESCRIPTION:
        yield Refusal(
            "description",
            "text_too_long",
            f"工作内容 {len(entry.description)} 字，超过上限 {MAX_DESCRIPTION} 字，请精简。",
        )
    if len(entry.late_reason or "") > MAX_REASON:
        length = len(entry.late_reason or "")
        sentence = f"补录原因 {length} 字，超过上限 {MAX_REASON} 字，请精简。"
        yield Refusal("late_reason", "text_too_long", sentence)
    if entry.township_code and not entry.township_code.startswith(pairing.county_code):
        yield Refusal(
            "township",
            "invalid_value",
            f"地点代码 {entry.township_code} 不属于受援县 {pairing.county_code}，"
            "请填写该县的乡镇（街道）代码。",
        )


def value_of(
    *, half_days: int, side: Side, mode: WorkMode, task: Task | None, is_rest_day: bool,
    policy: Policy,
) -> Value:  # fmt: skip
    """Return what a day is worth once it counts (decisions B4, B6, B7)."""
    if is_rest_day and policy["offday"] == "never":
        return Value(0, None)
    centidays = round(half_days * 50 * policy.weight(side, mode))
    needs_task = side == Side.RECEIVED and policy["received_requires_task"] and task is None
    return Value(centidays, Hold.NO_TASK if needs_task else None)


def note_on_rest_day(policy: Policy) -> str:
    """Say what becomes of an entry of a rest day (decision B4)."""
    return {
        "never": "休息日，按现行口径不计入",
        "with_approval": "休息日，经县级核准后计入",
        "always": "休息日，与工作日同样计入",
    }[policy["offday"]]


def halves_for(half_days: int, taken: tuple[bool, bool]) -> dict[str, bool]:
    """Say which halves of a date an entry takes, given those that are taken."""
    if half_days == HALF_DAYS_PER_DATE:
        return {"takes_first_half": True, "takes_second_half": True}
    if half_days == 0:
        return {"takes_first_half": False, "takes_second_half": False}
    return {"takes_first_half": not taken[0], "takes_second_half": taken[0]}
