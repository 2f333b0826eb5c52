"""Ages in words, the year as a picture: tables, no database."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import DayKind, Role, WorkdayState
from portal.calendar.rules import Calendar
from portal.home.heat_map_rules import CELL, DayEntry, MonthDays, heat_map
from portal.home.rules import (
    READER,
    age_in_words,
    note_of,
    what_comes_next,
)

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2022, 11, 21), "今天"),
        (date(2022, 11, 22), "今天"),
        (date(2022, 11, 20), "昨天"),
        (date(2022, 11, 15), "6 天前"),
    ],
)
def test_an_age_is_said_in_days(since: date, words: str):
    assert age_in_words(since, date(2022, 11, 21)) == words


def test_one_thing_has_its_age_and_several_the_age_of_the_oldest():
    today, oldest = date(2022, 11, 21), date(2022, 11, 15)
    assert note_of(["甲 11月14日"], oldest, today, count=1) == "甲 11月14日，6 天前"
    assert note_of(["甲 11月14日"], oldest, today, count=3) == "最近：甲 11月14日；最早 6 天前"
    assert note_of(["甲 11月14日"], today, today, count=3) == "最近：甲 11月14日；都是今天的"


def test_several_that_are_told_have_a_line_each_and_the_rest_a_number():
    today, oldest = date(2022, 11, 21), date(2022, 11, 15)
    told = ["甲 11月14日", "乙 11月15日"]
    assert note_of(told, oldest, today, count=2) == "甲 11月14日\n乙 11月15日\n最早 6 天前"
    assert note_of(told, today, today, count=5, untold=3).endswith("\n另有 3 条；都是今天的")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_told_what_comes_next_or_that_it_only_reads(role: Role):
    decides = {
        Role.NAT_CIVIL,
        Role.PROV_CIVIL,
        Role.COUNTY_CIVIL,
        Role.SEND_MGR,
        Role.SEND_STAFF,
        Role.RECV_MGR,
        Role.RECV_STAFF,
        Role.SYS_ADMIN,
        Role.SEC_ADMIN,
        Role.AUDIT_ADMIN,
    }
    assert (what_comes_next({role}) != READER) == (role in decides)


def test_two_roles_are_told_both():
    both = what_comes_next({Role.SEND_STAFF, Role.SEND_MGR})
    assert what_comes_next({Role.SEND_STAFF}) in both
    assert what_comes_next({Role.SEND_MGR}) in both


# ---- the year as a picture ---------------------------------------------------------------------


CALENDAR = Calendar(
    {date(2022, 10, 3): DayKind.HOLIDAY, date(2022, 10, 8): DayKind.MAKEUP}, frozenset({2022})
)


def entry(number: int, day: date, state: WorkdayState, half_days: int = 2) -> DayEntry:
    return DayEntry(number, day, half_days, half_days * 50, state)


def test_every_day_of_the_span_stands_once_in_its_week():
    heat = heat_map([], CALENDAR, FIRST, LAST, date(2022, 11, 21))
    assert [month.month for month in heat.months] == list(range(1, 13))
    cells = [cell for month in heat.months for cell in month.cells]
    assert len({cell.day for cell in cells}) == len(cells) == 365
    monday = next(cell for cell in cells if cell.day == date(2022, 11, 21))
    assert (monday.x, monday.y, monday.is_today) == (0, 3 * CELL, True)
    assert heat.words == "2022 年 1 月至 12 月的日历：还没有工作日"


def test_each_week_shows_its_seven_numbers_of_the_strip():
    heat = heat_map([], CALENDAR, FIRST, LAST, date(2022, 11, 21))
    november = heat.months[10]
    # The strip begins with the 1st, a Tuesday; the second week begins with the 7th.
    assert november.weeks[:2] == [(CELL, 0), (-6 * CELL, CELL)]
    assert (november.length, november.height) == (30, 5 * CELL)
    # Saturday the 5th and Sunday the 6th are one piece of ground.
    assert november.rest_path.startswith("M121 1h46v22h-46z")


def test_days_outside_the_span_are_left_out():
    heat = heat_map([], CALENDAR, date(2022, 3, 10), date(2022, 4, 2), date(2022, 11, 21))
    assert [len(month.cells) for month in heat.months] == [22, 2]


def test_rest_days_and_moved_working_days_are_marked():
    heat = heat_map([], CALENDAR, FIRST, LAST, date(2022, 11, 21))
    cells = {cell.day: cell for month in heat.months for cell in month.cells}
    holiday, moved = cells[date(2022, 10, 3)], cells[date(2022, 10, 8)]
    assert (holiday.is_rest_day, holiday.day_mark) == (True, "休")
    assert (moved.is_rest_day, moved.day_mark, moved.words) == (False, "班", "10月8日，调休上班")
    assert cells[date(2022, 10, 9)].words == "10月9日，休息日"
    assert cells[date(2022, 10, 10)].words == "10月10日"


@pytest.mark.parametrize(
    ("state", "tone", "mark"),
    [
        (WorkdayState.APPROVED, "approved", "✓"),
        (WorkdayState.SUBMITTED, "waiting", "…"),
        (WorkdayState.CONFIRMED, "waiting", "…"),
        (WorkdayState.RETURNED, "returned", "!"),
        (WorkdayState.DRAFT, "draft", "?"),
    ],
)
def test_every_state_has_a_mark_beside_its_colour(state: WorkdayState, tone: str, mark: str):
    day = date(2022, 11, 14)
    heat = heat_map([entry(7, day, state, 1)], CALENDAR, FIRST, LAST, day)
    cell = next(cell for cell in heat.months[10].cells if cell.day == day)
    assert cell.look is not None
    assert (cell.look.tone, cell.look.mark, cell.entry_id) == (tone, mark, 7)
    assert cell.words == f"11月14日，{cell.look.words} 0.5 天"


def test_of_two_entries_of_a_date_the_one_that_asks_for_something_leads():
    day = date(2022, 11, 14)
    entries = [
        entry(1, day, WorkdayState.APPROVED, 1),
        entry(2, day, WorkdayState.RETURNED, 1),
    ]
    heat = heat_map(entries, CALENDAR, FIRST, LAST, day)
    cell = next(cell for cell in heat.months[10].cells if cell.day == day)
    assert cell.entry_id == 2
    assert cell.words == "11月14日，已核准 0.5 天，被退回 0.5 天"
    assert heat.months[10].days == MonthDays(50, 0, 50, 0)
    assert heat.words.endswith("已核准 0.5 天、被退回 0.5 天")
