"""The page of one working day: what it says, why it counts or not yet, who decided what."""

from __future__ import annotations

from datetime import date, timedelta

from models.types import WorkMode
from portal.confirmations.actions import return_workday
from portal.corrections.actions import correct_workday
from portal.programme.actions import close_work_year, reopen_work_year
from portal.workdays.actions import give_up_workday
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, approved, confirmed, entry, logged
from tests.support.world import World


def buttons(page: Page) -> set[str]:
    header = page.find(".q-page-header__actions")
    return {one.text for one in header.find_all("button, a")} if header else set()


def obstacles(page: Page) -> list[str]:
    return [one["data-code"] for one in page.find_all(".q-finding")]


def test_an_approved_day_says_that_it_counts(pages: Pages, world: World):
    page = pages("sending_staff").get(f"/workdays/{approved(world).id}")
    assert page.h1 == f"2022-11-14 {world.person('sent1').name}"
    assert "已计入 1 天。" in page.text
    assert obstacles(page) == []
    assert buttons(page) == {"申请更正", "再填一条相同的", "登记这天的支出"}


def test_offers_nothing_in_a_closed_year_and_says_why(pages: Pages, world: World):
    waiting, ready = logged(world), confirmed(world, day=MONDAY + timedelta(1))
    draft, done = logged(world, day=MONDAY + timedelta(2), submit=False), approved(world, "sent2")
    for persona, workday, usual, left in (
        ("sending_staff", draft, "提交", set()),
        ("sending_staff", waiting, "撤回修改", {"再填一条相同的"}),
        ("sending_manager", waiting, "确认", set()),
        ("county_officer", ready, "核准", set()),
        ("county_officer", done, None, set()),
    ):
        path = f"/workdays/{workday.id}"
        assert usual is None or usual in buttons(pages(persona).get(path))
        close_work_year(world.deed(), 2022, "年度结束")
        page = pages(persona).get(path)
        assert buttons(page) == left
        assert "2022 工作年度已关闭，不能再办理这条日志" in page.text
        reopen_work_year(world.deed(), 2022, "演示")


def test_what_a_person_may_do_follows_from_the_state(pages: Pages, world: World):
    client = pages("sending_staff")
    draft = logged(world, submit=False)
    assert buttons(client.get(f"/workdays/{draft.id}")) == {"提交", "修改", "删除"}
    waiting = logged(world, day=MONDAY + timedelta(1))
    assert buttons(client.get(f"/workdays/{waiting.id}")) == {
        "撤回修改",
        "再填一条相同的",
        "登记这天的支出",
    }
    done = confirmed(world, day=MONDAY + timedelta(2))
    page = client.get(f"/workdays/{done.id}")
    assert buttons(page) == {"再填一条相同的", "登记这天的支出"}
    assert "请联系本机构负责人退回" in page.text
    return_workday(world.deed("sending_manager"), waiting, "地点不对")
    page = client.get(f"/workdays/{waiting.id}")
    assert buttons(page) == {"不改，直接提交", "修改", "作废", "再填一条相同的"}
    assert "退回原因：地点不对" in page.text


def test_managers_and_counties_have_their_own_deeds(pages: Pages, world: World):
    waiting, ready = logged(world), confirmed(world, "sent2")
    at = {
        ("sending_manager", waiting.id): {"确认", "退回"},
        ("county_officer", waiting.id): set(),
        ("sending_manager", ready.id): {"退回"},
        ("county_officer", ready.id): {"核准", "退回"},
        ("province_officer", ready.id): set(),
    }
    for (persona, number), expected in at.items():
        assert buttons(pages(persona).get(f"/workdays/{number}")) == expected, persona


def test_a_deed_on_the_page_is_done(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_manager").get(f"/workdays/{workday.id}")
    page.submit("form[action$=confirmation]")
    page = pages("county_officer").get(f"/workdays/{workday.id}")
    page.submit("form[action$=approval]")
    world.session.refresh(workday)
    assert workday.state == "approved"


def test_obstacles_name_their_clause_and_who_can_mend_them(pages: Pages, world: World):
    world.assignment("sent1").is_qualified = False
    workday = confirmed(world)
    page = pages("sending_staff").get(f"/workdays/{workday.id}")
    assert obstacles(page) == ["not_approved", "not_qualified"]
    assert "依据：二(四)2" in page.text
    assert "依据：系统默认口径" in page.text


def test_a_held_day_offers_the_click_that_mends_it_once(pages: Pages, world: World):
    workday = approved(world, "received1", task=None)
    page = pages("receiving_staff").get(f"/workdays/{workday.id}")
    assert obstacles(page) == ["no_task"]
    mends = page.find_all("main a[href$='/correction']")
    assert [one["href"] for one in mends] == [f"/workdays/{workday.id}/correction"]


def test_a_returned_day_offers_its_change_once(pages: Pages, world: World):
    workday = confirmed(world)
    return_workday(world.deed("county_officer"), workday, "缺少地点")
    page = pages("sending_staff").get(f"/workdays/{workday.id}")
    assert [one.text for one in page.find_all("main a[href$='/edit']")] == ["修改"]


def test_a_worthless_mode_is_explained(pages: Pages, world: World):
    workday = approved(world, mode=WorkMode.TRAVEL)
    page = pages("sending_staff").get(f"/workdays/{workday.id}")
    assert "援派人员的“在途”折算为 0 天" in page.text


def test_the_timeline_tells_who_did_what_when_and_why(pages: Pages, world: World):
    workday = confirmed(world)
    return_workday(world.deed("county_officer"), workday, "缺少地点")
    page = pages("sending_staff").get(f"/workdays/{workday.id}")
    steps = [one.text for one in page.find_all(".q-timeline li")]
    assert [step.split()[0] for step in steps] == ["退回", "机构确认", "填报并提交"]
    assert steps[0].endswith("缺少地点")
    assert world.actor("county_officer").name in steps[0]
    assert "2022-11-21 10:00" in steps[0]


def test_rest_day_and_lag_are_shown(pages: Pages, world: World):
    workday = logged(world, day=date(2022, 11, 20))
    text = pages("sending_staff").get(f"/workdays/{workday.id}").text
    assert "休息日，经县级核准后计入" in text
    assert "（1 天后补录）" in text


def test_original_and_correction_lead_to_each_other(pages: Pages, world: World):
    original = approved(world)
    correction = correct_workday(
        world.deed("sending_staff"), original, entry(MONDAY, 1), "实际半天"
    )
    client = pages("sending_staff")
    page = client.get(f"/workdays/{original.id}")
    assert "申请更正" not in buttons(page)
    page = page.click("更正为 0.5 天（驻点）")
    assert page.h1 == f"更正 2022-11-14 {world.person('sent1').name}"
    assert page.table_rows("更正前后对照")[0] == {
        "项目": "天数",
        "原条目": "1 天",
        "更正为": "0.5 天",
    }
    assert obstacles(page) == ["not_confirmed"]
    assert page.click("查看原条目").path == f"/workdays/{original.id}"
    assert page.path == f"/workdays/{correction.id}"


def test_a_given_up_day_says_so(pages: Pages, world: World):
    workday = logged(world)
    return_workday(world.deed("sending_manager"), workday, "未到岗")
    give_up_workday(world.deed("sending_staff"), workday)
    page = pages("sending_staff").get(f"/workdays/{workday.id}")
    assert "这条日志已失效，不再计入。" in page.text
    assert buttons(page) == {"再填一条相同的"}


def test_a_foreign_day_is_as_good_as_missing(pages: Pages, world: World):
    workday = logged(world)
    for persona in ("foreign_manager", "other_county_officer", "other_staff", "receiving_staff"):
        pages(persona).get(f"/workdays/{workday.id}", expect=404)
    pages("sending_staff").get("/workdays/987654321", expect=404)
    pages("sending_staff").get("/workdays/99999999999999999999999", expect=404)
