"""What has still to be done for a pairing before people can work, and by whom."""

from __future__ import annotations

import pytest

from models.types import PairingState, Side
from portal.pairings.steps import People, next_steps

ENOUGH = {Side.SENT: People(2, 0, 2), Side.RECEIVED: People(3, 0, 3)}


def steps(people=ENOUGH, *, state=PairingState.ACTIVE, waiting=None, is_over=False):
    return next_steps(state=state, waiting=waiting, people=people, is_over=is_over)


def test_nothing_is_to_be_done_where_everybody_is_there():
    assert steps() == []


def test_the_other_province_is_asked_to_confirm():
    (step,) = steps(waiting=Side.RECEIVED)
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


def test_a_terminated_pairing_asks_for_nothing():
    people = {Side.SENT: People(0, 1, 2), Side.RECEIVED: People(0, 0, 3)}
    assert steps(people, state=PairingState.TERMINATED, waiting=Side.SENT) == []
