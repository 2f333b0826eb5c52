"""Why a day counts or not yet: each obstacle by itself, and the same answer as the totals' SQL."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from models.types import AssignmentState, Hold, PairingState, Side, WorkdayState, WorkMode
from portal.pairings.life_rules import Need, PairingLife, Wait
from portal.programme.policy import DEFAULT_POLICY, Policy
from portal.workdays.reckoning_rules import Facts, Mend, reckoning_of

COUNTED = Facts(
    state=WorkdayState.APPROVED,
    side=Side.SENT,
    mode=WorkMode.ONSITE,
    half_days=2,
    worth_centidays=100,
    hold=None,
    is_rest_day=False,
    is_correction=False,
    assignment_state=AssignmentState.APPROVED,
    is_qualified=True,
    life=PairingLife("P1", PairingState.CONFIRMED, is_confirmed=True),
)
PROPOSED = PairingLife(
    "P1",
    PairingState.PROPOSED,
    is_confirmed=False,
    waits=(Wait(Side.RECEIVED, Need.CONFIRMATION),),
)
EARLY = {"counts_from": "confirmed"}


def policy(**values: Any) -> Policy:
    return Policy({**DEFAULT_POLICY.values, **values})


def test_an_approved_day_of_a_qualified_person_counts():
    reckoning = reckoning_of(COUNTED, DEFAULT_POLICY)
    assert (reckoning.counts, reckoning.waits, reckoning.obstacles) == (True, False, ())


@pytest.mark.parametrize(
    ("changes", "values", "code", "mend", "waits"),
    [
        ({"state": WorkdayState.DRAFT}, {}, "not_submitted", Mend.SUBMIT, False),
        ({"state": WorkdayState.RETURNED}, {}, "returned", Mend.EDIT, False),
        ({"state": WorkdayState.SUBMITTED}, {}, "not_confirmed", Mend.CONFIRM, True),
        ({"state": WorkdayState.CONFIRMED}, {}, "not_approved", Mend.APPROVE, True),
        (
            {"state": WorkdayState.CONFIRMED, "is_rest_day": True},
            EARLY,
            "not_approved",
            Mend.APPROVE,
            True,
        ),
        (
            {"state": WorkdayState.SUBMITTED, "is_correction": True},
            {},
            "not_confirmed",
            Mend.CONFIRM,
            False,
        ),
        (
            {"assignment_state": AssignmentState.NOMINATED},
            {},
            "assignment_not_approved",
            Mend.ASSIGNMENT,
            True,
        ),
        ({"life": PROPOSED}, {}, "pairing_not_confirmed", Mend.NONE, True),
        ({"is_qualified": False}, {}, "not_qualified", Mend.CERTIFICATE, True),
        (
            {"side": Side.RECEIVED, "is_qualified": False},
            {},
            "not_qualified",
            Mend.CERTIFICATE,
            True,
        ),
        ({"side": Side.RECEIVED, "hold": Hold.NO_TASK}, {}, "no_task", Mend.CORRECT, True),
        ({"mode": WorkMode.TRAVEL, "worth_centidays": 0}, {}, "worth_nothing", Mend.NONE, False),
        (
            {"is_rest_day": True, "worth_centidays": 0},
            {"offday": "never"},
            "worth_nothing",
            Mend.NONE,
            False,
        ),
    ],
)
def test_each_obstacle_has_a_clause_and_somebody_who_can_mend_it(
    changes, values, code, mend, waits
):
    reckoning = reckoning_of(COUNTED._replace(**changes), policy(**values))
    (obstacle,) = reckoning.obstacles
    assert (obstacle.code, obstacle.mend) == (code, mend)
    assert obstacle.clause
    assert reckoning.waits == waits


@pytest.mark.parametrize(
    ("changes", "values"),
    [
        ({"side": Side.RECEIVED}, {}),
        ({"is_rest_day": True}, {}),
        ({"state": WorkdayState.CONFIRMED}, EARLY),
        ({"state": WorkdayState.CONFIRMED, "is_rest_day": True}, {**EARLY, "offday": "always"}),
    ],
)
def test_counts_without_obstacle(changes, values):
    reckoning = reckoning_of(COUNTED._replace(**changes), policy(**values))
    assert (reckoning.counts, reckoning.obstacles) == (True, ())


def test_a_superseded_day_has_no_obstacle_to_mend():
    reckoning = reckoning_of(COUNTED._replace(state=WorkdayState.SUPERSEDED), DEFAULT_POLICY)
    assert (reckoning.counts, reckoning.waits, reckoning.obstacles) == (False, False, ())


def test_a_received_day_without_a_task_is_mended_by_editing_while_it_is_open():
    facts = COUNTED._replace(side=Side.RECEIVED, hold=Hold.NO_TASK, state=WorkdayState.RETURNED)
    mends = [one.mend for one in reckoning_of(facts, DEFAULT_POLICY).obstacles]
    assert mends == [Mend.EDIT, Mend.EDIT]


def test_a_day_counts_exactly_if_nothing_worth_naming_stands_in_its_way():
    """Every combination of facts: no obstacle means that it counts, and the other way round."""
    for state, side, rest, qualified, assigned, early in itertools.product(
        WorkdayState, Side, (False, True), (False, True), AssignmentState, (False, True)
    ):
        facts = COUNTED._replace(
            state=state,
            side=side,
            is_rest_day=rest,
            is_qualified=qualified,
            assignment_state=assigned,
        )
        reckoning = reckoning_of(facts, policy(**(EARLY if early else {})))
        if state != WorkdayState.SUPERSEDED:
            assert reckoning.counts == (not reckoning.obstacles), facts
        assert not (reckoning.counts and reckoning.waits)
