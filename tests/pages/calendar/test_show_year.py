"""A year of the calendar as a page."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.world import PERSONAS


@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_reads_it(pages, persona):
    page = pages(persona).get("/calendar/2022")
    assert page.h1 == "2022 年工作日历"
    assert "全年 249 个工作日" in page.text


def test_opens_at_the_present_year(pages):
    assert pages("sending_staff").get("/calendar", 302).location == "/calendar/2022"


def test_marks_rest_and_makeup_days_in_words(pages):
    page = pages("county_officer").get("/calendar/2022")
    months = page.find_all("table.q-month")
    assert len(months) == 12
    october = months[9]
    assert october.find("caption").text == "10 月 18 个工作日"
    marked = [cell.text for cell in october.find_all("td.q-month__named")]
    assert "3休（国庆节）" in marked
    assert "8班（国庆节）" in marked
    working = [cell.text for cell in october.find_all("td.q-month__work")]
    assert "8班（国庆节）" in working
    rows = {row["节日"]: row for row in page.table_rows("放假和调休")}
    assert rows["国庆节"]["放假"] == "10月1日至10月7日（7天）"
    assert rows["国庆节"]["调休上班"] == "10月8日、10月9日"
    assert list(rows) == ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]


def test_names_its_source(pages):
    page = pages("county_officer").get("/calendar/2022")
    assert "国务院办公厅关于2022年部分节假日安排的通知" in page.text


def test_says_that_a_year_has_no_notice_and_who_loads_it(pages):
    page = pages("county_officer").get("/calendar/2027")
    assert "2027 年的节假日安排尚未录入" in page.text
    assert "由国家级民政（社会工作）部门或系统管理员录入" in page.text
    assert "2027（未录入）" not in page.text  # only the years that the portal needs are offered
    assert page.find("a.btn-primary") is None


def test_leads_who_may_to_loading_it(pages):
    page = pages("system_administrator").get("/calendar/2027")
    assert page.forms == []  # there is nothing to take away
    assert page.click("录入 2027 年安排").h1 == "录入 2027 年节假日安排"


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999999999999999999])
def test_knows_no_odd_years(pages, year):
    pages("county_officer").get(f"/calendar/{year}", 404)


def test_lists_missing_years_among_the_years(pages, world, clock):
    clock.stand_on(date(2026, 12, 1))
    page = pages("county_officer").get("/calendar", follow=True)
    assert "2027（未录入）" in page.text
    assert "2026（未录入）" not in page.text
