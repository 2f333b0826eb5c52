"""A month of people, a cell a day."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import WorkdayState
from portal.calendar.rules import Calendar
from portal.confirmations.grid_rules import GridEntry, GridMember, grid_of, month_asked

FIRST = date(2022, 11, 1)
TODAY = date(2022, 11, 21)
ANNA, BERTA = 1, 2
CALENDAR = Calendar({}, frozenset({2022}))
MEMBERS = [
    GridMember(ANNA, "演示甲", date(2022, 1, 1), date(2022, 12, 31)),
    GridMember(BERTA, "演示乙", date(2022, 11, 14), date(2022, 11, 18)),
    GridMember(BERTA, "演示乙", date(2022, 11, 21), date(2022, 12, 31)),
]
ENTRIES = [
    GridEntry(11, ANNA, date(2022, 11, 1), 2, WorkdayState.APPROVED),
    GridEntry(12, ANNA, date(2022, 11, 2), 1, WorkdayState.SUBMITTED),
    GridEntry(13, ANNA, date(2022, 11, 5), 2, WorkdayState.RETURNED),
    GridEntry(14, ANNA, date(2022, 11, 3), 1, WorkdayState.APPROVED),
    GridEntry(15, ANNA, date(2022, 11, 3), 1, WorkdayState.CONFIRMED),
]
MORE = [
    GridEntry(16, ANNA, date(2022, 11, 8), 2, WorkdayState.SUBMITTED, 1, True, is_disputed=True),
    GridEntry(17, ANNA, date(2022, 11, 9), 2, WorkdayState.DRAFT),
    GridEntry(18, ANNA, date(2022, 11, 10), 2, WorkdayState.RETURNED, is_disputed=True),
]


def test_each_day_says_how_it_stands_and_leads_to_its_entry():
    grid = grid_of(FIRST, MEMBERS, ENTRIES, calendar=CALENDAR, today=TODAY)
    anna, berta = grid.lines
    cells = {cell.day.day: cell for cell in anna.cells}
    assert (cells[1].sign, cells[1].words, cells[1].entry_id) == ("核", "已核准", 11)
    assert (cells[2].sign, cells[2].words) == ("待½", "待确认，半天")
    assert (cells[3].sign, cells[3].entry_id) == ("确", 15)
    assert cells[5].words == "已退回，休息日"
    assert [cells[day].tone for day in (4, 6)] == ["blank", "rest"]
    tones = {cell.day.day: cell.tone for cell in berta.cells}
    assert [tones[day] for day in (11, 14, 19, 21)] == ["outside", "blank", "outside", "blank"]


def test_what_is_disputed_or_written_by_another_is_marked_and_the_month_opens_where_it_waits():
    grid = grid_of(FIRST, MEMBERS, [*ENTRIES, *MORE], calendar=CALENDAR, today=TODAY)
    cells = {cell.day.day: cell for cell in grid.lines[0].cells}
    assert [(cells[day].sign, cells[day].words, cells[day].entry_id) for day in (8, 9, 10)] == [
        ("异", "对方有异议，待确认", 16),
        ("代", "代填，待本人确认", None),
        ("退", "已退回", 18),
    ]
    assert grid.opens_on == date(2022, 11, 8)
    assert grid_of(FIRST, MEMBERS, ENTRIES, calendar=CALENDAR, today=TODAY).opens_on == TODAY
    later = date(2022, 12, 5)
    assert grid_of(FIRST, MEMBERS, ENTRIES, calendar=CALENDAR, today=later).opens_on is None


def test_a_line_adds_up_and_counts_the_working_days_with_nothing_on_them():
    anna, berta = grid_of(FIRST, MEMBERS, ENTRIES, calendar=CALENDAR, today=TODAY).lines
    assert (anna.approved, anna.waiting, anna.to_confirm) == (3, 2, 1)
    assert anna.blank == 15 - 3
    assert berta.blank == 5 + 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2022-03", date(2022, 3, 1)),
        ("2022-13", FIRST),
        ("9999-01", FIRST),
        ("２０２２-03", FIRST),
        (None, FIRST),
    ],
)
def test_an_odd_month_is_this_month(text, first):
    assert month_asked(text, TODAY) == first
