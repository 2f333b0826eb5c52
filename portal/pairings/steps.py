"""What has still to be done before people can work: confirm, nominate, approve. Pure.

What a year lacks after that (days, heads, the agreement) portal/compliance says, with its mends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.types import PairingState, Side

STAFFING_CLAUSE = "二(四)2"
JOINT_CLAUSE = "二(二)"

APPROVERS = {Side.SENT: "援派省民政部门", Side.RECEIVED: "受援县民政部门"}


class People(NamedTuple):
    """People of one side: approved, waiting for approval, and how many the plan asks for."""

    approved: int
    waiting: int
    need: int


class Step(NamedTuple):
    """One thing to do. ``verb`` names the deed that does it, ``side`` whose it is."""

    verb: str
    side: Side
    sentence: str
    who: str
    clause: str


def next_steps(
    *,
    state: PairingState,
    is_over: bool,
    waiting: Side | None,
    people: Mapping[Side, People],
) -> list[Step]:
    """Return what is still to be done, in the order of the work; nothing once it is terminated.

    Once the last day has passed (``is_over``) nobody else is asked for.
    """
    if state == PairingState.TERMINATED:
        return []
    steps = []
    if waiting is not None:
        who = f"{waiting.label}省民政部门"
        steps.append(
            Step("confirm", waiting, f"跨省结对由两省共同确定，还待{who}确认。", who, JOINT_CLAUSE)
        )
    for side in Side:
        steps += _about_people(side, people[side], is_over=is_over)
    return steps


def _about_people(side: Side, people: People, *, is_over: bool) -> list[Step]:
    steps = []
    if people.waiting:
        steps.append(
            Step(
                "approve",
                side,
                f"{people.waiting} 名{side.label}人员待审批。",
                APPROVERS[side],
                STAFFING_CLAUSE,
            )
        )
    missing = people.need - people.approved - people.waiting
    if missing > 0 and not is_over:
        steps.append(
            Step(
                "nominate",
                side,
                f"{side.label}人员已选派 {people.approved + people.waiting} 人，"
                f"应不少于 {people.need} 人，还差 {missing} 人。",
                f"{side.label}机构",
                STAFFING_CLAUSE,
            )
        )
    return steps
