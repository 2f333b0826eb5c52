"""What has still to be done for a pairing before people can work, and by whom."""

from __future__ import annotations

import pytest

from models.types import PairingState, Side
from portal.pairings.life_rules import Need, Wait
from portal.pairings.step_rules import People, next_steps

ENOUGH = {Side.SENT: People(2, 0, 2), Side.RECEIVED: People(3, 0, 3)}


def steps(people=ENOUGH, *, state=PairingState.CONFIRMED, waits=(), is_over=False):
    return next_steps(state=state, waits=waits, people=people, is_over=is_over)


def test_nothing_is_to_be_done_where_everybody_is_there():
    assert steps() == []


def test_the_other_province_is_asked_to_confirm():
    (step,) = steps(waits=[Wait(Side.RECEIVED, Need.CONFIRMATION)])
    assert (step.verb, step.side, step.who) == ("confirm", Side.RECEIVED, "受援省民政部门")


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (People(0, 0, 2), [("nominate", "还差 2 人")]),
        (People(1, 0, 2), [("nominate", "已选派 1 人")]),
        (People(1, 1, 2), [("approve", "1 名援派人员待审批")]),
        (People(0, 1, 2), [("approve", "1 名"), ("nominate", "还差 1 人")]),
        (People(5, 0, 2), []),
    ],
)
def test_people_are_asked_for_and_approved(people, expected):
    found = steps({**ENOUGH, Side.SENT: people})
    assert [step.verb for step in found] == [verb for verb, _ in expected]
    assert all(words in step.sentence for step, (_, words) in zip(found, expected, strict=True))


def test_sent_people_are_approved_by_the_province_received_ones_by_the_county():
    people = {Side.SENT: People(2, 1, 2), Side.RECEIVED: People(3, 1, 3)}
    assert [step.who for step in steps(people)] == ["援派省民政部门", "受援县民政部门"]


def test_after_the_end_nobody_else_is_asked_for():
    people = {Side.SENT: People(0, 1, 2), Side.RECEIVED: People(0, 0, 3)}
    assert [step.verb for step in steps(people, is_over=True)] == ["approve"]


@pytest.mark.parametrize("state", [PairingState.TERMINATED, PairingState.DECLINED])
def test_a_pairing_at_its_end_asks_for_nothing(state):
    people = {Side.SENT: People(0, 1, 2), Side.RECEIVED: People(0, 0, 3)}
    assert steps(people, state=state) == []


def test_somebody_else_is_asked_for_an_exception():
    (step,) = steps(waits=[Wait(Side.SENT, Need.EXCEPTION)])
    assert "申请人本人不能批准" in step.sentence
    assert (step.verb, step.side, step.who) == (
        "except",
        Side.SENT,
        "援派省民政部门",
    )


def test_people_named_ahead_wait_for_the_confirmation_and_others_are_still_asked_for():
    people = {Side.SENT: People(0, 1, 2), Side.RECEIVED: People(3, 0, 3)}
    found = steps(people, waits=[Wait(Side.RECEIVED, Need.CONFIRMATION)])
    assert [step.verb for step in found] == ["confirm", "wait", "nominate"]
    assert "生效后方可审批" in found[1].sentence
