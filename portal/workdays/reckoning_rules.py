"""Why a day counts, or not yet: every obstacle with its clause and who can take it away. Pure.

The totals say the same of all days at once, in SQL (portal/totals/queries.py: standing_under);
tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from models.types import AssignmentState, Hold, Side, WorkdayState, WorkMode
from portal.pairings.life_rules import JOINT_CLAUSE, PairingLife, Use, refusals_for_use
from portal.programme.policy import BY_KEY, PLAN, Policy

NOT_QUALIFIED = {
    Side.SENT: "本人尚未达到援派人员的证书或服务年限要求，工作日暂不计入；补登证书或起始日期，"
    "或由援派省级民政部门批准例外后自动计入。",
    Side.RECEIVED: "按现行口径，本人尚不算接受帮扶的社会工作专业人才，工作日暂不计入；"
    "补登证书或从事社会工作起始日期后自动计入。",
}
QUALIFICATION_TEXT = "派出人员应取得全国社会工作师职业水平证书，且直接从事社会工作服务2年以上。"
TASK_CLAUSE = BY_KEY["received_requires_task"].clause


class Mend(Enum):
    """What takes an obstacle away: a verb of the person, or somebody else's turn."""

    SUBMIT = "submit"
    EDIT = "edit"
    CORRECT = "correct"
    CONFIRM = "confirm"
    APPROVE = "approve"
    ASSIGNMENT = "assignment"
    CERTIFICATE = "certificate"
    NONE = "none"


class Facts(NamedTuple):
    """A day as far as its reckoning asks."""

    state: WorkdayState
    side: Side
    mode: WorkMode
    half_days: int
    worth_centidays: int
    hold: Hold | None
    is_rest_day: bool
    is_correction: bool
    assignment_state: AssignmentState
    is_qualified: bool
    life: PairingLife


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands between a day and the totals."""

    code: str
    message: str
    clause: str
    mend: Mend
    clause_text: str | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Whether a day counts (in hundredths of a day), or waits, and what is in its way."""

    counts: bool
    waits: bool
    worth_centidays: int
    obstacles: tuple[Obstacle, ...]


def reckoning_of(facts: Facts, policy: Policy) -> Reckoning:
    """Say how a day stands under the policy by which its year is judged."""
    decided = _is_decided(facts, policy)
    obstacles = (*_about_the_way(facts, policy), *_about_the_day(facts, policy))
    is_eligible = facts.assignment_state == AssignmentState.APPROVED and facts.is_qualified
    counts = decided and facts.hold is None and is_eligible and facts.life.is_confirmed
    on_its_way = facts.state in (WorkdayState.SUBMITTED, WorkdayState.CONFIRMED)
    waits = not counts and (decided or (on_its_way and not facts.is_correction))
    return Reckoning(counts, waits, facts.worth_centidays, obstacles)


def _is_decided(facts: Facts, policy: Policy) -> bool:
    if facts.state == WorkdayState.APPROVED:
        return True
    return (
        policy["counts_from"] == "confirmed"
        and facts.state == WorkdayState.CONFIRMED
        and not facts.is_correction
        and (policy["offday"] == "always" or not facts.is_rest_day)
    )


def _about_the_way(facts: Facts, policy: Policy) -> Iterator[Obstacle]:
    """Say at which step an entry stands, unless it has passed them all."""
    if facts.state == WorkdayState.SUPERSEDED or _is_decided(facts, policy):
        return
    parameter = BY_KEY["counts_from"]
    needed = "机构确认" if policy["counts_from"] == "confirmed" else "机构确认、县级核准"
    if facts.is_rest_day:
        needed = "机构确认、县级核准"
    step = {
        WorkdayState.DRAFT: ("not_submitted", "这是草稿，尚未提交", Mend.SUBMIT),
        WorkdayState.RETURNED: ("returned", "已退回，请按原因修改后重新提交", Mend.EDIT),
        WorkdayState.SUBMITTED: ("not_confirmed", "等待本机构负责人确认", Mend.CONFIRM),
        WorkdayState.CONFIRMED: ("not_approved", "机构已确认，等待县级核准", Mend.APPROVE),
    }[facts.state]
    code, words, mend = step
    subject = "更正经" if facts.is_correction else "工作日经"
    after = "后取代原条目，此前原条目继续有效。" if facts.is_correction else "后计入。"
    yield Obstacle(code, f"{words}。{subject}{needed}{after}", parameter.clause, mend)


def _about_the_day(facts: Facts, policy: Policy) -> Iterator[Obstacle]:
    """Say what holds a day back whatever step it has reached."""
    if facts.state == WorkdayState.SUPERSEDED:
        return
    for refusal in refusals_for_use(Use.COUNT, facts.life):
        yield Obstacle("pairing_not_confirmed", refusal.sentence, JOINT_CLAUSE, Mend.NONE)
    if facts.assignment_state != AssignmentState.APPROVED:
        yield Obstacle(
            "assignment_not_approved",
            f"本人的选派目前为“{facts.assignment_state.label}”，批准后工作日才计入。",
            PLAN,
            Mend.ASSIGNMENT,
        )
    elif not facts.is_qualified:
        yield Obstacle(
            "not_qualified", NOT_QUALIFIED[facts.side], PLAN, Mend.CERTIFICATE, QUALIFICATION_TEXT
        )
    if facts.hold == Hold.NO_TASK and facts.half_days:
        yield Obstacle(
            "no_task",
            "受援人员的工作日须标注四项帮扶任务之一才计入。",
            TASK_CLAUSE,
            Mend.CORRECT if facts.state == WorkdayState.APPROVED else Mend.EDIT,
        )
    if facts.half_days and not facts.worth_centidays:
        yield _worthless(facts, policy)


def _worthless(facts: Facts, policy: Policy) -> Obstacle:
    if policy.weight(facts.side, facts.mode) == 0:
        parameter = BY_KEY[f"weight_{facts.side.value}_{facts.mode.value}"]
        words = f"按现行口径，{facts.side.label}人员的“{facts.mode.label}”折算为 0 天。"
    else:
        parameter, words = BY_KEY["offday"], "按现行口径，休息日的工作不计入。"
    return Obstacle("worth_nothing", words, parameter.clause, Mend.NONE)
