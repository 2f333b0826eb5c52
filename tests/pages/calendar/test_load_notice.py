"""Loading the notice of a year, and taking it away."""

from __future__ import annotations

import io
from datetime import date

import pytest
import sqlalchemy as sa

from models import AuditEvent, CalendarDay, CalendarYear, Workday
from tests.support.workdays import logged

SOURCE = "演示：2027年部分节假日安排的通知"
TABLE = "日期\t类型\t名称\n1月1日\t休\t元旦\n2027-02-06 至 2027-02-12\t休\t春节\n2月14日\t班\t春节"


def days_of(world, year):
    return world.session.scalars(
        sa.select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    ).all()


def test_loads_a_pasted_table(pages, world):
    page = pages("system_administrator").get("/calendar/2027/notice")
    page = page.submit(button="保存", source=SOURCE, table=TABLE, follow=True)
    assert page.messages == ["2027 年的安排已录入 9 个日期，没有工作日志因此变化。"]
    assert SOURCE in page.text
    assert len(days_of(world, 2027)) == 9
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.actor) == ("calendar.year_imported", "system_administrator")


def test_loads_a_file(pages, world):
    content = "1月1日,休,元旦\n".encode("gb18030")
    page = pages("national_officer").get("/calendar/2027/notice")
    page.submit(button="保存", source=SOURCE, file=(io.BytesIO(content), "2027.csv"))
    assert [row.name for row in days_of(world, 2027)] == ["元旦"]


def test_shows_the_effect_first(pages, world):
    logged(world, day=date(2022, 11, 14))
    page = pages("national_officer").get("/calendar/2022/notice")
    assert "保存后将全部替换" in page.text
    page = page.submit(button="先看影响", source=SOURCE, table="2022-11-14 休 演示节", expect=200)
    assert "共 1 个日期，1 条工作日志的计入情况随之重算" in page.text
    assert len(days_of(world, 2022)) > 30
    assert world.session.scalars(sa.select(Workday.is_rest_day)).all() == [False]
    page.submit(button="保存", follow=True)
    assert world.session.scalars(sa.select(Workday.is_rest_day)).all() == [True]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "没有任何日期"),
        ("1月1日 休", "三列：日期、类型（休或班）、节日名称"),
        ("2026-12-31 休 元旦", "2026-12-31 不属于 2027 年"),
        ("1月2日 班 元旦\n1月2日 休 元旦", "出现 2 次"),
        ("1月4日 班 元旦", "2027-01-04 是星期一"),
    ],
)
def test_refuses_and_keeps_what_was_typed(pages, world, table, words):
    page = pages("system_administrator").get("/calendar/2027/notice")
    page = page.submit(button="保存", source=SOURCE, table=table, expect=200)
    assert any(words in error for error in page.errors)
    assert page.find("textarea").text == " ".join(table.split())
    assert world.session.get(CalendarYear, 2027) is None


def test_refuses_a_workbook_with_the_way_out(pages):
    page = pages("system_administrator").get("/calendar/2027/notice")
    file = (io.BytesIO(b"PK\x03\x04"), "2027.xlsx")
    page = page.submit(button="保存", source=SOURCE, file=file, expect=200)
    assert "请另存为 CSV" in page.errors[0]


def test_takes_a_year_away_again(pages, world):
    page = pages("system_administrator").get("/calendar/2022")
    page = page.submit(button="撤下 2022 年安排", follow=True)
    assert page.messages[0].startswith("2022 年的安排已撤下")
    assert "尚未录入" in page.text
    assert days_of(world, 2022) == []
    pages("system_administrator").post("/calendar/2022/removal", expect=409)


@pytest.mark.parametrize("persona", ["county_officer", "audit_administrator"])
def test_others_only_read(pages, persona):
    client = pages(persona)
    client.get("/calendar/2027/notice", 403)
    client.post("/calendar/2022/removal", expect=403)
