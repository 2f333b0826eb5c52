"""The own month with its one button, and the list of who has declared."""

from __future__ import annotations

import sqlalchemy as sa

from models import Workday
from portal.confirmations.actions import return_workday
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import MONDAY, logged
from tests.support.world import World

OWN = "/months/own?pairing=P1&month=2022-11"


def test_a_month_with_one_day_missing_is_declared_with_one_tap(pages: Pages, world: World):
    logged(world, "received1")
    world.session.commit()
    page = pages("receiving_staff").get(OWN)
    assert "已提交 1 天" in page.text
    assert "11月15日" in page.text
    assert "11月14日" not in page.text
    page = page.submit(1, button="11 月已填完", follow=True)
    assert page.messages == ["2022年11月已声明填完。有补充时直接填报，声明随之失效。"]
    assert "已填完" in page.text
    assert page.find(".q-asked") is None, "another month is chosen, none is taken away"
    assert "声明填完" not in pages("receiving_staff").get("/").text
    page = page.submit(1, button="撤回声明", follow=True)
    assert page.messages == ["2022年11月的“已填完”声明已撤回。"]


def test_an_entry_added_to_a_declared_month_says_so(pages: Pages, world: World):
    logged(world, "received1")
    world.session.commit()
    pages("receiving_staff").get(OWN).submit(1, button="11 月已填完")
    world.clock.pass_time(minutes=5)
    logged(world, "received1", MONDAY.replace(day=15))
    world.session.commit()
    assert "声明填完后又有新增，声明已失效" in pages("receiving_staff").get(OWN).text
    assert "声明填完后又有新增的月份" in pages("receiving_staff").get("/").text
    added = world.session.scalars(sa.select(sa.func.max(Workday.id))).one()
    receipt = pages("receiving_staff").get(f"/workdays/{added}/receipt")
    assert "2022年11月曾声明填完，新增后声明已失效" in receipt.text


def test_a_month_with_a_draft_offers_no_button(pages: Pages, world: World):
    logged(world, "received1", submit=False)
    world.session.commit()
    page = pages("receiving_staff").get(OWN)
    assert "还有 1 条草稿未提交" in page.text
    (row,) = page.click("先办完").table_rows()
    assert row["状态"] == "草稿"
    assert "月已填完" not in page.html.partition("<main")[2].replace("本月已填完", "")
    returned = logged(world, "received1", MONDAY.replace(day=15))
    return_workday(world.deed("receiving_manager"), returned, "演示：请补充")
    world.session.commit()
    page = pages("receiving_staff").get(OWN)
    for words, state in (("草稿", "草稿"), ("被退回的", "已退回")):
        (row,) = page.click(words).table_rows()
        assert row["状态"] == state


def test_the_monthly_sheet_asks_its_own_person_alone(pages: Pages, world: World):
    logged(world, "received1")
    world.session.commit()
    sheet = f"/assignments/{world.assignment('received1').public_id}/sheet"
    page = pages("receiving_staff").get(sheet)
    assert "这个月填完了吗" in page.text
    page.submit(1, button="11 月已填完")
    page = pages("receiving_manager").get(sheet)
    assert "这个月填完了吗" not in page.text


def test_a_manager_sees_who_has_declared_and_an_officer_the_share(pages: Pages, world: World):
    logged(world, "received1")
    world.session.commit()
    pages("receiving_staff").get(OWN).submit(1, button="11 月已填完")
    page = pages("receiving_manager").get("/months?month=2022-11")
    rows = {row["姓名"]: row["声明"] for row in page.table_rows()}
    assert rows[world.person("received1").name].startswith("已填完")
    assert rows[world.person("received2").name] == "未声明"
    page = pages("county_officer").get("/months?month=2022-11")
    assert "在岗 5 人，已声明填完 1 人（20%）" in page.text
    page = pages("county_officer").get("/months?month=2022-11&declared=no")
    assert len(page.table_rows()) == 4
    assert "在岗 5 人，已声明填完 1 人（20%）" in page.text
    assert "各地的填报声明" not in page.html
    page = pages("national_officer").get("/months?month=2022-11")
    rows = {row["受援地区"]: row for row in page.table_rows("2022年11月各地的填报声明")}
    assert len(rows) > 1
    assert (rows["宁夏回族自治区"]["在岗人数"], rows["宁夏回族自治区"]["占比"]) == ("5", "20%")
    page = page.click("宁夏回族自治区")
    assert "只列出宁夏回族自治区的人员" in page.text
    assert len(page.table_rows("2022年11月在岗人员的填报声明")) == 5


def test_a_month_that_nobody_was_shown_cannot_be_declared(pages: Pages):
    for asked in ({}, {"month": "2022-11x"}, {"month": "1990-01", "pairing": "P1"}):
        pages("receiving_staff").post("/months/declaration", asked, 409)
    pages("sending_manager").post("/months/declaration", {"month": "2022-11"}, 403)


def test_the_list_costs_the_same_however_many_days_there_are(pages: Pages, world: World):
    pages("county_officer").get("/months")  # what is known once a process
    with statements(pages.app) as before:
        pages("county_officer").get("/months?month=2022-11")
    for number in range(14, 19):
        logged(world, "received1", MONDAY.replace(day=number))
    world.session.commit()
    with statements(pages.app) as after:
        pages("county_officer").get("/months?month=2022-11")
    assert len(before) == len(after)
