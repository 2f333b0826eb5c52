"""What only a file can do wrong, beside what the rooms' own rules say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import WorkdayState
from portal.refusals import Refusal

MOST_WAITING = 20
"""Files of one person that wait for their second click, over all accounts: whoever mends a file again
and again stays below, and the disk holds no more than this of anybody."""


class PairingSpan(NamedTuple):
    """A pairing of two organisations between two dates; ``where`` names it in a sentence."""

    where: str
    starts_on: date
    ends_on: date


def refusals_for_waiting(waiting: int) -> list[Refusal]:
    """Say why one more file is not taken in: so many of the person wait already."""
    if waiting < MOST_WAITING:
        return []
    sentence = (
        f"您已有 {waiting} 个文件上传后未导入（各账号合并计算），最多 {MOST_WAITING} 个。"
        "请先在“我的导入”中导入，或撤下不需要的；未导入的文件一天后自动清除。"
    )
    return [Refusal("file", "too_many_waiting", sentence)]


def unknown_pairing(code: str) -> Refusal:
    """Say that no pairing is meant for sure: unknown, out of reach or told apart by nobody."""
    return Refusal(
        "pairing",
        "unknown_pairing",
        f"没有找到结对编号“{code}”，或不在您的管辖范围内，或有几个结对的编号只差大小写、横线；"
        "请核对编号，或先建立结对。",
    )


def refusals_for_overlap(
    starts_on: date, ends_on: date, others: Iterable[PairingSpan]
) -> list[Refusal]:
    """Say why the same two organisations cannot be paired for this span once more."""
    clash = next(
        (one for one in others if one.starts_on <= ends_on and starts_on <= one.ends_on), None
    )
    if clash is None:
        return []
    return [
        Refusal(
            "starts_on",
            "overlap",
            f"这两家机构已有结对{clash.where}（{clash.starts_on} 至 {clash.ends_on}），期限重叠；"
            "请改在其结束之后开始，或先终止那一结对。",
        )
    ]


def standing_at_once(
    state: WorkdayState, *, is_operator: bool
) -> tuple[WorkdayState, WorkdayState | None]:
    """Return in which state a day comes in, and which one it claims until a second person agrees.

    What one person says that others decided is a claim; the operator of the server, who loads
    the records of the years before, is taken at the word.
    """
    if is_operator or state not in DECIDED:
        return state, None
    return WorkdayState.SUBMITTED, state


def refusals_for_state(
    state: WorkdayState, *, highest: WorkdayState, is_own: bool
) -> list[Refusal]:
    """Say why an actor may not bring a working day in, or not in this state.

    ``highest`` is the furthest state to which the actor may take the days of this pairing and
    person; ``is_own`` says that the day is the actor's own.
    """
    if is_own:
        return [
            Refusal(
                "person",
                "invalid_value",
                "本人的工作日志不能由本人批量导入，请在“工作日志”中填报，或由其他负责人导入。",
            )
        ]
    if IMPORTABLE.index(state) > IMPORTABLE.index(highest):
        return [
            Refusal(
                "state",
                "invalid_value",
                f"您最多可导入到“{highest.label}”，实际为“{state.label}”；请改为“{highest.label}”，"
                "之后的环节由有权限的人员办理。",
            )
        ]
    return []


IMPORTABLE: Sequence[WorkdayState] = (
    WorkdayState.DRAFT,
    WorkdayState.SUBMITTED,
    WorkdayState.CONFIRMED,
    WorkdayState.APPROVED,
)
"""The states in which a file may bring working days, from the first to the last."""

DECIDED = frozenset({WorkdayState.CONFIRMED, WorkdayState.APPROVED})
"""Those of them that somebody has decided on."""
