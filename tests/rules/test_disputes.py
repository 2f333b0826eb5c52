"""Until when a day may be disputed: working days after it was handed in; then silence was consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.types import DayKind, WorkdayState
from portal.calendar.rules import Calendar
from portal.disputes.rules import (
    HandedIn,
    first_day_to_dispute,
    is_consented,
    last_day_to_dispute,
    refusals_for_late_disputes,
)

# The National Day of 2022: the first week of October off, the 8th and 9th worked.
CALENDAR = Calendar(
    {
        **{date(2022, 10, day): DayKind.HOLIDAY for day in range(3, 8)},
        date(2022, 10, 8): DayKind.MAKEUP,
        date(2022, 10, 9): DayKind.MAKEUP,
    },
    frozenset({2022}),
)


@pytest.mark.parametrize(
    ("handed_in_on", "days", "last"),
    [
        (date(2022, 11, 14), 10, date(2022, 11, 28)),
        (date(2022, 11, 14), 0, date(2022, 11, 14)),
        (date(2022, 11, 19), 1, date(2022, 11, 21)),
        (date(2022, 9, 30), 3, date(2022, 10, 10)),
    ],
)
def test_counts_working_days_after_the_day_on_which_it_was_handed_in(handed_in_on, days, last):
    assert last_day_to_dispute(handed_in_on, days, CALENDAR) == last


@pytest.mark.parametrize("days", [0, 1, 3, 10])
def test_looks_back_as_far_as_a_day_can_be_disputed(days):
    today = date(2022, 10, 12)
    first = first_day_to_dispute(today, days, CALENDAR)
    for number in range(40):
        handed_in_on = today - timedelta(days=number)
        if last_day_to_dispute(handed_in_on, days, CALENDAR) >= today:
            assert handed_in_on >= first
    assert last_day_to_dispute(first - timedelta(days=1), days, CALENDAR) < today


@pytest.mark.parametrize(
    ("state", "today", "agreed"),
    [
        (WorkdayState.APPROVED, date(2022, 11, 28), False),
        (WorkdayState.APPROVED, date(2022, 11, 29), True),
        (WorkdayState.SUBMITTED, date(2023, 11, 29), False),
        (WorkdayState.CONFIRMED, date(2023, 11, 29), False),
    ],
)
def test_silence_is_consent_of_what_is_approved(state, today, agreed):
    day = HandedIn("演示甲 2022-11-14", state, date(2022, 11, 14), 10)
    assert is_consented(day, today=today, calendar=CALENDAR) is agreed
    refusals = refusals_for_late_disputes([day], today=today, calendar=CALENDAR)
    assert [one.code for one in refusals] == ["consented"] * agreed
    if agreed:
        assert "异议期到 2022-11-28 止（提交后 10 个工作日）" in refusals[0].sentence
