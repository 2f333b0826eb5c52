"""What has still to be done before people can work: confirm, except, nominate, approve. Pure.

What a year lacks after that (days, heads, the agreement) portal/compliance says, with its mends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.types import PairingState, Side
from portal.pairings.life_rules import JOINT_CLAUSE, ONE_TO_ONE_CLAUSE, Need, Wait

STAFFING_CLAUSE = "二(四)2"

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
    waits: Sequence[Wait],
    people: Mapping[Side, People],
) -> list[Step]:
    """Return what is still to be done, in the order of the work; nothing once it is at its end.

    Once the last day has passed (``is_over``) nobody else is asked for. While the pairing waits
    for a province (``waits``) nobody can be approved for it.
    """
    if state in (PairingState.TERMINATED, PairingState.DECLINED):
        return []
    steps = [_about_wait(wait) for wait in waits]
    for side in Side:
        steps += _about_people(side, people[side], is_over=is_over, is_blocked=bool(waits))
    return steps


def _about_wait(wait: Wait) -> Step:
    if wait.need == Need.CONFIRMATION:
        sentence = f"跨省结对由两省共同确定，还待{wait.who}确认。"
        return Step("confirm", wait.side, sentence, wait.who, JOINT_CLAUSE)
    sentence = f"{wait.side.label}机构在这些年度已有其他结对，已申请一对一例外，还待{wait.who}批准（申请人本人不能批准）。"
    return Step("except", wait.side, sentence, wait.who, ONE_TO_ONE_CLAUSE)


def _about_people(side: Side, people: People, *, is_over: bool, is_blocked: bool) -> list[Step]:
    steps = []
    if people.waiting:
        after = "；结对待确认，生效后方可审批" if is_blocked else ""
        steps.append(
            Step(
                "wait" if is_blocked else "approve",
                side,
                f"{people.waiting} 名{side.label}人员待审批{after}。",
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
