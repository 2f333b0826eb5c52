"""The month in which days are chosen: what stands on each date, and which can be ticked."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import DayKind, WorkdayState
from portal.calendar.rules import Calendar
from portal.programme.regime_rules import Period, Regime
from portal.workdays.month_rules import DateSpan, Entered, MonthToLog, in_words, lay_month

TODAY = date(2022, 11, 21)
TERM = DateSpan(date(2022, 1, 1), date(2022, 12, 31))
CALENDAR = Calendar(
    {date(2022, 10, 3): DayKind.HOLIDAY, date(2022, 10, 8): DayKind.MAKEUP}, frozenset({2022})
)
REGIME = Regime("token", [Period(1, date(2021, 1, 1))], [], [], CALENDAR)


def november(*entries: Entered, month: date = date(2022, 11, 1), terms=(TERM,)) -> MonthToLog:
    return lay_month(month, entries, regime=REGIME, terms=terms, today=TODAY)


def stands(day: date, *entries: Entered, **options):
    (cell,) = (one for one in november(*entries, **options).cells if one.day == day)
    return cell.is_open, cell.look.words if cell.look else "", cell.entry_id, cell.is_to_mend


def entered(state: WorkdayState, half_days: int = 2, number: int = 7) -> Entered:
    return Entered(number, date(2022, 11, 14), half_days, state)


DRAFT, SUBMITTED, CONFIRMED, APPROVED, RETURNED, _ = WorkdayState


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], (True, "", None, False)),
        ([entered(SUBMITTED)], (False, "待审", 7, False)),
        ([entered(CONFIRMED)], (False, "待审", 7, False)),
        ([entered(APPROVED)], (False, "已核准", 7, False)),
        ([entered(RETURNED)], (False, "退回", 7, True)),
        ([entered(DRAFT)], (False, "草稿", 7, True)),
        # What another wrote is looked at, not changed.
        ([entered(DRAFT)._replace(is_proposed=True)], (False, "代填", 7, False)),
        ([entered(CONFIRMED)._replace(is_disputed=True)], (False, "有异议", 7, False)),
        ([entered(RETURNED)._replace(is_disputed=True)], (False, "退回", 7, True)),
        ([entered(APPROVED, 1)._replace(is_disputed=True)], (True, "有异议", None, False)),
        # Of half a day the rest can be entered; what is to be mended comes first.
        ([entered(APPROVED, 1)], (True, "半天", None, False)),
        ([entered(RETURNED, 1)], (False, "退回", 7, True)),
        ([entered(APPROVED, 1), entered(DRAFT, 1, 8)], (False, "草稿", 8, True)),
        ([entered(APPROVED, 1), entered(SUBMITTED, 1, 8)], (False, "待审", 8, False)),
    ],
)
def test_what_stands_on_a_date(entries, expected):
    assert stands(date(2022, 11, 14), *entries) == expected


def test_what_lies_in_the_future_or_in_no_term_cannot_be_ticked():
    assert stands(date(2022, 11, 22)) == (False, "", None, False)
    term = DateSpan(date(2022, 11, 15), date(2022, 11, 16))
    opened = [one.day.day for one in november(terms=[term]).cells if one.is_open]
    assert opened == [15, 16]


def test_whole_weeks_are_shown_and_none_that_has_not_begun():
    days = [cell.day for cell in november().cells]
    assert (days[0], days[-1]) == (date(2022, 10, 31), date(2022, 11, 27))


@pytest.mark.parametrize(
    ("day", "mark", "is_late"),
    [
        (date(2022, 10, 3), "休", True),
        (date(2022, 10, 8), "班", True),
        (date(2022, 10, 9), "休", True),
        (date(2022, 10, 21), "", True),
        (date(2022, 10, 24), "", False),
    ],
)
def test_a_date_says_whether_it_is_a_rest_day_and_whether_it_is_late(day, mark, is_late):
    october = november(month=date(2022, 10, 1))
    (cell,) = (one for one in october.cells if one.day == day)
    assert (cell.mark, cell.is_late) == (mark, is_late)
    assert (october.has_late, november().has_late) == (True, False)


def test_the_months_before_and_after_end_with_the_term_and_with_today():
    assert (november().earlier, november().later) == (date(2022, 10, 1), None)
    january = november(month=date(2022, 1, 1))
    assert (january.earlier, january.later) == (None, date(2022, 2, 1))
    assert november(month=date(2022, 10, 1)).later == date(2022, 11, 1)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2022, 11, 14)], "11月14日"),
        ([date(2022, 11, 14), date(2022, 11, 15)], "11月14日至15日"),
        ([date(2022, 11, 14), date(2022, 11, 16)], "11月14日、11月16日"),
        ([date(2022, 10, 31), date(2022, 11, 1)], "10月31日至11月1日"),
    ],
)
def test_dates_are_named_as_spans(days, words):
    assert in_words(days) == words
