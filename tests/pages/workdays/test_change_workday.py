"""Editing, handing in, taking back, giving up, deleting and correcting one's own entries."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Workday
from portal.confirmations.actions import return_workday
from portal.corrections.actions import correct_workday
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, approved, assert_totals_stand, confirmed, entry, logged
from tests.support.world import World


def state(world: World, workday: Workday) -> str:
    world.session.refresh(workday)
    return workday.state.value


def test_a_draft_is_changed_and_handed_in(pages: Pages, world: World):
    workday = logged(world, submit=False)
    page = pages("sending_staff").get(f"/workdays/{workday.id}/edit")
    assert page.form("form.q-panel").values["worked_on"] == ["2022-11-14"]
    page = page.submit(
        worked_on="2022-11-15", days="0.5", description="线上督导", button="提交", follow=True
    )
    assert page.h1.startswith("已提交")
    world.session.refresh(workday)
    assert (str(workday.worked_on), workday.half_days, workday.description) == (
        "2022-11-15",
        1,
        "线上督导",
    )
    assert_totals_stand(world.session)


def test_why_a_change_is_late_is_asked_only_where_it_is(pages: Pages, world: World):
    workday = logged(world, submit=False)
    page = pages("sending_staff").get(f"/workdays/{workday.id}/edit")
    assert page.find("textarea[name=late_reason]") is None
    page = page.submit(worked_on="2022-10-10", button="提交", expect=200)
    assert "超过补录时限 30 天" in page.find("#late_reason-error").text
    page.submit(late_reason="演示：山区断网", button="提交")
    world.session.refresh(workday)
    assert workday.late_reason == "演示：山区断网"


def test_a_draft_is_only_kept(pages: Pages, world: World):
    workday = logged(world, submit=False)
    pages("sending_staff").get(f"/workdays/{workday.id}/edit").submit(
        description="", button="只保存"
    )
    assert (state(world, workday), workday.description) == ("draft", "")


def test_a_returned_entry_shows_why_and_is_handed_in_again(pages: Pages, world: World):
    workday = logged(world)
    return_workday(world.deed("sending_manager"), workday, "请写明地点")
    page = pages("sending_staff").get(f"/workdays/{workday.id}/edit")
    assert "退回原因：请写明地点" in page.text
    page.submit(township="640303100", button="重新提交")
    assert (state(world, workday), workday.township_code) == ("submitted", "640303100")


def test_a_refused_change_stands_beside_its_field_and_leaves_the_row(pages: Pages, world: World):
    logged(world, half_days=1)
    workday = logged(world, half_days=1, submit=False)
    page = pages("sending_staff").get(f"/workdays/{workday.id}/edit")
    page = page.submit(days="1", button="提交", expect=200)
    assert "超过每人每日 1 天" in page.find("#days-error").text
    assert (state(world, workday), workday.half_days) == ("draft", 1)


def test_a_change_of_what_somebody_changed_meanwhile_is_a_conflict(pages: Pages, world: World):
    workday = logged(world, submit=False)
    client = pages("sending_staff")
    first = client.get(f"/workdays/{workday.id}/edit")
    second = client.get(f"/workdays/{workday.id}/edit")
    first.submit(description="第一份", button="只保存")
    page = second.submit(description="第二份", button="只保存", expect=409)
    assert "别人已修改并保存了这条记录" in page.text
    world.session.refresh(workday)
    assert workday.description == "第一份"


def test_what_waits_or_counts_is_not_edited(pages: Pages, world: World):
    for workday in (logged(world), approved(world, day=MONDAY.replace(day=15))):
        page = pages("sending_staff").get(f"/workdays/{workday.id}/edit")
        page = page.submit(button="提交", expect=200)
        assert any("只有“草稿、已退回”的可以修改" in error for error in page.errors)


@pytest.mark.parametrize(
    ("before", "deed", "after"),
    [
        ("draft", "submission", "submitted"),
        ("submitted", "recall", "returned"),
        ("returned", "abandonment", "superseded"),
        ("returned", "submission", "submitted"),
    ],
)
def test_one_click_moves_an_entry_on(
    pages: Pages, world: World, before: str, deed: str, after: str
):
    workday = logged(world, submit=before != "draft")
    if before == "returned":
        return_workday(world.deed("sending_manager"), workday, "原因")
    client = pages("sending_staff")
    client.post(f"/workdays/{workday.id}/{deed}")
    assert state(world, workday) == after
    # The same click again comes too late, and says so.
    client.post(f"/workdays/{workday.id}/{deed}", expect=409)
    assert state(world, workday) == after
    assert_totals_stand(world.session)


def test_what_was_taken_back_is_not_called_returned_for_a_reason(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_staff").post(f"/workdays/{workday.id}/recall", follow=True)
    assert "您已撤回这条日志，改好后请点“重新提交”" in page.text
    assert "退回原因" not in page.text
    page = page.client.get(f"/workdays/{workday.id}")
    assert "您已撤回这条日志" in page.text
    assert "按原因修改" not in page.text


def test_a_draft_is_deleted_and_nothing_else(pages: Pages, world: World):
    draft, waiting = logged(world, submit=False), logged(world, day=MONDAY.replace(day=15))
    client = pages("sending_staff")
    page = client.post(f"/workdays/{draft.id}/deletion", follow=True)
    assert page.messages == ["2022-11-14 的草稿已删除。"]
    page = client.post(f"/workdays/{waiting.id}/deletion", expect=409)
    assert "只有“草稿”的可以删除" in page.text
    assert list(world.session.scalars(sa.select(Workday.id))) == [waiting.id]


def test_an_approved_day_is_corrected_through_the_same_hands(pages: Pages, world: World):
    original = approved(world)
    page = pages("sending_staff").get(f"/workdays/{original.id}/correction")
    assert page.form("form.q-panel").values["days"] == ["1"]
    page = page.submit(days="0.5", reason="下午返回县城", button="提交更正", follow=True)
    assert page.messages == ["更正已提交，核准前原条目继续有效。"]
    assert state(world, original) == "approved"
    correction = world.session.scalars(
        sa.select(Workday).where(Workday.corrects_id == original.id)
    ).one()
    page = pages("sending_manager").get("/workdays/confirmation")
    assert "天数：1 天 → 0.5 天" in page.text
    page.submit("#queue", chosen=[f"{correction.id}-{correction.version}"], button="确认所选")
    page = pages("county_officer").get("/workdays/approval")
    assert "天数：1 天 → 0.5 天" in page.text
    world.session.refresh(correction)
    page.submit("#queue", chosen=[f"{correction.id}-{correction.version}"], button="核准所选")
    assert (state(world, original), state(world, correction)) == ("superseded", "approved")
    assert_totals_stand(world.session)


def test_a_day_can_be_struck_out(pages: Pages, world: World):
    original = approved(world)
    page = pages("sending_staff").get(f"/workdays/{original.id}/correction")
    page.submit(days="0", reason="当日未到岗", button="提交更正")
    correction = world.session.scalars(
        sa.select(Workday).where(Workday.corrects_id == original.id)
    ).one()
    assert (correction.half_days, correction.worth_centidays) == (0, 0)


def test_a_correction_needs_a_reason(pages: Pages, world: World):
    original = approved(world)
    page = pages("sending_staff").get(f"/workdays/{original.id}/correction")
    page = page.submit(days="0.5", button="提交更正", expect=200)
    assert page.errors == ["更正原因：请写明更正原因。"]
    assert world.count(Workday) == 1


def test_a_second_correction_is_refused_while_one_is_on_its_way(pages: Pages, world: World):
    original = approved(world)
    correct_workday(world.deed("sending_staff"), original, entry(MONDAY, 1), "实际半天")
    page = pages("sending_staff").get(f"/workdays/{original.id}/correction")
    page = page.submit(days="0", reason="再改", button="提交更正", expect=200)
    assert any("已有一份更正在办理中" in error for error in page.errors)


def test_a_returned_correction_keeps_its_date(pages: Pages, world: World):
    original = approved(world)
    correction = correct_workday(world.deed("sending_staff"), original, entry(MONDAY, 1), "半天")
    return_workday(world.deed("sending_manager"), correction, "应为撤销")
    page = pages("sending_staff").get(f"/workdays/{correction.id}/edit")
    assert page.find("#worked_on") is None
    page.submit(days="0", button="重新提交")
    world.session.refresh(correction)
    assert (correction.half_days, correction.worked_on, correction.state) == (
        0,
        MONDAY,
        "submitted",
    )


@pytest.mark.parametrize("path", ["edit", "submission", "recall", "deletion", "correction"])
def test_nobody_changes_the_day_of_somebody_else(pages: Pages, world: World, path: str):
    workday = confirmed(world, "sent2")
    url = f"/workdays/{workday.id}/{path}"
    # Somebody else's colleague does not see it, the own manager sees it but may not.
    pages("sending_staff").post(url, {}, expect=404)
    pages("sending_manager").post(url, {}, expect=403)
