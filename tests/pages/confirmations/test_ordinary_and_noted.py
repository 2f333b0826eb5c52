"""The queue told apart: ordinary entries by one button, the others with their reasons; returns of many."""

from __future__ import annotations

from datetime import timedelta

from models import Workday
from models.types import WorkdayState
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.workdays import (
    MONDAY,
    assert_totals_stand,
    confirmed,
    entry,
    events,
    logged,
    logged_together,
)
from tests.support.world import World

CONFIRM, APPROVE = "/workdays/confirmation", "/workdays/approval"


def tokens(page: Page) -> list[str]:
    return [one["value"] for one in page.find_all("input[data-bulk-item]")]


def counts(page: Page) -> list[str]:
    return [one.text for one in page.find_all("nav[aria-label=普通或需留意] .q-count")]


def noted(page: Page) -> list[str]:
    return [row["说明"] for row in page.table_rows(0)]


def own_words(world: World, count: int, lay=confirmed) -> list[Workday]:
    """Lay ordinary days: whole, of working days, in time, each in words of its own."""
    workers = ("sent1", "sent2")
    return [
        lay(world, workers[n % 2], MONDAY - timedelta(n // 2 * 7), description=f"演示：第 {n} 户")
        for n in range(count)
    ]


def test_the_ordinary_ones_are_approved_by_two_clicks_and_taken_back_by_one(
    pages: Pages, world: World
):
    ordinary = own_words(world, 6)
    half = confirmed(world, day=MONDAY + timedelta(1), half_days=1, description="演示：半天")
    page = pages("county_officer").get(APPROVE)
    assert counts(page) == ["6", "1"]
    assert len(tokens(page)) == 6
    page = page.submit(button="核准全部普通 6 条", form=".q-queue-all", expect=200)
    effect = page.find(".q-effect")
    assert "核准 6 条，共 6 天。" in effect.text
    page = page.submit(".q-effect form", follow=True)
    assert page.messages == ["已核准 6 条，已计入汇总。"]
    world.session.expire_all()
    assert {one.state for one in ordinary} == {WorkdayState.APPROVED}
    assert half.state == WorkdayState.CONFIRMED
    assert_totals_stand(world.session)
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销核准，6 条恢复到核准前的状态。"]


def test_one_button_decides_over_all_pages_but_no_more_than_its_bound(
    pages: Pages, world: World, monkeypatch
):
    own_words(world, 5)
    monkeypatch.setattr("portal.confirmations.queue_queries.QUEUE_SIZE", 2)
    client = pages("county_officer")
    page = client.get(APPROVE)
    assert len(tokens(page)) == 2
    assert len(tokens(page.click("下一页"))) == 2
    assert len(tokens(page.click("下一页").click("下一页"))) == 1
    assert "核准全部普通 5 条" in page.text
    monkeypatch.setattr("portal.confirmations.queue_queries.MOST_AT_ONCE", 3)
    page = client.get(APPROVE)
    page = page.submit(button="核准前 3 条普通（共 5 条）", form=".q-queue-all", expect=200)
    page = page.submit(".q-effect form", follow=True)
    assert page.messages == ["已核准 3 条，已计入汇总。"]
    assert counts(page) == ["2", "0"]


def test_what_changed_meanwhile_is_left_out_and_said(pages: Pages, world: World):
    ordinary = own_words(world, 3, logged)
    page = pages("sending_manager").get(CONFIRM)
    worker = pages("sending_staff")
    worker.post(f"/workdays/{ordinary[0].id}/recall")
    worker.get(f"/workdays/{ordinary[0].id}/edit").submit(days="0.5", button="重新提交")
    page = page.submit(button="确认全部普通 3 条", form=".q-queue-all", expect=200)
    effect = page.find(".q-effect")
    assert "确认 2 条，共 2 天。" in effect.text
    assert "已由他人办理或修改" in effect.find(".q-effect__skipped").text
    page = page.submit(".q-effect form", follow=True)
    assert page.messages == ["已确认 2 条，现由县级民政部门核准。"]


def test_days_that_were_written_at_once_are_ordinary_though_they_say_the_same(
    pages: Pages, world: World
):
    days = (MONDAY, MONDAY + timedelta(1))
    logged_together(world, "sent1", [entry(day, description="演示：驻点两天") for day in days])
    client = pages("sending_manager")
    assert counts(client.get(CONFIRM)) == ["2", "0"]
    logged(world, "sent2", MONDAY + timedelta(2), description="演示：驻点两天")
    page = client.get(CONFIRM + "?tab=noted")
    assert counts(page) == ["0", "3"]
    assert all("内容相同" in said for said in noted(page))


def test_each_reason_for_attention_is_said_and_can_be_asked_for(pages: Pages, world: World):
    logged(world, day=MONDAY - timedelta(1), description="演示：周日走访")
    logged(world, day=MONDAY, half_days=1, description="演示：半天督导")
    late = MONDAY - timedelta(42)
    logged(world, day=late, description="演示：补录", late_reason="演示：山路中断")
    logged(world, day=MONDAY + timedelta(1), description="演示：同一句话")
    logged(world, "sent2", MONDAY + timedelta(2), description="演示：同一句话")
    logged(world, "sent2", MONDAY, description="演示：普通的一天")
    client = pages("sending_manager")
    page = client.get(CONFIRM + "?tab=noted")
    assert counts(page) == ["1", "5"]
    said = " ".join(noted(page))
    for reason in ("休息日", "半天", "补录", "内容相同"):
        assert reason in said
    assert "演示：山路中断" in said
    page = page.click("内容相同 2")
    assert len(tokens(page)) == 2
    assert "半天 1" in page.text
    assert counts(page) == ["0", "2"]
    # Which other day says so stands where one decides, and a return leads back to these.
    one, other = (f"/workdays/{token.split('-')[0]}" for token in tokens(page))
    assert other in [to for _, to in client.get(one).links(".q-notice a")]
    asked = client.get(next(to for text, to in page.links() if text.startswith("退回")))
    assert [to for _, to in asked.links(".q-definitions a")] == [other]
    back = asked.submit(stock=["same_text"], button="退回").location
    assert "tab=noted" in back
    assert "reason=same_text" in back
    assert len(tokens(client.get(CONFIRM + "?tab=ordinary"))) == 1


def test_a_queue_is_asked_by_dates_and_side(pages: Pages, world: World):
    confirmed(world, day=MONDAY)
    confirmed(world, day=MONDAY + timedelta(1))
    confirmed(world, "received1", MONDAY)
    client = pages("county_officer")
    assert len(tokens(client.get(f"{APPROVE}?first_day={MONDAY}&last_day={MONDAY}"))) == 2
    assert len(tokens(client.get(APPROVE + "?side=received"))) == 1
    page = client.get(APPROVE + "?side=neither&reason=none&tab=other&page=99")
    assert len(tokens(page)) == 3


def test_many_are_returned_for_a_stock_reason_and_taken_back_together(pages: Pages, world: World):
    returned = [logged(world), logged(world, "sent2")]
    page = pages("sending_manager").get(CONFIRM)
    page = page.submit("#queue", chosen=tokens(page), button="退回所选", expect=200)
    assert page.h1 == "退回所选日志（2 条）"
    refused = page.submit(button="退回", expect=200)
    assert refused.errors == ["退回原因：请写明退回原因，便于填报人修改。"]
    # Whoever unticks all loses neither the words nor the list.
    refused = refused.submit(chosen=[], reason="另请附照片。", button="退回", expect=200)
    assert refused.errors == ["请先勾选要退回的条目。"]
    assert refused.find("textarea[name=reason]").text.strip() == "另请附照片。"
    boxes = refused.find_all("input[name=chosen]")
    assert [one.get("checked") for one in boxes] == [None, None]
    chosen = [one["value"] for one in boxes]
    page = refused.submit(
        chosen=chosen, stock=["content"], reason="另请附照片。", button="退回", follow=True
    )
    assert page.messages == ["已退回 2 条日志，填报人修改后会重新提交。"]
    assert "没有待确认的日志" in page.text
    shown = pages("sending_staff").get(f"/workdays/{returned[0].id}").text
    assert "请补充工作内容：服务了谁、做了什么、结果怎样。另请附照片。" in shown
    assert events(world.session)[-1] == "workday.returned"
    assert_totals_stand(world.session)
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销退回，2 条恢复到退回前的状态。"]


def test_a_return_of_none_is_said_and_one_that_changed_is_named(pages: Pages, world: World):
    first, second = logged(world), logged(world, "sent2")
    client = pages("sending_manager")
    page = client.get(CONFIRM).submit("#queue", button="退回所选", follow=True)
    assert page.messages == ["请先勾选要退回的条目。"]
    page = page.submit("#queue", chosen=tokens(page), button="退回所选", expect=200)
    pages("sending_manager").post(CONFIRM, {"chosen": [f"{first.id}-{first.version}"]})
    page = page.submit(stock=["date"], button="退回", expect=200)
    assert "已由他人办理或修改" in page.errors[0]
    world.session.expire_all()
    assert second.state == WorkdayState.SUBMITTED
