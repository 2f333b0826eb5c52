"""The staffing and day rules of the plan, answered as findings; gaps; forecast. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from portal.calendar.rules import Calendar
from portal.programme.policy import PLAN, Policy

CLAUSE_TEXT = (
    "每个工作年度援派机构应选派至少2名社会工作专业人才开展帮扶，派出人员应取得全国社会工作师职业"
    "水平证书，且直接从事社会工作服务2年以上；受援机构应选派至少3名社会工作专业人才接受帮扶。"
    "每个工作年度援派社会工作专业人才参与计划时间累计不少于40个工作日，"
    "接受帮扶的社会工作专业人才参与计划时间累计不少于120个工作日。"
)
AGREEMENT_CLAUSE = "二(五)"

COMPLIANCE_CODES = (
    "too_few_sent_staff",
    "sent_staff_not_qualified",
    "too_few_received_staff",
    "too_few_sent_days",
    "too_few_received_days",
)
"""The codes that make a pairing not compliant; the others are findings beside it."""

FINDING_CODES = (*COMPLIANCE_CODES, "no_agreement", "received_staff_not_qualified")
"""New ones come last: their bits stand in the ready totals."""
FINDING_BITS = {code: 1 << position for position, code in enumerate(FINDING_CODES)}

TITLES = {
    "too_few_sent_staff": "援派人数不足",
    "sent_staff_not_qualified": "援派人员资格不符",
    "too_few_received_staff": "受援人数不足",
    "too_few_sent_days": "援派工作日不足",
    "too_few_received_days": "受援工作日不足",
    "no_agreement": "未登记帮扶协议",
    "received_staff_not_qualified": "受援人员不符口径",
}


class Tally(NamedTuple):
    """The totals of a pairing in a work year; days in hundredths of a day.

    ``sent_staff`` and ``unqualified_received_staff`` have decided days, the other two counted ones;
    ``*_min_centidays`` is the least of any counted person's days on that side.
    """

    sent_staff: int
    qualified_sent_staff: int
    received_staff: int
    unqualified_received_staff: int
    sent_centidays: int
    received_centidays: int
    sent_pending_centidays: int
    received_pending_centidays: int
    sent_min_centidays: int
    received_min_centidays: int
    has_agreement: bool


NO_TALLY = Tally._make([*[0] * (len(Tally._fields) - 1), False])


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement that is not met. ``have`` and ``need`` are in ``unit``."""

    code: str
    have: float
    need: float
    unit: str
    clause: str
    message: str

    @property
    def title(self) -> str:
        return TITLES[self.code]

    @property
    def blocks_compliance(self) -> bool:
        return self.code in COMPLIANCE_CODES


def findings_for(tally: Tally, policy: Policy) -> list[Finding]:
    """Say which requirements of the plan are not met, in the order of ``FINDING_CODES``."""
    return [
        *_about_sent_people(tally, policy),
        *_about_received_people(tally, policy),
        *_about_days(
            "too_few_sent_days",
            "援派",
            tally.sent_centidays,
            tally.sent_min_centidays,
            tally.sent_pending_centidays,
            policy["min_sent_days"],
            policy,
        ),
        *_about_days(
            "too_few_received_days",
            "受援",
            tally.received_centidays,
            tally.received_min_centidays,
            tally.received_pending_centidays,
            policy["min_received_days"],
            policy,
        ),
        *_about_the_agreement(tally),
        *_about_who_is_received(tally),
    ]


def is_compliant(findings: Iterable[Finding]) -> bool:
    """Are the staffing and day rules met? Papers and money are findings beside it."""
    return not any(finding.blocks_compliance for finding in findings)


def mask_of(findings: Iterable[Finding]) -> int:
    """Return the bit mask of ``FINDING_BITS`` under which lists filter."""
    return sum(FINDING_BITS[finding.code] for finding in findings)


def codes_in(mask: int) -> list[str]:
    """Return the finding codes of a bit mask, in the order of ``FINDING_CODES``."""
    return [code for code, bit in FINDING_BITS.items() if mask & bit]


def _about_sent_people(tally: Tally, policy: Policy) -> Iterable[Finding]:
    have, need = tally.qualified_sent_staff, policy["min_sent_staff"]
    if have < need:
        yield Finding(
            "too_few_sent_staff",
            have,
            need,
            "人",
            PLAN,
            f"本年度有计入工作日的合格援派人员 {have} 人，应不少于 {need} 人，还差 {need - have} 人。",
        )
    unqualified = tally.sent_staff - tally.qualified_sent_staff
    if unqualified > 0:
        yield Finding(
            "sent_staff_not_qualified",
            tally.qualified_sent_staff,
            tally.sent_staff,
            "人",
            PLAN,
            f"援派人员 {tally.sent_staff} 人中有 {unqualified} 人未达到证书或服务年限要求，"
            "其工作日暂不计入；请补登证书或起始日期，或由省级批准例外。",
        )


def _about_received_people(tally: Tally, policy: Policy) -> Iterable[Finding]:
    have, need = tally.received_staff, policy["min_received_staff"]
    if have < need:
        yield Finding(
            "too_few_received_staff",
            have,
            need,
            "人",
            PLAN,
            f"本年度有计入工作日的受援人员 {have} 人，应不少于 {need} 人，还差 {need - have} 人。",
        )


def _about_days(
    code: str,
    label: str,
    total: int,
    least: int,
    pending: int,
    need: float,
    policy: Policy,
) -> Iterable[Finding]:
    per_person = policy["day_basis"] == "per_person"
    have = least if per_person else total
    if have >= need * 100:
        return
    basis = "每人最少" if per_person else "累计"
    waiting = f"，另有 {pending / 100:g} 天尚未计入" if pending else ""
    yield Finding(
        code,
        have / 100,
        need,
        "天",
        PLAN,
        f"{label}工作日{basis} {have / 100:g} 天，应不少于 {need:g} 天，"
        f"还差 {need - have / 100:g} 天{waiting}。",
    )


def _about_the_agreement(tally: Tally) -> Iterable[Finding]:
    if not tally.has_agreement:
        yield Finding(
            "no_agreement",
            0,
            1,
            "份",
            AGREEMENT_CLAUSE,
            "尚未登记帮扶协议编号和签订日期；援派机构与受援机构应签订帮扶协议。",
        )


def _about_who_is_received(tally: Tally) -> Iterable[Finding]:
    """Beside the head count, which leaves them out already (decision B41)."""
    have, others = tally.received_staff, tally.unqualified_received_staff
    if others:
        yield Finding(
            "received_staff_not_qualified",
            have,
            have + others,
            "人",
            PLAN,
            f"受援人员中有 {others} 人按现行口径不算社会工作专业人才，其工作日暂不计入；"
            "请补登其证书或从事社会工作起始日期，或改派他人。",
        )


class Presence(NamedTuple):
    """A person on duty from one date to another (an approved, qualified assignment)."""

    person_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """Dates over which the head count stays the same."""

    starts_on: date
    ends_on: date
    count: int


def head_counts(presences: Sequence[Presence], first: date, last: date) -> list[Stretch]:
    """Return how many distinct people were on duty, from first to last, in unbroken stretches."""
    edges = {first, last + timedelta(days=1)}
    for one in presences:
        if one.starts_on <= last and one.ends_on >= first:
            edges.add(max(one.starts_on, first))
            edges.add(min(one.ends_on, last) + timedelta(days=1))
    ordered = sorted(edges)
    stretches: list[Stretch] = []
    for begin, after in itertools.pairwise(ordered):
        count = len({one.person_id for one in presences if one.starts_on <= begin <= one.ends_on})
        end = after - timedelta(days=1)
        if stretches and stretches[-1].count == count:
            stretches[-1] = Stretch(stretches[-1].starts_on, end, count)
        else:
            stretches.append(Stretch(begin, end, count))
    return stretches


def gaps(stretches: Iterable[Stretch], need: int) -> list[Stretch]:
    """Return the stretches with fewer people than needed."""
    return [stretch for stretch in stretches if stretch.count < need]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Whether the missing days of one side still fit into the year.

    ``working_days_left`` counts the statutory working days that can still be worked, to the last
    day; ``needed_pace`` is the missing days for each of them; ``latest_start`` is the last date
    on which ``people``, each working every working day, can still begin: None if nothing is
    missing or it is too late.
    """

    done_days: float
    waiting_days: float
    need_days: float
    missing_days: float
    working_days_left: int
    people: int
    needed_pace: float | None
    latest_start: date | None
    last_day: date
    unofficial_years: tuple[int, ...]

    @property
    def is_met(self) -> bool:
        return self.missing_days <= 0

    @property
    def is_feasible(self) -> bool:
        return self.is_met or self.latest_start is not None


def forecast(
    *,
    done_centidays: int,
    waiting_centidays: int,
    need_days: float,
    people: int,
    first: date,
    last: date,
    calendar: Calendar,
) -> Forecast:
    """Say whether the rest can still be done from ``first`` to ``last``, both included.

    ``first`` is the next day on which somebody can still work; it may lie after ``last``.
    ``waiting_centidays`` are logged but not yet counted; the forecast takes them as done, since
    whoever approves them still has time.
    """
    left = list(calendar.working_days(first, last))
    missing = max(need_days - (done_centidays + waiting_centidays) / 100, 0)
    return Forecast(
        done_days=done_centidays / 100,
        waiting_days=waiting_centidays / 100,
        need_days=need_days,
        missing_days=missing,
        working_days_left=len(left),
        people=people,
        needed_pace=missing / len(left) if missing and left else None,
        latest_start=_latest_start(left, missing, people),
        last_day=last,
        unofficial_years=tuple(calendar.unofficial_years(first, last)) if first <= last else (),
    )


def _latest_start(left: Sequence[date], missing: float, people: int) -> date | None:
    if missing <= 0 or people <= 0:
        return None
    sessions = ceil(missing / people)
    return left[-sessions] if sessions <= len(left) else None
