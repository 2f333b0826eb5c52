"""Loading and changing the calendar, and what that does to working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import AuditEvent, CalendarDay, CalendarYear, PairingYearTotal, Workday, WorkYear
from models.types import DayKind, Side, Task, WorkMode
from portal.calendar.actions import drop_year, import_year, load_calendar_days, set_day
from portal.calendar.queries import load_calendar
from portal.calendar.rules import DayRow
from portal.changes.actions import change_day, change_parameter, change_year, remove_year
from portal.changes.opening_actions import reopen_year
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.deeds import Deed
from portal.programme.actions import close_work_year
from portal.refusals import Refused
from portal.workdays.actions import log_workday
from portal.workdays.revaluation_actions import revalue_dates
from portal.workdays.rules import Entry
from tests.support.world import World

MONDAY, SATURDAY = date(2022, 3, 7), date(2022, 3, 5)
MAKEUP = date(2022, 10, 8)
NOTICE = "测试通知"


def log(world: World, person: str, day: date, *, approve: bool = True) -> Workday:
    """Log a whole day on site, and have it approved."""
    deed = world.deed()
    entry = Entry(day, 2, WorkMode.ONSITE, Task.T1, None, "", "补录测试")
    workday = log_workday(
        deed, pairing=world.pairing(), person=world.person(person), entry=entry, submit=True
    )
    if approve:
        confirm_workdays(deed, [workday])
        approve_workdays(deed, [workday])
    return workday


def sent_days(world: World, year: int = 2022) -> float:
    world.session.expire_all()
    total = world.session.get_one(PairingYearTotal, (world.pairing().id, year))
    return total.sent_centidays / 100


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def last_event(deed: Deed) -> AuditEvent:
    return deed.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


# ---- loading


def test_a_fresh_installation_has_the_six_notices(deed: Deed) -> None:
    years = deed.session.scalars(sa.select(CalendarYear).order_by(CalendarYear.year)).all()
    assert [one.year for one in years] == [2021, 2022, 2023, 2024, 2025, 2026]
    assert years[1].source.startswith("国务院办公厅关于2022年部分节假日安排的通知")
    calendar = load_calendar(deed.session, date(2022, 1, 1), date(2022, 12, 31))
    assert calendar.count_working_days(date(2022, 1, 1), date(2022, 12, 31)) == 249
    # Counted by weeks, and told one by one: every span of a year, also one that ends before it begins.
    days = [date(2022, 1, 1) + timedelta(number) for number in range(365)]
    for first in days[::23]:
        for last in days[::7]:
            told = list(calendar.working_days(first, last))
            assert calendar.count_working_days(first, last) == len(told), (first, last)
    assert load_calendar_days(deed) == {"calendar_years": 0, "calendar_days": 0}


def test_loading_leaves_what_an_administrator_changed(deed: Deed) -> None:
    set_day(deed, MAKEUP, None, name="", source=NOTICE)
    set_day(deed, MONDAY, DayKind.HOLIDAY, name="测试假日", source=NOTICE)
    assert load_calendar_days(deed) == {"calendar_years": 0, "calendar_days": 0}
    assert deed.session.get(CalendarDay, MAKEUP) is None
    assert deed.session.get_one(CalendarDay, MONDAY).name == "测试假日"


def test_a_dropped_year_of_the_file_comes_back_whole(deed: Deed) -> None:
    drop_year(deed, 2022)
    set_day(deed, MAKEUP, DayKind.MAKEUP, name="国庆节", source=NOTICE)
    assert load_calendar_days(deed)["calendar_years"] == 1
    assert deed.session.get_one(CalendarDay, MAKEUP).source == NOTICE
    calendar = load_calendar(deed.session, date(2022, 1, 1), date(2022, 12, 31))
    assert calendar.count_working_days(date(2022, 1, 1), date(2022, 12, 31)) == 249


# ---- changing the calendar alone


def test_sets_changes_and_clears_a_day(deed: Deed) -> None:
    session = deed.session
    set_day(deed, MONDAY, DayKind.HOLIDAY, name="甲", source=NOTICE)
    set_day(deed, MONDAY, DayKind.HOLIDAY, name="乙", source=NOTICE)
    assert session.get_one(CalendarDay, MONDAY).name == "乙"
    event = last_event(deed)
    assert (event.event, event.subject) == ("calendar.day_set", "calendar_day:2022-03-07")
    set_day(deed, MONDAY, None, name="", source=NOTICE)
    assert session.get(CalendarDay, MONDAY) is None
    assert load_calendar(session, MONDAY, MONDAY).is_working_day(MONDAY)


@pytest.mark.parametrize(
    ("day", "kind", "name", "source", "expected"),
    [
        (SATURDAY, DayKind.HOLIDAY, "甲", NOTICE, {"invalid_value"}),
        (MONDAY, DayKind.MAKEUP, "甲", NOTICE, {"invalid_value"}),
        (MONDAY, DayKind.HOLIDAY_WEEKEND, "甲", NOTICE, {"invalid_value"}),
        (MONDAY, DayKind.HOLIDAY, " ", "", {"missing_value"}),
        (MONDAY, None, "", " ", {"missing_value"}),
    ],
)
def test_refuses_a_day_that_cannot_be(
    deed: Deed, day: date, kind: DayKind | None, name: str, source: str, expected: set[str]
) -> None:
    with pytest.raises(Refused) as refused:
        set_day(deed, day, kind, name=name, source=source)
    assert codes(refused) == expected


def test_replaces_a_year_by_its_notice(deed: Deed) -> None:
    rows = [DayRow(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")]
    import_year(deed, 2027, rows, source=NOTICE)
    import_year(deed, 2027, rows, source="更正通知")
    calendar = load_calendar(deed.session, date(2027, 1, 1), date(2027, 12, 31))
    assert calendar.is_official(2027)
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert deed.session.get_one(CalendarYear, 2027).source == "更正通知"
    drop_year(deed, 2027)
    calendar = load_calendar(deed.session, date(2027, 1, 1), date(2027, 12, 31))
    assert not calendar.is_official(2027)
    assert calendar.is_working_day(date(2027, 1, 1))


def test_refuses_a_notice_that_does_not_fit_the_year(deed: Deed) -> None:
    row = DayRow(date(2028, 1, 3), DayKind.HOLIDAY, "元旦")
    with pytest.raises(Refused) as refused:
        import_year(deed, 2027, [row, row], source="")
    assert codes(refused) == {"outside_year", "duplicate_row", "missing_value"}
    with pytest.raises(Refused) as refused:
        import_year(deed, 2027, [], source=NOTICE)
    assert codes(refused) == {"missing_value"}
    with pytest.raises(Refused) as refused:
        drop_year(deed, 2027)
    assert codes(refused) == {"unknown_year"}


# ---- changing it under working days


def test_a_day_declared_a_holiday_turns_the_working_days_of_that_date(world: World) -> None:
    workday, other = log(world, "sent1", MONDAY), log(world, "sent1", date(2022, 3, 8))
    assert change_day(world.deed(), MONDAY, DayKind.HOLIDAY, name="甲", source=NOTICE) == 1
    assert (workday.is_rest_day, other.is_rest_day) == (True, False)
    assert last_event(world.deed()).event == "calendar.day_set"
    assert change_day(world.deed(), MONDAY, DayKind.HOLIDAY, name="乙", source=NOTICE) == 0


def test_where_rest_days_never_count_the_totals_follow_the_calendar(world: World) -> None:
    change_parameter(world.deed(), "offday", "never", date(2021, 1, 1), "测试")
    workday = log(world, "sent1", MONDAY)
    log(world, "sent2", SATURDAY)
    assert sent_days(world) == 1
    change_day(world.deed(), MONDAY, DayKind.HOLIDAY, name="甲", source=NOTICE)
    assert (workday.is_rest_day, workday.worth_centidays) == (True, 0)
    assert sent_days(world) == 0
    change_day(world.deed(), MONDAY, None, name="", source=NOTICE)
    change_day(world.deed(), SATURDAY, DayKind.MAKEUP, name="甲", source=NOTICE)
    assert sent_days(world) == 2


@pytest.mark.parametrize("change", [change_year, remove_year])
def test_a_year_without_its_makeup_days_turns_them_into_rest_days(
    world: World, change: Callable[..., int]
) -> None:
    workday = log(world, "sent1", MAKEUP)
    assert not workday.is_rest_day
    if change is change_year:
        rows = [DayRow(date(2022, 1, 3), DayKind.HOLIDAY, "元旦")]
        assert change_year(world.deed(), 2022, rows, source=NOTICE) == 1
    else:
        assert remove_year(world.deed(), 2022) == 1
    assert workday.is_rest_day


def test_refuses_to_turn_an_approved_day_of_a_closed_year(world: World) -> None:
    workday = log(world, "sent1", MAKEUP)
    close_work_year(world.deed(), 2022, "年度结束")
    changes: list[Callable[[Deed], int]] = [
        lambda deed: change_day(deed, MAKEUP, None, name="", source=NOTICE),
        lambda deed: remove_year(deed, 2022),
    ]
    for change in changes:
        with pytest.raises(Refused) as refused:
            change(world.deed())
        assert codes(refused) == {"closed_year"}
        assert "2022-10-08" in str(refused.value)
    assert world.session.get(CalendarDay, MAKEUP) is not None
    assert not workday.is_rest_day
    # What does not turn the day may be changed.
    change_day(world.deed(), MAKEUP, DayKind.MAKEUP, name="国庆节（更名）", source=NOTICE)


def test_other_entries_of_a_closed_year_follow_when_it_opens_again(world: World) -> None:
    workday = log(world, "sent1", MAKEUP, approve=False)
    close_work_year(world.deed(), 2022, "年度结束")
    assert change_day(world.deed(), MAKEUP, None, name="", source=NOTICE) == 0
    assert not workday.is_rest_day
    assert reopen_year(world.deed(), 2022, "补正") == 1
    assert workday.is_rest_day


def test_a_province_with_dates_of_its_own_closes_for_itself(world: World) -> None:
    workday = log(world, "sent1", MAKEUP)
    common = world.session.scalars(sa.select(WorkYear).where(WorkYear.year == 2022)).one()
    world.session.add(
        WorkYear(
            programme_id=common.programme_id,
            year=2022,
            region_code="640000",
            starts_on=common.starts_on,
            ends_on=common.ends_on,
        )
    )
    world.session.flush()
    close_work_year(world.deed(), 2022, "年度结束")
    assert change_day(world.deed(), MAKEUP, None, name="", source=NOTICE) == 1
    assert workday.is_rest_day
    close_work_year(world.deed(), 2022, "年度结束", "640000")
    with pytest.raises(Refused) as refused:
        change_day(world.deed(), MAKEUP, DayKind.MAKEUP, name="国庆节", source=NOTICE)
    assert codes(refused) == {"closed_year"}


def test_revaluing_what_is_right_changes_nothing(world: World) -> None:
    for person in ("sent1", "received1"):
        log(world, person, MONDAY)
    assert {one.side for one in world.session.scalars(sa.select(Workday))} == set(Side)
    assert revalue_dates(world.deed(), date(2022, 1, 1), date(2022, 12, 31)) == 0
