"""What the person may do with an entry, as its life says it."""

from __future__ import annotations

import pytest

from models.types import WorkdayState
from portal.procedures.offer_rules import offers
from portal.procedures.rules import refusals_for_step
from portal.workdays.life_rules import LIFE, DayFacts

WORKER = 1
DAY = DayFacts("2022-11-21", WorkdayState.DRAFT, WORKER, WORKER, None, 2022)


def codes(verb, facts, reason=None):
    found = refusals_for_step(LIFE, LIFE.step(verb), facts, person_id=WORKER, reason=reason)
    return [(one.field, one.code) for one in found]


@pytest.mark.parametrize("state", WorkdayState)
def test_only_drafts_and_returned_entries_may_be_changed(state):
    found = codes("edited", DAY._replace(state=state))
    assert bool(found) == (state not in (WorkdayState.DRAFT, WorkdayState.RETURNED))


@pytest.mark.parametrize("state", WorkdayState)
def test_only_approved_entries_are_corrected(state):
    found = codes("corrected", DAY._replace(state=state), "日期填错")
    assert bool(found) == (state != WorkdayState.APPROVED)


def test_a_second_correction_waits_for_the_first():
    facts = DAY._replace(state=WorkdayState.APPROVED, has_open_correction=True)
    assert codes("corrected", facts, "日期填错") == [("", "wrong_state")]
    assert codes("corrected", facts._replace(has_open_correction=False), " ") == [
        ("reason", "missing_value")
    ]


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (WorkdayState.DRAFT, ["submitted", "edited", "deleted"]),
        (WorkdayState.SUBMITTED, ["recalled"]),
        (WorkdayState.CONFIRMED, []),
        (WorkdayState.APPROVED, ["corrected"]),
        (WorkdayState.RETURNED, ["edited", "resubmitted", "given_up"]),
        (WorkdayState.SUPERSEDED, []),
    ],
)
def test_the_person_is_offered_what_the_state_allows(state, verbs):
    found = offers(LIFE, DAY._replace(state=state), person_id=WORKER, permissions=["workday.write"])
    assert [one.verb for one in found if not one.off] == verbs
