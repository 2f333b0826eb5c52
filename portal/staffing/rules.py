"""Who may be assigned, replaced, excepted. Who counts: qualification_rules.py. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import AssignmentState, Side
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal

COUNTING = "让该选派已核准的工作日计入"
SHORTENING = "缩短该年度内的选派"
"""What a closed work year forbids."""


class Span(NamedTuple):
    starts_on: date
    ends_on: date


def refusals_for_assignment(
    span: Span,
    *,
    pairing: Span,
    life: PairingLife,
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


def refusals_for_last_day(
    span: Span,
    *,
    last_day: date,
    last_workday: date | None,
    closed_years: Collection[int],
    field: str = "last_day",
) -> list[Refusal]:
    """Say why an assignment cannot end on this day; ``field`` is where the day was asked for.

    ``closed_years`` are the closed work years of which it would lose a day.
    """
    refusals = []
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
    return [*refusals, *refusals_for_closed_years(closed_years, SHORTENING)]


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


# ---- the life of an assignment


class Facts(NamedTuple):
    """An assignment as far as its steps ask; ``label`` is the person's name.

    ``workdays`` were logged on it. Closed work years in which something of it would change: decided
    days that would come to count, a last day that would come earlier.
    """

    label: str
    state: AssignmentState
    person_id: int
    nominated_by_person_id: int | None
    side: Side
    is_qualified: bool
    pairing: PairingLife
    workdays: int = 0
    is_over: bool = False
    years_if_counting: tuple[int, ...] = ()
    years_if_shortened: tuple[int, ...] = ()


UNDO_FOR = timedelta(minutes=10)
"""A slip of the hand shows at once; what is found later is ended, with a reason."""

NOT_OWN = Bar(
    ("person_id", "nominated_by_person_id"),
    "own_entry",
    "本人提出的或本人的选派不能由本人审批，须由另一位同事办理。",
)


def _pairing_in_effect(facts: Facts) -> list[Refusal]:
    return refusals_for_use(Use.APPROVE, facts.pairing)


def _closed_for_counting(facts: Facts) -> list[Refusal]:
    return refusals_for_closed_years(facts.years_if_counting, COUNTING)


def _closed_for_shortening(facts: Facts) -> list[Refusal]:
    return refusals_for_closed_years(facts.years_if_shortened, SHORTENING)


def _no_workdays(facts: Facts) -> Iterable[Refusal]:
    if facts.workdays:
        yield Refusal(
            "",
            "overlap",
            f"该选派下已有 {facts.workdays} 条工作日志，不能撤回；请先删除或退回日志。",
        )


def _lacks_qualification(facts: Facts) -> Iterable[Refusal]:
    """Only the plan's rule for sent people has exceptions (B10, B11)."""
    if facts.side == Side.RECEIVED:
        yield Refusal(
            "",
            "wrong_state",
            "资格例外只适用于援派人员；谁算受援的社会工作专业人才由政策口径规定，请补登证书或从业起始日期。",
        )
    if facts.is_qualified:
        yield Refusal("", "wrong_state", "该人员已符合资格要求，无须批准例外。")


def _is_running(facts: Facts) -> Iterable[Refusal]:
    if facts.is_over:
        yield Refusal("", "wrong_state", "该选派的期限已满，无须再办理提前结束或接替。")


NOMINATED, APPROVED, REJECTED = AssignmentState

LIFE: Life[Facts] = Life(
    name="assignment",
    noun="选派",
    title="选派：提名与审批",
    states=AssignmentState,
    notes=(("nominated", "来源"), ("replaced", "接替")),
    path=(NOMINATED, APPROVED),
    beginnings=(
        Beginning("nominated", "提出选派", NOMINATED, ("nominated_by_person_id",)),
        # What the operator of the server brings in is nobody's to approve.
        Beginning("nominated", "提出选派", APPROVED),
    ),
    steps=(
        Step(
            "approved",
            "批准",
            "批准选派",
            (NOMINATED,),
            APPROVED,
            "assignment.approve",
            "primary",
            bars=(NOT_OWN,),
            guards=(_pairing_in_effect, _closed_for_counting),
            signs=("approved_by_person_id",),
            undo=UNDO_FOR,
            mend="如有不妥，可由机构办理提前结束。",
        ),
        Step(
            "rejected",
            "不批准",
            "不批准选派",
            (NOMINATED,),
            REJECTED,
            "assignment.approve",
            needs_reason=True,
            bars=(NOT_OWN,),
            undo=UNDO_FOR,
            mend="如有不妥，可由机构重新提名。",
        ),
        Step(
            "exception_granted",
            "批准资格例外",
            "批准资格例外",
            (NOMINATED, APPROVED),
            permission="assignment.except",
            needs_reason=True,
            bars=(NOT_OWN,),
            guards=(_closed_for_counting,),
            needless=(_lacks_qualification,),
            signs=("exception_by_person_id",),
            instead="未获批准的请由机构重新提名",
        ),
        Step(
            "withdrawn",
            "撤回提名",
            "撤回提名",
            (NOMINATED,),
            REJECTED,
            "assignment.write",
            guards=(_no_workdays,),
            instead="已批准的请办理提前结束",
        ),
        Step(
            "replaced",
            "由他人接替",
            "由他人接替",
            (APPROVED,),
            permission="assignment.write",
            needs_reason=True,
            guards=(_closed_for_shortening,),
            needless=(_is_running,),
        ),
        Step(
            "ended",
            "提前结束",
            "提前结束选派",
            (APPROVED,),
            permission="assignment.write",
            tone="danger",
            needs_reason=True,
            guards=(_closed_for_shortening,),
            needless=(_is_running,),
        ),
        Step("qualified", "复核资格", "复核后符合资格", tuple(AssignmentState)),
        Step("disqualified", "复核资格", "复核后不符合资格", tuple(AssignmentState)),
        Step("pairing_terminated", "随结对结束", "结对终止，选派随之结束", (NOMINATED, APPROVED)),
        Step(
            "never_began",
            "随结对撤销",
            "结对终止，选派不再开始",
            (NOMINATED, APPROVED),
            REJECTED,
        ),
        Step(
            "pairing_declined",
            "随结对撤销",
            "结对未成立，选派随之撤销",
            (NOMINATED, APPROVED),
            REJECTED,
        ),
    ),
)
