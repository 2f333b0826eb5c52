"""Changing what one date is, and seeing what that does."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import AuditEvent, CalendarDay, Workday
from models.types import DayKind
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.programme.actions import close_work_year
from tests.support.workdays import logged

MONDAY, SATURDAY = date(2022, 11, 14), date(2022, 11, 12)
SOURCE = "演示：地方通知"


def rest_days(world):
    return world.session.scalars(sa.select(Workday.is_rest_day)).all()


def test_makes_a_weekday_a_holiday_and_revalues_its_days(pages, world):
    logged(world, day=MONDAY)
    page = pages("system_administrator").get(f"/calendar/days/{MONDAY}")
    assert page.h1 == "2022-11-14（星期一）"
    page = page.submit(button="保存", kind="holiday", name="演示节", source=SOURCE, follow=True)
    assert page.messages == ["2022-11-14 已改为“法定节假日”，1 条工作日志的计入情况随之重算。"]
    assert rest_days(world) == [True]


def test_shows_the_effect_first_and_changes_nothing(pages, world):
    logged(world, day=MONDAY)
    page = pages("system_administrator").get(f"/calendar/days/{MONDAY}")
    before = world.count(AuditEvent)
    page = page.submit(button="先看影响", kind="holiday", name="演示节", source=SOURCE, expect=200)
    assert "试算结果（尚未保存）：1 条工作日志的计入情况随之重算。" in page.text
    assert "目前：通知中没有这一天" in page.text
    assert rest_days(world) == [False]
    assert world.session.get(CalendarDay, MONDAY) is None
    page.submit(button="保存", follow=True)
    assert rest_days(world) == [True]
    assert world.count(AuditEvent) == before + 1


def test_makes_a_saturday_a_working_day_and_a_plain_one_again(pages, world):
    client = pages("national_officer")
    page = client.get(f"/calendar/days/{SATURDAY}")
    page.submit(button="保存", kind="makeup", name="演示节", source=SOURCE)
    assert world.session.get(CalendarDay, SATURDAY).kind == DayKind.MAKEUP
    page = client.get(f"/calendar/days/{SATURDAY}")
    assert "目前：调休上班，演示节" in page.text
    page.submit(button="保存", kind="plain")
    assert world.session.get(CalendarDay, SATURDAY) is None


@pytest.mark.parametrize(
    ("day", "offered"),
    [(MONDAY, ["plain", "holiday"]), (SATURDAY, ["plain", "holiday_weekend", "makeup"])],
)
def test_offers_what_the_weekday_allows(pages, day, offered):
    page = pages("system_administrator").get(f"/calendar/days/{day}")
    assert [option["value"] for option in page.find_all("select[name=kind] option")] == offered


def test_asks_for_name_and_source(pages):
    page = pages("system_administrator").get(f"/calendar/days/{MONDAY}")
    page = page.submit(button="保存", kind="holiday", name="", source="", expect=200)
    assert page.errors == ["依据：请填写依据，例如国务院办公厅通知的文号。"]
    page = page.submit(button="保存", kind="holiday", source=SOURCE, expect=200)
    assert page.errors == ["所属节日：请填写 2022-11-14 所属的节日名称。"]


def test_refuses_a_day_that_counts_in_a_closed_year(pages, world):
    workday = logged(world, day=MONDAY)
    confirm_workdays(world.deed(), [workday])
    approve_workdays(world.deed(), [workday])
    close_work_year(world.deed(), 2022, "演示：年度已结")
    page = pages("system_administrator").get(f"/calendar/days/{MONDAY}")
    page = page.submit(button="保存", kind="holiday", name="演示节", source=SOURCE, expect=200)
    assert "已关闭的 2022 工作年度" in page.errors[0]
    assert rest_days(world) == [False]


@pytest.mark.parametrize("text", ["2022-02-30", "heute", "1999-01-01", "20221114x"])
def test_knows_no_such_day(pages, text):
    pages("system_administrator").get(f"/calendar/days/{text}", 404)


@pytest.mark.parametrize("persona", ["county_officer", "security_administrator", "sending_staff"])
def test_others_only_read(pages, persona):
    pages(persona).get(f"/calendar/days/{MONDAY}", 403)
