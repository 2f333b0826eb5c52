"""/assignments/<id> and the deeds on one assignment."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import AssignmentState
from portal.staffing.actions import approve_assignment
from tests.support.portal import Pages
from tests.support.workdays import logged
from tests.support.world import World


def url(assignment, deed: str = "") -> str:
    return f"/assignments/{assignment.public_id}{'/' if deed else ''}{deed}"


def deeds(page) -> set[str]:
    header = page.find(".q-page-header__actions")
    if header is None:
        return set()
    return {one.text for one in (*header.find_all("a"), *header.find_all("button"))}


@pytest.mark.parametrize(
    ("persona", "offered"),
    [
        ("sending_manager", {"撤回提名"}),
        ("sending_province_officer", {"批准", "不批准", "批准资格例外"}),
        ("province_officer", set()),
        ("county_officer", set()),
        ("national_officer", set()),
    ],
)
def test_offers_each_deed_to_whoever_may(pages: Pages, sent, persona, offered):
    assert deeds(pages(persona).get(url(sent))) == offered


def test_says_who_approves_as_long_as_it_waits(pages: Pages, world: World, sent):
    said = "待援派省民政部门审批。"
    assert said in pages("sending_manager").get(url(sent)).text
    assert said not in pages("sending_manager").get(url(world.assignment("sent1"))).text


def test_an_approved_one_may_be_ended_or_handed_on_by_the_manager(pages: Pages, world: World):
    page = pages("sending_manager").get(url(world.assignment("sent1")))
    assert deeds(page) == {"由他人接替", "提前结束"}
    assert deeds(pages("receiving_manager").get(url(world.assignment("received1")))) == {
        "由他人接替",
        "提前结束",
    }


@pytest.mark.parametrize(
    "persona", ["receiving_manager", "foreign_manager", "other_province_officer", "sending_staff"]
)
def test_is_not_there_for_others(pages: Pages, sent, persona):
    pages(persona).get(url(sent), 404)
    pages(persona).post(url(sent, "approval"), expect=404)


def test_says_what_is_missing_and_who_mends_it(pages: Pages, sent):
    page = pages("sending_manager").get(url(sent))
    assert "援派人员须持有社会工作师或高级社会工作师证书" in page.text
    assert any(text == "登记证书" for text, _ in page.links())
    page = pages("sending_province_officer").get(url(sent))
    assert not any(text == "登记证书" for text, _ in page.links())


def test_a_received_person_needs_no_certificate(pages: Pages, received):
    assert "不要求职业水平证书和服务年限" in pages("county_officer").get(url(received)).text


# ---- deciding


def test_approves(pages: Pages, world: World, sent):
    page = pages("sending_province_officer").get(url(sent))
    page = page.submit(button="批准", follow=True)
    assert page.messages == [f"已批准{world.person('unqualified').name}的援派选派。"]
    assert sent.approved_by_person_id == world.actor("sending_province_officer").person_id
    assert "批准选派" in page.find(".q-timeline").text


@pytest.mark.parametrize(
    ("persona", "status"), [("province_officer", 403), ("county_officer", 403)]
)
def test_the_other_side_does_not_approve(pages: Pages, sent, persona, status):
    pages(persona).post(url(sent, "approval"), expect=status)
    pages(persona).get(url(sent, "rejection"), status)
    pages(persona).get(url(sent, "exception"), status)
    assert sent.state == AssignmentState.NOMINATED


def test_turns_down_with_a_reason(pages: Pages, world: World, sent):
    page = pages("sending_province_officer").get(url(sent)).click("不批准")
    refused = page.submit(reason=" ", expect=200)
    assert refused.errors == ["原因：请填写原因。"]
    page = page.submit(reason="证书等级不符", follow=True)
    assert page.messages == [
        f"未批准{world.person('unqualified').name}的援派选派，提名的机构可以看到原因。"
    ]
    page = pages("sending_manager").get(url(sent))
    assert "证书等级不符" in page.find(".q-timeline").text
    assert "未批准" in page.find(".q-page-header").text


def test_what_somebody_else_decided_meanwhile_is_said(pages: Pages, world: World, sent):
    client = pages("sending_province_officer")
    page = client.get(url(sent))
    approve_assignment(world.deed(), sent)
    page = page.submit(button="批准", expect=409)
    assert "该选派目前为“已批准”" in page.text


def test_the_manager_takes_back(pages: Pages, sent):
    page = pages("sending_manager").get(url(sent)).submit(button="撤回提名", follow=True)
    assert page.messages == ["已撤回提名。"]
    assert "撤回提名" in page.find(".q-timeline").text
    assert sent.state == AssignmentState.REJECTED


def test_grants_an_exception_that_everybody_sees(pages: Pages, sent):
    page = pages("sending_province_officer").get(url(sent)).click("批准资格例外")
    page = page.submit(reason="高校教师，专业能力相当", follow=True)
    assert page.messages == ["已批准资格例外，其工作日随之计入。"]
    page = pages("sending_manager").get(url(sent))
    assert "省级已批准资格例外，其工作日计入。理由：高校教师，专业能力相当" in page.text


# ---- ending


def test_ends_with_the_effect_shown_before(pages: Pages, world: World):
    assignment = world.assignment("sent1")
    page = pages("sending_manager").get(url(assignment)).click("提前结束")
    page = page.submit(button="查看影响", last_day="2022-06-30", expect=200)
    assert page.errors == []
    assert (
        "2022-07-01 至 2022-12-31，援派方同时在岗最少 1 人，应不少于 2 人（二(四)2），"
        "还差 1 人，请安排接替。" in page.text
    )
    assert assignment.ends_on == date(2025, 12, 31)
    page = page.submit(button="提前结束", last_day="2022-06-30", reason="离职", follow=True)
    assert page.messages == ["选派已提前结束。"]
    assert assignment.ends_on == date(2022, 6, 30)


def test_does_not_end_before_a_working_day(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_manager").get(url(world.assignment("sent1"), "end"))
    page = page.submit(button="提前结束", last_day="2022-01-01", reason="离职", expect=200)
    (error,) = page.errors
    assert error.startswith(f"最后一日：{workday.worked_on} 还有工作日志，最后一日不能早于该日；")
    assert "该日之后还有 1 条工作日志" in page.text


@pytest.mark.parametrize("deed", ["end", "replacement"])
@pytest.mark.parametrize(
    ("persona", "status"),
    [("sending_province_officer", 403), ("sending_staff", 403), ("receiving_manager", 404)],
)
def test_nobody_else_ends(pages: Pages, world: World, deed, persona, status):
    pages(persona).get(url(world.assignment("sent1"), deed), status)


# ---- replacing


def test_hands_on_to_another_person(pages: Pages, world: World):
    old = world.assignment("sent1")
    page = pages("sending_manager").get(url(old)).click("由他人接替")
    values = {
        "person": world.person("unqualified").public_id,
        "starts_on": "2022-07-01",
        "reason": "产假",
    }
    checked = page.submit(button="核对资格", values=values, expect=200)
    assert "现有证书为助理社会工作师" in checked.text
    assert old.ends_on == date(2025, 12, 31)
    page = page.submit(button="办理接替", values=values, follow=True)
    assert page.messages == ["已提名演示甲三接替，待援派省民政部门审批。"]
    assert old.ends_on == date(2022, 6, 30)
    assert "2022-07-01 至 2025-12-31" in page.find(".q-definitions").text


@pytest.mark.parametrize(
    ("key", "starts_on", "error"),
    [
        ("sent1", "2022-07-01", "接替人员：接替人员不能是原选派人员本人。"),
        ("unqualified", "2026-01-01", "接替首日：接替首日应晚于 2022-01-01，且不晚于 2025-12-31"),
        ("sent2", "2022-07-01", "接替首日：与该人员在本结对的另一段选派"),
    ],
)
def test_says_why_somebody_cannot_take_over(pages: Pages, world: World, key, starts_on, error):
    old = world.assignment("sent1")
    page = pages("sending_manager").get(url(old, "replacement"))
    page = page.submit(
        button="办理接替",
        person=world.person(key).public_id,
        starts_on=starts_on,
        reason="产假",
        expect=200,
    )
    assert any(one.startswith(error) for one in page.errors), page.errors
    assert old.ends_on == date(2025, 12, 31)
