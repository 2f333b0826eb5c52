"""How a pairing stands on a day, whom it waits for, what it may be used for. Pure.

Proposed → confirmed by every province concerned → terminated, or declined before (二(二), decision
B42). A second partner is asked for, and somebody else of the province of that side decides (B14).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import Enum
from typing import NamedTuple

from models.types import Labelled, Mode, PairingState, Side
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.refusals import Refusal

CONFIRMED = {
    Side.SENT: "confirmed_by_sending_side",
    Side.RECEIVED: "confirmed_by_receiving_side",
}
"""The kind of decision by which the province of a side takes part (二(二): both act jointly)."""

JOINT_CLAUSE = "二(二)"
ONE_TO_ONE_CLAUSE = "二(一)"


class Standing(Labelled):
    """How a pairing stands on a day: what was decided on it, and its two dates."""

    WAITING = "waiting", "待确认"
    COMING = "coming", "待开始"
    RUNNING = "active", "结对中"
    EXPIRED = "expired", "已期满"
    TERMINATED = "terminated", "已终止"
    DECLINED = "declined", "未成立"


DECIDED = {
    PairingState.PROPOSED: Standing.WAITING,
    PairingState.DECLINED: Standing.DECLINED,
    PairingState.TERMINATED: Standing.TERMINATED,
}
"""The states that say by themselves how a pairing stands, whatever day it is."""


def standing_on(day: date, state: PairingState, starts_on: date, ends_on: date) -> Standing:
    """Say how a pairing stands on a day (its SQL: portal/pairings/list_queries.py, ``stands_as``)."""
    if state in DECIDED:
        return DECIDED[state]
    if day < starts_on:
        return Standing.COMING
    return Standing.RUNNING if day <= ends_on else Standing.EXPIRED


class Need(Enum):
    """What a province has still to say; the value is the words for it."""

    CONFIRMATION = "确认结对"
    EXCEPTION = "批准一对一例外"


class Wait(NamedTuple):
    """One thing that a proposed pairing waits for, from the province of a side."""

    side: Side
    need: Need

    @property
    def who(self) -> str:
        return f"{self.side.label}省民政部门"


def waits_of(
    mode: Mode, state: PairingState, confirmed: Collection[Side], asked: Collection[Side]
) -> tuple[Wait, ...]:
    """Return what a pairing waits for; ``asked`` are the sides with an undecided exception."""
    if state != PairingState.PROPOSED:
        return ()
    confirming = Side if mode == Mode.CROSS_PROVINCE else ()
    return (
        *(Wait(side, Need.CONFIRMATION) for side in confirming if side not in confirmed),
        *(Wait(side, Need.EXCEPTION) for side in Side if side in asked),
    )


class PairingLife(NamedTuple):
    """A pairing as far as its use asks. ``waits`` is empty unless it is proposed."""

    code: str
    state: PairingState
    is_confirmed: bool
    waits: tuple[Wait, ...] = ()


class Use(Enum):
    """What a pairing is used for; the value is the words for it."""

    NOMINATE = "提名人员"
    APPROVE = "批准选派"
    LOG = "填报或提交工作日志"
    DECIDE = "确认或核准工作日志"
    AGREE = "登记帮扶协议"
    COUNT = "计入工作日"
    FUND = "安排或使用资金"


BEFORE_CONFIRMATION = frozenset({Use.NOMINATE})
"""What a proposed pairing may be used for (B42): people are named ahead, nothing takes effect."""


def refusals_for_use(use: Use, life: PairingLife, field: str = "") -> list[Refusal]:
    """Say why a pairing may not be used for this, with whom it waits and what mends it."""
    if life.is_confirmed or (life.state == PairingState.PROPOSED and use in BEFORE_CONFIRMATION):
        return []
    sentence = {
        PairingState.PROPOSED: f"结对 {life.code} 待确认，不能{use.value}：{sentence_on(life.waits)}",
        PairingState.DECLINED: f"结对 {life.code} 未成立（未获同意或已撤回），不能{use.value}；"
        "如仍需结对，请省级民政部门重新建立。",
        PairingState.TERMINATED: f"结对 {life.code} 在确认之前已终止，不能{use.value}；"
        "如仍需结对，请省级民政部门重新建立。",
    }[life.state]
    return [Refusal(field, "not_confirmed", sentence)]


def sentence_on(waits: Collection[Wait]) -> str:
    """Say for whom a proposed pairing waits, and where the click stands."""
    listed = "、".join(f"{wait.who}{wait.need.value}" for wait in waits)
    return f"还待{listed}（{JOINT_CLAUSE}），请其在结对页面“下一步”中办理，之后即生效。"


def sentence_after(life: PairingLife) -> str:
    """Say how a pairing stands after one of those whom it waited for has said yes."""
    return sentence_on(life.waits) if life.waits else "结对自现在起生效。"


def acting_provinces(actor: Actor) -> frozenset[str] | None:
    """Return the provinces for which an actor makes pairings; None stands for all."""
    if actor.is_operator:
        return None
    reaches = actor.reaches("pairing.write")
    if any(reach == Reach.NATION or grant.scope_code == "CN" for reach, grant in reaches):
        return None
    return frozenset(grant.scope_code for _, grant in reaches)


def sides_of(
    acting: Collection[str] | None, sending_province_code: str, receiving_province_code: str
) -> list[Side]:
    """Return the sides for which an office acts; of the operator none, who confirms nothing."""
    provinces = {Side.SENT: sending_province_code, Side.RECEIVED: receiving_province_code}
    return [side for side, code in provinces.items() if acting is not None and code in acting]
