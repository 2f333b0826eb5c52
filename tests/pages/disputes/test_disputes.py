"""The list of what the other side handed in, a dispute from it, and who sees that."""

from __future__ import annotations

from datetime import date

from tests.support.inbox import door_count
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import MONDAY, approved, confirmed, logged
from tests.support.world import World

PARTNER, DISPUTED = "/workdays/partner", "/workdays/disputed"
REASON = "演示：当天没有到站"


def test_a_manager_sees_what_the_other_side_handed_in_and_nothing_else(pages: Pages, world: World):
    logged(world, "sent1")
    logged(world, "sent2", submit=False)
    logged(world, "received1")
    rows = pages("receiving_manager").get(PARTNER).table_rows()
    assert [(row["姓名"], row["异议期"]) for row in rows] == [
        (f"{world.person('sent1').name} 援派", "核准之前")
    ]
    client = pages("receiving_manager")
    for query, count in (
        ("person=甲", 1),
        ("person=无此人", 0),
        ("pairing=P1", 1),
        ("pairing=P2", 0),
    ):
        assert len(client.get(f"{PARTNER}?{query}").find_all("tbody tr")) == count, query
    assert "没有符合条件的日志" in pages("foreign_manager").get(PARTNER).text
    pages("receiving_staff").get(PARTNER, 403)


def test_a_dispute_stands_in_the_queue_the_inbox_and_the_day_until_it_is_withdrawn(
    pages: Pages, world: World
):
    day = confirmed(world, "sent1")
    page = pages("receiving_manager").get(PARTNER)
    page = page.submit("#partner", chosen=[f"{day.id}-{day.version}"], reason=REASON, follow=True)
    assert page.messages == ["已对 1 条提出异议；了结之前，县级不能核准这些日子。"]
    page = pages("county_officer").get("/workdays/approval")
    assert "对方有异议" in page.text
    for shown, expected in (
        (page, {"待核准", "有异议 1"}),
        (pages("county_officer").get("/workdays"), {"待核准 1", "有异议 1"}),
    ):
        tabs = {link.text for link in shown.find_all("nav[aria-label=工作日志] a")}
        assert expected <= tabs
    # One day, whatever there is to do about it.
    for persona in ("county_officer", "sending_manager", "sending_staff"):
        assert door_count(pages(persona).get("/"), "工作日志") == "1", persona
    for persona in ("sending_manager", "sending_staff"):
        assert "对方提出异议的日志" in pages(persona).get("/").text
    assert "本机构提出的异议" in pages("receiving_manager").get("/").text
    shown = pages("sending_staff").get(f"/workdays/{day.id}").text
    assert f"对方机构对这一天有异议：{REASON}" in shown
    assert "请联系本机构负责人退回，更正后重新提交" in shown
    shown_to_manager = pages("sending_manager").get(f"/workdays/{day.id}").text
    assert "请退回填报人，更正后重新提交" in shown_to_manager
    assert "有异议" in pages("sending_staff").get("/workdays/new").find("a.q-day").text
    assert "对方提出异议" in shown
    assert len(pages("county_officer").get(DISPUTED).table_rows()) == 1
    page = (
        pages("receiving_manager")
        .get(PARTNER)
        .submit('form[action="/workdays/partner/withdrawal"]', follow=True)
    )
    assert page.messages == ["已撤回 1 条异议。"]
    assert "没有有异议的日志" in pages("county_officer").get(DISPUTED).text


def test_the_county_is_told_why_it_cannot_approve(pages: Pages, world: World):
    day = confirmed(world, "sent1")
    asked = {"chosen": f"{day.id}-{day.version}", "reason": REASON}
    pages("receiving_manager").post(PARTNER, asked)
    world.session.expire_all()
    chosen = {"chosen": f"{day.id}-{day.version}"}
    page = pages("county_officer").post("/workdays/approval", chosen, 200)
    assert any("对方机构对这一天提出了异议，尚未了结，不能核准" in one for one in page.errors)


def test_the_county_settles_a_dispute_on_the_page_of_the_day(pages: Pages, world: World):
    day = confirmed(world, "sent1")
    asked = {"chosen": f"{day.id}-{day.version}", "reason": REASON}
    pages("receiving_manager").post(PARTNER, asked)
    county = pages("county_officer")
    home = county.get("/")
    assert "待认定的异议" in home.text
    page = county.get(f"/workdays/{day.id}").click("认定异议成立")
    page = page.submit("form.q-panel", button="认定异议成立", reason="演示：属实", follow=True)
    assert "日志退回填报人" in page.messages[0]
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销认定异议成立，1 条恢复到认定异议成立前的状态。"]
    page = county.get(f"/workdays/{day.id}").click("认定异议不成立")
    page = page.submit(
        "form.q-panel", button="认定异议不成立", reason="演示：有签到表", follow=True
    )
    assert "的异议不成立，双方会看到理由" in page.messages[0]
    page = page.submit("form[action='/workdays/approval']", button="核准", follow=True)
    assert page.messages == ["已核准 1 条，已计入汇总。"]
    rows = pages("receiving_manager").get(f"{PARTNER}?scope=all").table_rows()
    assert [row["异议期"] for row in rows] == ["县级认定异议不成立"]
    assert "没有符合条件的日志" in pages("receiving_manager").get(PARTNER).text


def test_asks_for_the_days_and_the_reason(pages: Pages, world: World):
    day = logged(world, "sent1")
    page = pages("receiving_manager").post(PARTNER, {"reason": REASON}, 200)
    assert page.errors == ["请先勾选要提出异议的日志。"]
    page = pages("receiving_manager").post(PARTNER, {"chosen": f"{day.id}-{day.version}"}, 200)
    assert page.errors == ["异议原因：请写明异议原因，便于对方核对。"]


def test_the_filters_of_a_queue_ask_nothing_of_the_days_in_dispute(pages: Pages, world: World):
    day = confirmed(world, "sent1")
    pages("receiving_manager").post(
        PARTNER, {"chosen": f"{day.id}-{day.version}", "reason": REASON}
    )
    client = pages("county_officer")
    for query in ("side=sent", "tab=noted", "reason=late", "first_day=2022-11-01"):
        assert len(client.get(f"{DISPUTED}?{query}").table_rows()) == 1
    assert client.get(f"{DISPUTED}?person=无此人").find_all("tbody tr a") == []


def test_costs_the_same_however_many_days_there_are(pages: Pages, world: World):
    logged(world, "sent1")
    pages("receiving_manager").get(PARTNER)
    with statements(pages.app) as before:
        pages("receiving_manager").get(PARTNER)
    for number in range(15, 19):
        logged(world, "sent1", MONDAY.replace(day=number))
    world.session.commit()
    with statements(pages.app) as after:
        pages("receiving_manager").get(PARTNER)
    assert len(before) == len(after)


def test_shows_first_what_is_not_agreed_by_silence(pages: Pages, world: World):
    approved(world, "sent1", date(2022, 11, 14))
    world.clock.stand_on(date(2022, 12, 12))
    logged(world, "sent1", date(2022, 12, 9))
    world.session.commit()
    client = pages("receiving_manager")
    assert [row["日期"] for row in client.get(PARTNER).table_rows()] == ["2022-12-09"]
    rows = client.get(f"{PARTNER}?scope=all").table_rows()
    assert [row["异议期"] for row in rows] == ["核准之前", "已视为认可"]


def test_holds_as_many_rows_a_page_as_one_wants(pages: Pages, world: World):
    for number in range(7, 19):
        logged(world, "sent1", MONDAY.replace(day=number))
        logged(world, "sent2", MONDAY.replace(day=number))
    world.session.commit()
    client = pages("receiving_manager")
    assert len(client.get(PARTNER).table_rows()) == 24
    client.post("/display/lists", {"size": "20", "back": PARTNER})
    page = client.get(PARTNER)
    assert len(page.table_rows()) == 20
    assert "第 1–20 条，共 24 条" in page.text
