"""What may be logged, and what a day is worth."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.types import AssignmentState, Hold, PairingState, Side, Task, WorkdayState, WorkMode
from portal.pairings.life_rules import PairingLife
from portal.procedures.rules import MAX_REASON, refusals_for_reason
from portal.programme.policy import DEFAULT_POLICY, Policy
from portal.refusals import Refusal
from portal.workdays import rules
from portal.workdays.rules import Entry, PairingFacts, Term, Year

TODAY = date(2022, 11, 21)
PAIRING = PairingFacts(
    PairingLife("P1", PairingState.CONFIRMED, is_confirmed=True),
    date(2022, 1, 1),
    date(2025, 12, 31),
    "640303",
)
TERM = Term(1, Side.SENT, date(2022, 2, 1), date(2022, 12, 31), AssignmentState.APPROVED)
YEAR = Year(2022, date(2022, 1, 1), date(2022, 12, 31), is_closed=False)
ENTRY = Entry(TODAY, 2, WorkMode.ONSITE, Task.T1, "640303100", "走访困难家庭", None)


def policy(**values: Any) -> Policy:
    return Policy({**DEFAULT_POLICY.values, **values})


def refusals(entry: Entry = ENTRY, **facts: Any) -> list[Refusal]:
    asked: dict[str, Any] = {
        "pairing": PAIRING,
        "terms": [TERM],
        "year": YEAR,
        "taken_half_days": 0,
        "policy": DEFAULT_POLICY,
        "today": TODAY,
    }
    return rules.refusals_for_workday(entry, **{**asked, **facts})


def codes(found: list[Refusal]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in found]


def test_accepts_a_day_that_is_in_order():
    assert refusals() == []


@pytest.mark.parametrize(
    ("entry", "facts", "expected"),
    [
        (ENTRY._replace(worked_on=date(2022, 11, 22)), {}, [("worked_on", "future_date")]),
        (ENTRY, {"year": None}, [("worked_on", "outside_work_year")]),
        (ENTRY, {"year": YEAR._replace(is_closed=True)}, [("worked_on", "closed_year")]),
        (ENTRY, {"terms": []}, [("person", "not_assigned")]),
        (
            ENTRY,
            {"terms": [TERM._replace(state=AssignmentState.REJECTED)]},
            [("worked_on", "outside_assignment")],
        ),
        (
            ENTRY,
            {"terms": [TERM._replace(ends_on=date(2022, 11, 20))]},
            [("worked_on", "outside_assignment")],
        ),
        (
            ENTRY,
            {"pairing": PAIRING._replace(ends_on=date(2022, 11, 20))},
            [("worked_on", "outside_assignment")],
        ),
        (ENTRY._replace(half_days=3), {}, [("days", "invalid_days")]),
        (ENTRY._replace(half_days=0), {}, [("days", "invalid_days")]),
        (ENTRY._replace(half_days=1), {"policy": policy(day_step=1)}, [("days", "invalid_days")]),
        (ENTRY, {"taken_half_days": 1}, [("days", "over_one_day")]),
        (ENTRY._replace(half_days=1), {"taken_half_days": 2}, [("days", "over_one_day")]),
        (ENTRY._replace(description="字" * 2001), {}, [("description", "text_too_long")]),
        (ENTRY._replace(township_code="640324100"), {}, [("township", "invalid_value")]),
        (ENTRY._replace(worked_on=date(2022, 10, 21)), {}, [("late_reason", "missing_late_reason")]),
        (
            ENTRY._replace(worked_on=date(2022, 10, 21), late_reason="  "),
            {},
            [("late_reason", "missing_late_reason")],
        ),
        (
            ENTRY._replace(half_days=3, township_code="110101001", worked_on=date(2022, 11, 30)),
            {},
            [("worked_on", "future_date"), ("days", "invalid_days"), ("township", "invalid_value")],
        ),
    ],
)  # fmt: skip
def test_refuses_with_the_field_and_the_code_of_every_obstacle(entry, facts, expected):
    assert codes(refusals(entry, **facts)) == expected


@pytest.mark.parametrize(
    ("entry", "facts"),
    [
        (ENTRY._replace(half_days=1), {"taken_half_days": 1}),
        (ENTRY._replace(description="字" * 2000), {}),
        (ENTRY._replace(township_code=None, task=None), {}),
        (ENTRY._replace(worked_on=date(2022, 10, 22)), {}),
        (ENTRY._replace(worked_on=date(2022, 10, 21), late_reason="山路中断，无网络"), {}),
        (ENTRY, {"terms": [TERM._replace(state=AssignmentState.NOMINATED)]}),
        (ENTRY._replace(worked_on=TERM.starts_on, late_reason="补录"), {}),
        (ENTRY, {"terms": [TERM._replace(ends_on=TODAY)]}),
    ],
)
def test_accepts_what_stands_just_inside_a_limit(entry, facts):
    assert refusals(entry, **facts) == []


def test_a_correction_may_strike_a_day_out_and_needs_no_reason_for_being_late():
    entry = ENTRY._replace(worked_on=date(2022, 3, 1), half_days=0)
    assert refusals(entry, is_correction=True, taken_half_days=1) == []


def test_a_correction_still_may_not_exceed_one_day():
    found = refusals(ENTRY, is_correction=True, taken_half_days=1)
    assert codes(found) == [("days", "over_one_day")]


def test_the_sentence_says_what_is_there_and_what_is_needed():
    (refusal,) = refusals(ENTRY, taken_half_days=1)
    assert "已登记 0.5 天" in refusal.sentence
    assert "每人每日 1 天" in refusal.sentence


def test_of_two_terms_that_cover_a_date_the_approved_one_is_taken():
    waiting = TERM._replace(id=2, state=AssignmentState.NOMINATED)
    rejected = TERM._replace(id=3, state=AssignmentState.REJECTED)
    assert rules.term_on([rejected, waiting, TERM], TODAY) == TERM
    assert rules.term_on([rejected, waiting], TODAY) == waiting
    assert rules.term_on([rejected], TODAY) is None


@pytest.mark.parametrize(
    ("facts", "values", "expected"),
    [
        ({}, {}, (100, None)),
        ({"half_days": 1}, {}, (50, None)),
        ({"half_days": 0}, {}, (0, None)),
        ({"mode": WorkMode.ONLINE}, {}, (100, None)),
        ({"mode": WorkMode.TRAVEL}, {}, (0, None)),
        ({"mode": WorkMode.EXCHANGE}, {}, (0, None)),
        ({"mode": WorkMode.EXCHANGE, "side": Side.RECEIVED}, {}, (100, None)),
        ({"mode": WorkMode.ONLINE}, {"weight_sent_online": 0.5}, (50, None)),
        ({"mode": WorkMode.ONLINE, "half_days": 1}, {"weight_sent_online": 0.5}, (25, None)),
        ({"is_rest_day": True}, {}, (100, None)),
        ({"is_rest_day": True}, {"offday": "never"}, (0, None)),
        ({"is_rest_day": True}, {"offday": "always"}, (100, None)),
        ({"task": None}, {}, (100, None)),
        ({"task": None, "side": Side.RECEIVED}, {}, (100, Hold.NO_TASK)),
        ({"task": None, "side": Side.RECEIVED}, {"received_requires_task": False}, (100, None)),
    ],
)
def test_a_day_is_worth_what_the_policy_says(facts, values, expected):
    asked: dict[str, Any] = {
        "half_days": 2,
        "side": Side.SENT,
        "mode": WorkMode.ONSITE,
        "task": Task.T1,
        "is_rest_day": False,
    }
    assert rules.value_of(**{**asked, **facts}, policy=policy(**values)) == expected


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_return_needs_a_reason(reason):
    assert codes(refusals_for_reason(reason, "退回")) == [("reason", "missing_value")]


def test_a_reason_has_a_length():
    assert refusals_for_reason("原" * MAX_REASON, "退回") == []
    assert codes(refusals_for_reason("原" * (MAX_REASON + 1), "退回")) == [
        ("reason", "text_too_long")
    ]


@pytest.mark.parametrize("state", WorkdayState)
def test_only_drafts_and_returned_entries_may_be_changed(state):
    found = rules.refusals_for_change(state, "修改")
    assert bool(found) == (state not in (WorkdayState.DRAFT, WorkdayState.RETURNED))
