"""The page on which a worker logs a day, on a phone."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import CalendarYear, PolicyParameter, Programme, Workday, WorkYear
from models.types import Task, WorkMode
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, confirmed, logged
from tests.support.world import World

NEW = "/workdays/new"


def filled(**changes: object) -> dict[str, object]:
    return {"task": "t1", "description": "入户走访三户", **changes}


def only_workday(world: World) -> Workday:
    return world.session.scalars(sa.select(Workday)).one()


def test_three_taps_and_a_sentence_are_enough(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    assert page.h1 == "填报工作日"
    form = page.form("form.q-panel")
    # All but the task and the sentence stands there already.
    assert form.values["pairing"] == ["P1"]
    assert form.values["day"] == ["2022-11-21"]
    assert form.values["days"] == ["1"]
    assert form.values["mode"] == ["onsite"]
    page = page.submit(**filled(), button="提交", follow=True)
    workday = only_workday(world)
    assert (workday.state, workday.worked_on, workday.half_days) == (
        "submitted",
        date(2022, 11, 21),
        2,
    )
    assert workday.person_id == world.person("sent1").id
    assert page.h1.startswith("已提交")


def test_the_first_page_is_small(pages: Pages):
    assert len(pages("sending_staff").get(NEW).body) < 40_000


def test_a_draft_is_kept_without_a_sentence_and_handed_in_with_one(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(task="t2", button="保存草稿", follow=True)
    assert only_workday(world).state == "draft"
    assert page.h1.startswith("草稿已保存")
    refused = page.submit("form[action$=submission]", expect=409)
    assert "还没有写工作内容，不能提交" in refused.text
    assert only_workday(world).state == "draft"


def test_what_is_missing_is_said_beside_its_field(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(button="提交", expect=200)
    assert page.errors == ["帮扶任务：请选择帮扶任务。", "工作内容：请用一句话写明做了什么。"]
    assert page.find("#task-error").text.endswith("请选择帮扶任务。")
    assert page.find("#description-error").text.endswith("请用一句话写明做了什么。")
    assert world.count(Workday) == 0


def test_yesterday_and_any_other_date_of_the_month_can_be_chosen(pages: Pages, world: World):
    client = pages("sending_staff")
    page = client.get(NEW)
    page.submit(**filled(day="2022-11-20"), button="提交")
    page = client.get(NEW)
    page.submit(**filled(day="2022-11-15"), button="提交")
    dates = world.session.scalars(sa.select(Workday.worked_on).order_by(Workday.worked_on))
    assert list(dates) == [date(2022, 11, 15), date(2022, 11, 20)]


def test_a_full_date_leads_to_the_entry_that_fills_it(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_staff").get(NEW)
    # It is no choice in the month; a span of dates names it all the same.
    assert not page.find("input[value='2022-11-14']")
    page = page.submit(**filled(first="2022-11-14"), button="提交", expect=200)
    assert any("将超过每人每日 1 天的上限" in error for error in page.errors)
    assert f"/workdays/{workday.id}" in [address for _, address in page.links()]
    assert "已有的日志：2022-11-14，1 天，已提交" in page.text


def test_a_date_must_be_named(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(**filled(day=None), button="提交", expect=200)
    assert page.errors == ["日期：请在月历上选择日期。"]
    page = page.submit(**filled(first="上周三"), button="提交", expect=200)
    assert "从：“上周三”不是日期，请按 2022-03-01 的格式填写。" in page.errors
    sent = {**page.form("form.q-panel").values, **filled(), "day": "昨天", "first": ""}
    page = page.client.post(NEW, sent, expect=200)
    assert page.errors == ["日期：请在月历上选择日期。"]
    assert world.count(Workday) == 0


def test_a_form_that_was_opened_before_midnight_means_the_day_it_showed(
    pages: Pages, world: World, clock
):
    page = pages("sending_staff").get(NEW)
    clock.pass_time(hours=15)
    # The session would have ended meanwhile; so the same form comes from a new one.
    later = pages("sending_staff").get(NEW)
    values = {**filled(), "day": "2022-11-21"}
    form = {name: one[0] for name, one in later.form("form.q-panel").values.items()}
    later.client.post(NEW, {**form, **values})
    assert only_workday(world).worked_on == date(2022, 11, 21)
    assert page.form("form.q-panel").values["day"] == ["2022-11-21"]


def test_refusals_of_the_rules_stand_beside_their_fields(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    logged(world, day=date(2022, 11, 21))  # on another phone, meanwhile
    page = page.submit(**filled(), button="提交", expect=200)
    assert page.find("#day-error").text.startswith("错误：2022-11-21 已登记 1 天（各结对合计）")
    page = page.submit(**filled(first="2022-11-30"), button="提交", expect=200)
    assert "不能预填" in page.find("#day-error").text


def test_a_late_entry_asks_for_its_reason(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    # No day of this month is late: nobody is asked why.
    assert page.find(".q-when-late[hidden] textarea[name=late_reason]")
    assert page.find("form.q-panel")["data-late-until"] == "2022-10-21"
    page = page.submit(**filled(first="2022-10-10"), button="提交", expect=200)
    assert "超过补录时限 30 天" in page.find("#late_reason-error").text
    assert page.form("form.q-panel").values["day"] == ["2022-10-10"]
    page.submit(late_reason="山区断网，纸质记录补录", button="提交")
    assert only_workday(world).late_reason == "山区断网，纸质记录补录"


def test_a_closed_year_is_said_beside_the_date(pages: Pages, world: World):
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )
    page = pages("sending_staff").get(NEW)
    page = page.submit(**filled(), button="提交", expect=200)
    assert "2022 工作年度已关闭" in page.find("#day-error").text


def test_a_rest_day_is_announced_before_and_after(pages: Pages):
    client = pages("sending_staff")
    page = client.get(NEW)
    assert page.find(".q-when-rest").text == "所选有休息日，经县级核准后计入。"
    assert "q-day--rest" in page.find("label:contains('20')")["class"]
    page = page.submit(**filled(day="2022-11-20"), button="提交", follow=True)
    assert "2022-11-20 是休息日，经县级核准后计入。" in page.text


def test_a_year_without_its_notice_is_announced(pages: Pages, world: World):
    world.session.execute(sa.delete(CalendarYear).where(CalendarYear.year == 2022))
    assert "2022 年的节假日安排尚未录入" in pages("sending_staff").get(NEW).text


def test_half_days_are_offered_only_where_the_policy_has_them(pages: Pages, world: World):
    world.session.add(
        PolicyParameter(
            programme_id=world.session.scalars(sa.select(Programme.id).limit(1)).one(),
            key="day_step",
            value="1",
            valid_from=date(2022, 1, 1),
            clause="演示",
            recorded_at=world.clock(),
        )
    )
    page = pages("sending_staff").get(NEW)
    assert [one["value"] for one in page.find_all("input[name=days]")] == ["1"]


def test_the_last_entry_can_be_copied(pages: Pages, world: World):
    logged(
        world, task=Task.T3, mode=WorkMode.ONLINE, description="线上督导", township_code="640303100"
    )
    page = pages("sending_staff").get(NEW).click("同上次（2022-11-14）")
    values = page.form("form.q-panel").values
    assert values["task"] == ["t3"]
    assert values["mode"] == ["online"]
    assert values["township"] == ["640303100"]
    assert values["description"] == ["线上督导"]
    assert values["day"] == ["2022-11-21"]


def test_the_entry_of_somebody_else_is_not_copied(pages: Pages, world: World):
    other = logged(world, "sent2", description="别人的内容")
    page = pages("sending_staff").get(f"{NEW}?like={other.id}")
    assert "别人的内容" not in page.html


def test_townships_of_the_county_are_offered_and_no_others(pages: Pages):
    page = pages("sending_staff").get(NEW)
    offered = [one["value"] for one in page.find_all("#township option")]
    assert len(offered) > 3
    assert all(code.startswith("640303") for code in offered if code)
    sent = {**page.form("form.q-panel").values, **filled(), "township": "640324100"}
    page = page.client.post(NEW, sent, expect=200)
    assert page.find("#township-error")


def test_another_pairing_cannot_be_named(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(values={**filled(), "pairing": "P3"}, button="提交", expect=200)
    assert any(error.startswith("结对：") for error in page.errors)
    assert world.count(Workday) == 0


def test_a_form_that_is_sent_twice_has_one_effect(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    first = page.submit(**filled(days="0.5"), button="提交")
    again = page.submit(**filled(days="0.5"), button="提交")
    assert (again.location, world.count(Workday)) == (first.location, 1)
    # The same form with another content is a conflict.
    page.submit(**filled(days="0.5", task="t2"), button="提交", expect=409)
    assert world.count(Workday) == 1


def test_somebody_without_an_assignment_is_told_what_to_do(pages: Pages):
    page = pages("other_staff").get(NEW)
    assert "请联系本机构负责人在结对中提出选派" in page.text
    assert page.find("form.q-panel") is None
    page.client.post(NEW, {"pairing": "P1", **filled()}, expect=200)


def test_managers_and_officers_do_not_log(pages: Pages):
    pages("sending_manager").get(NEW, expect=403)
    pages("county_officer").get(NEW, expect=403)


def test_the_receipt_says_what_was_logged_and_how_far_one_is(pages: Pages, world: World):
    confirmed(world, "sent2")
    page = pages("sending_staff").get(NEW)
    page = page.submit(**filled(), button="提交", follow=True)
    assert "2022-11-21" in page.text
    assert "入户走访三户" in page.text
    assert "援派一方已计入（全队合计） 0 / 40 天" in page.text
    assert "另有 2 天待审" in page.text
    assert "其中本人已计入 0 天，待审 1 天" in page.text
    assert "等待本机构负责人确认" in page.text
    assert page.click("回到月历").h1 == "填报工作日"
    again = page.click("再填一条相同的")
    assert again.form("form.q-panel").values["description"] == ["入户走访三户"]


def test_a_receipt_is_the_persons_own(pages: Pages, world: World):
    workday = logged(world, day=MONDAY)
    pages("sending_staff").get(f"/workdays/{workday.id}/receipt")
    pages("sending_manager").get(f"/workdays/{workday.id}/receipt", expect=403)
    pages("foreign_manager").get(f"/workdays/{workday.id}/receipt", expect=404)


def test_a_received_day_without_a_task_says_why_it_will_not_count(pages: Pages):
    page = pages("receiving_staff").get(NEW)
    page = page.submit(**filled(task="none"), button="提交", follow=True)
    assert "受援人员的工作日须标注四项帮扶任务之一才计入。（依据：二(三)）" in page.text


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30])
def test_a_number_that_no_entry_can_have_copies_nothing(pages, number):
    assert pages("sending_staff").get(f"{NEW}?like={number}").h1 == "填报工作日"
