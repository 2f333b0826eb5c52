"""Which entries of a queue are ordinary, and why the others are not; what a return says."""

from __future__ import annotations

import pytest

from portal.confirmations.rules import (
    STOCK_REASONS,
    Attention,
    Traits,
    attention,
    reason_of_return,
)

ORDINARY = Traits(half_days=2)


def said(**traits: object) -> list[str]:
    return [one.value for one in attention(ORDINARY._replace(**traits), backfill_days=30)]


def test_a_whole_working_day_logged_in_time_is_ordinary():
    assert said() == []
    assert said(lag_days=30) == []


@pytest.mark.parametrize(
    ("traits", "reason"),
    [
        ({"is_rest_day": True}, "rest_day"),
        ({"lag_days": 31}, "late"),
        ({"half_days": 1}, "half_day"),
        ({"has_same_text": True}, "same_text"),
        ({"is_in_two_counties": True}, "two_counties"),
        ({"is_correction": True}, "correction"),
        ({"is_barred": True}, "not_yours"),
        ({"is_in_effect": False}, "not_in_effect"),
        ({"is_disputed": True}, "disputed"),
    ],
)
def test_says_why_an_entry_needs_attention(traits, reason):
    assert said(**traits) == [reason]


def test_every_reason_can_be_given():
    all_at_once = {
        **ORDINARY._asdict(),
        "half_days": 1,
        "lag_days": 99,
        "is_in_effect": False,
        "is_disputed": True,
        **dict.fromkeys(("is_barred", "is_in_two_counties", "is_rest_day", "has_same_text"), True),
    }
    given = set(attention(Traits(**all_at_once), backfill_days=30))
    assert given | {Attention.CORRECTION} == set(Attention)


def test_a_correction_is_late_and_partial_by_its_nature():
    assert said(is_correction=True, lag_days=99, half_days=0, has_same_text=True) == ["correction"]


def test_the_number_of_days_is_that_of_the_policy():
    assert attention(ORDINARY._replace(lag_days=8), backfill_days=7) == (Attention.LATE,)


def test_a_return_says_the_stock_reasons_and_then_the_own_words():
    first, second = STOCK_REASONS[0], STOCK_REASONS[2]
    found = reason_of_return([second[0], first[0]], "另请附照片。")
    assert found == f"{first[1]}{second[1]}另请附照片。"
    assert reason_of_return([], " \u200b") == ""
    assert reason_of_return(["no such reason"], None) == ""
