"""The button that takes back what was just decided, and what a decision would do before it is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.types import WorkdayState
from tests.support.inbox import notes
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, assert_totals_stand, confirmed, events, logged
from tests.support.world import World

CONFIRM, APPROVE = "/workdays/confirmation", "/workdays/approval"


def tokens(page: Page) -> list[str]:
    return [one["value"] for one in page.find_all("input[data-bulk-item]")]


def test_what_was_approved_is_taken_back_by_one_button(pages: Pages, world: World):
    workdays = [confirmed(world), confirmed(world, "sent2")]
    world.clock.pass_time(days=3)
    client = pages("county_officer")
    waited = notes(client.get("/"))
    assert waited["待核准的工作日志"].endswith("最早 3 天前")
    page = client.get(APPROVE)
    page = page.submit("#queue", chosen=tokens(page), button="核准所选", follow=True)
    assert page.messages == ["已核准 2 条，已计入汇总。"]
    page = page.submit(".q-undo form", follow=True)
    assert page.path == APPROVE
    assert page.messages == ["已撤销核准，2 条恢复到核准前的状态。"]
    assert len(tokens(page)) == 2
    world.session.expire_all()
    assert {one.state for one in workdays} == {WorkdayState.CONFIRMED}
    assert_totals_stand(world.session)
    assert page.find(".q-undo") is None
    # Nothing was decided: they wait as long as before.
    assert notes(client.get("/")) == waited


def test_the_button_stands_in_the_queue_while_the_decision_can_be_taken_back(
    pages: Pages, world: World
):
    logged(world)
    client = pages("sending_manager")
    page = client.get(CONFIRM)
    page = page.submit("#queue", chosen=tokens(page), button="确认所选", follow=True)
    assert len(page.find_all(".q-undo button")) == 1
    client.get("/workdays")
    page = client.get(CONFIRM)
    assert "已确认 1 条" in page.find(".q-undo").text
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销确认，1 条恢复到确认前的状态。"]
    assert page.find(".q-undo") is None


def test_the_button_is_gone_once_it_is_too_late(pages: Pages, world: World):
    logged(world)
    client = pages("sending_manager")
    page = client.get(CONFIRM)
    page.submit("#queue", chosen=tokens(page), button="确认所选", follow=True)
    world.clock.pass_time(minutes=11)
    assert client.get(CONFIRM).find(".q-undo") is None


def test_what_was_ticked_stays_ticked_when_its_effect_is_shown(pages: Pages, world: World):
    first, second = logged(world), logged(world, "sent2")
    page = pages("sending_manager").get(CONFIRM)
    chosen = [f"{first.id}-{first.version}"]
    page = page.submit("#queue", chosen=chosen, button="查看影响", expect=200)
    ticked = {one["value"] for one in page.find_all("input[data-bulk-item][checked]")}
    assert ticked == set(chosen)
    assert f"{second.id}-{second.version}" in tokens(page)


def test_a_return_is_taken_back_and_the_entry_waits_again(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_manager").get(f"/workdays/{workday.id}/confirmation/return")
    page = page.submit(reason="天数不符", follow=True)
    assert tokens(page) == []
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销退回，1 条恢复到退回前的状态。"]
    assert len(tokens(page)) == 1


def test_pressing_twice_takes_back_once(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get(CONFIRM)
    page = page.submit("#queue", chosen=tokens(page), button="确认所选", follow=True)
    for _ in range(2):
        assert page.submit(".q-undo form").location == CONFIRM
    assert events(world.session)[-2:] == ["workday.confirmed", "workday.confirmed_undone"]


def test_says_why_when_the_county_was_faster(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get(CONFIRM)
    page = page.submit("#queue", chosen=tokens(page), button="确认所选", follow=True)
    county = pages("county_officer").get(APPROVE)
    county.submit("#queue", chosen=tokens(county), button="核准所选")
    refused = page.submit(".q-undo form", expect=409)
    assert "之后已有人办理或修改，不能再撤销" in refused.text
    assert events(world.session)[-1] == "workday.approved"


def test_says_why_after_ten_minutes(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get(CONFIRM)
    page = page.submit("#queue", chosen=tokens(page), button="确认所选", follow=True)
    world.clock.pass_time(minutes=11)
    refused = page.submit(".q-undo form", expect=409)
    assert "已超过 10 分钟，不能再撤销。如有不妥，可在核准前退回填报人。" in refused.text


@pytest.mark.parametrize("persona", ["other_county_officer", "province_officer", "sending_staff"])
def test_nobody_else_can_use_the_button(pages: Pages, world: World, persona: str):
    confirmed(world)
    page = pages("county_officer").get(APPROVE)
    page = page.submit("#queue", chosen=tokens(page), button="核准所选", follow=True)
    url = page.find(".q-undo form")["action"]
    expected = 409 if persona == "other_county_officer" else 403
    pages(persona).post(url, expect=expected)
    assert events(world.session)[-1] == "workday.approved"


def test_shows_what_an_approval_would_do_and_does_nothing(pages: Pages, world: World):
    confirmed(world)
    confirmed(world, "received1", half_days=1)
    before = events(world.session)
    page = pages("county_officer").get(APPROVE)
    page = page.submit("#queue", chosen=tokens(page), button="查看影响", expect=200)
    effect = page.find(".q-effect")
    assert effect.find("h2").text == "核准这些条目的影响"
    assert "核准 2 条，共 1.5 天。" in effect.text
    assert [one.text for one in effect.find_all("dt")] == [
        "P1 · 2022 年度援派计入",
        "P1 · 2022 年度受援计入",
    ]
    assert [one.text for one in effect.find_all("dd")] == [
        "原为0 天 → 改为1 天",
        "原为0 天 → 改为0.5 天",
    ]
    assert events(world.session) == before
    page = page.submit(".q-effect form", follow=True)
    assert page.messages == ["已核准 2 条，已计入汇总。"]
    assert_totals_stand(world.session)


def test_offers_the_rest_when_some_cannot_be_decided(pages: Pages, world: World):
    first, second = logged(world), logged(world, day=MONDAY + timedelta(1))
    page = pages("sending_manager").get(CONFIRM)
    chosen = tokens(page)
    pages("sending_manager").post(CONFIRM, {"chosen": [f"{first.id}-{first.version}"]})
    page = page.submit("#queue", chosen=chosen, button="确认所选", expect=200)
    assert page.errors
    effect = page.find(".q-effect")
    assert "确认 1 条，共 1 天。" in effect.text
    assert "目前为“已确认”" in effect.find(".q-effect__skipped").text
    page = page.submit(".q-effect form", follow=True)
    assert page.messages == ["已确认 1 条，现由县级民政部门核准。"]
    world.session.expire_all()
    assert {first.state, second.state} == {WorkdayState.CONFIRMED}


def test_says_so_when_none_can_be_decided(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_manager").get(CONFIRM)
    pages("sending_manager").post(CONFIRM, {"chosen": tokens(page)})
    page = page.submit("#queue", chosen=tokens(page), button="查看影响", expect=200)
    effect = page.find(".q-effect")
    assert "所选条目都不能确认" in effect.text
    assert "目前为“已确认”" in effect.find(".q-effect__skipped").text
    assert effect.find("form") is None
    assert "没有待确认的日志" in page.text
    world.session.expire_all()
    assert workday.state == WorkdayState.CONFIRMED
