"""A worker's first page: today, the own year, whether the rest still fits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.types import Task
from portal.confirmations.actions import return_workday
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, approved, confirmed, logged
from tests.support.world import World

TODAY = date(2022, 11, 21)


def action(page: Page) -> str:
    """The words of the one big button."""
    return page.find(".q-today__button").text


def test_asks_to_log_today_until_today_is_logged(pages: Pages, world: World):
    client = pages("sending_staff")
    page = client.get("/")
    assert action(page) == "填报今天"
    assert page.click("填报今天").h1 == "填报工作日"
    entry = logged(world, day=TODAY, half_days=1)
    page = client.get("/")
    assert action(page) == "再填半天"
    assert "今天已填 0.5 天 已提交" in page.text
    assert ("今天已填 0.5 天", f"/workdays/{entry.id}") in page.links()
    logged(world, day=TODAY, half_days=1)
    assert action(client.get("/")) == "补填其他日期"


def test_a_returned_entry_of_today_is_the_big_button(pages: Pages, world: World):
    entry = logged(world, day=TODAY)
    return_workday(world.deed("sending_manager"), entry, "演示：请补充地点")
    page = pages("sending_staff").get("/")
    assert action(page) == "修改今天的日志"
    assert page.click("修改今天的日志").h1 == "修改日志"


def test_other_days_are_reached_without_today(pages: Pages):
    page = pages("sending_staff").get("/").click("补填其他日期")
    assert "day" not in page.form("form.q-panel").values


def test_a_rest_day_says_what_becomes_of_an_entry(pages: Pages, world: World):
    assert "休息日" not in pages("sending_staff").get("/").find(".q-today__date").text
    world.clock.stand_on(date(2022, 11, 20))
    shown = pages("sending_staff").get("/").find(".q-today__date").text
    assert shown == "今天 11月20日 · 休息日，经县级核准后计入"


def test_says_in_one_sentence_how_far_the_worker_and_the_team_are(pages: Pages, world: World):
    approved(world, day=date(2022, 10, 31))
    approved(world)
    confirmed(world, day=MONDAY + timedelta(1), half_days=1)
    approved(world, "sent2")
    page = pages("sending_staff").get("/")
    sentence = page.find(".q-today__sentence").text
    assert sentence == "已计入 2 天，另有 0.5 天待审 偏慢"
    assert page.text.count("3 / 40 天") == 1
    assert "援派一方（全队合计） 3 / 40 天" in page.text


def test_the_forecast_is_that_of_the_pairings_page(pages: Pages, world: World):
    approved(world)
    client = pages("sending_staff")
    facts = dict(
        zip(
            [one.text for one in client.get("/").find_all(".q-facts dt")],
            [one.text for one in client.get("/").find_all(".q-facts dd")],
            strict=True,
        )
    )
    text = client.get("/pairings/P1?year=2022").text
    assert facts["还差"] == "39 天"
    assert f"最迟 {facts['最迟开始']} 起" in text
    assert f"还有 {facts['剩余工作日'].removesuffix(' 天')} 个法定工作日" in text
    assert f"合计需 {facts['全队每工作日需']}" in text


def test_too_late_is_said_plainly(pages: Pages, world: World):
    world.clock.stand_on(date(2022, 12, 20))
    page = pages("sending_staff").get("/")
    assert "来不及" in page.find(".q-today__sentence").text
    assert "请尽快与机构负责人商量增派人员" in page.text


def test_each_day_with_an_entry_leads_to_it(pages: Pages, world: World):
    one = approved(world)
    two = logged(world, day=MONDAY + timedelta(1), half_days=1)
    three = logged(world, day=MONDAY + timedelta(2))
    return_workday(world.deed("sending_manager"), three, "原因")
    four = logged(world, day=MONDAY + timedelta(3), submit=False)
    page = pages("sending_staff").get("/")
    found = {link["href"]: link["aria-label"] for link in page.find_all(".q-heat a")}
    assert found == {
        f"/workdays/{one.id}": "11月14日，已核准 1 天",
        f"/workdays/{two.id}": "11月15日，待审 0.5 天",
        f"/workdays/{three.id}": "11月16日，被退回 1 天",
        f"/workdays/{four.id}": "11月17日，草稿 1 天",
    }
    whole = page.find(".q-heat")["aria-label"]
    assert whole == ("2022 年 1 月至 12 月的日历：已核准 1 天、待审 0.5 天、被退回 1 天、草稿 1 天")


def test_a_table_by_month_says_what_the_picture_says(pages: Pages, world: World):
    approved(world, day=date(2022, 10, 31))
    approved(world)
    confirmed(world, day=MONDAY + timedelta(1), half_days=1)
    page = pages("sending_staff").get("/")
    rows = {row["月份"]: row for row in page.table_rows("各月工作日")}
    assert list(rows) == ["10 月", "11 月"]
    assert rows["10 月"] == {
        "月份": "10 月",
        "已核准": "1",
        "待审": "0",
        "被退回": "0",
        "草稿": "0",
    }
    assert (rows["11 月"]["已核准"], rows["11 月"]["待审"]) == ("1", "0.5")
    assert len(page.click("11 月").table_rows()) == 2


def test_the_page_is_small_enough_for_a_weak_signal(pages: Pages, world: World):
    """It travels as it is (portal/web/compression.py): sheets and scripts take some 65 kB of 100."""
    for number in range(30):
        logged(world, day=date(2022, 10, 10) + timedelta(number), late_reason="补录")
    assert len(pages("sending_staff").get("/").body) < 30_000


def test_a_worker_without_an_assignment_is_told_what_to_do(pages: Pages):
    page = pages("other_staff").get("/")
    assert "还没有被选派到任何结对" in page.text
    assert "填报今天" not in page.text


def test_a_received_worker_sees_the_received_side(pages: Pages, world: World):
    approved(world, "received1")
    page = pages("receiving_staff").get("/")
    assert page.find(".q-today__sentence").text.startswith("已计入 1 天")
    assert "受援一方（全队合计） 1 / 120 天" in page.text


def test_managers_and_officers_have_no_year_of_their_own(pages: Pages):
    for persona in ("sending_manager", "county_officer", "national_officer"):
        assert not pages(persona).get("/").find_all(".q-heat, .q-today")


def test_home_a_tile_a_sentence_and_submit_are_all_it_takes(pages: Pages, world: World):
    client = pages("sending_staff")
    page = client.get("/").click("填报今天")
    page = page.submit(task="t2", description="入户走访三户", button="提交", follow=True)
    assert page.h1.startswith("已提交")
    # The next day the same task is chosen already, and the words can be taken over.
    world.clock.stand_on(date(2022, 11, 22))
    page = pages("sending_staff").get("/").click("填报今天")
    assert page.form("form.q-panel").values["task"] == [Task.T2.value]
    page = page.click("同上次（2022-11-21）")
    assert page.form("form.q-panel").values["description"] == ["入户走访三户"]


@pytest.mark.parametrize(
    ("half_days", "days", "day"), [(1, ["0.5"], ["2022-11-21"]), (2, ["1"], [])]
)
def test_the_form_offers_what_is_left_of_today(
    pages: Pages, world: World, half_days: int, days: list[str], day: list[str]
):
    logged(world, day=TODAY, half_days=half_days)
    page = pages("sending_staff").get("/workdays/new")
    values = page.form("form.q-panel").values
    assert values.get("days", []) == days
    assert values.get("day", []) == day
    # The month says what stands there already.
    assert ("半天" if half_days == 1 else "待审") in page.find(".q-day--today").text
