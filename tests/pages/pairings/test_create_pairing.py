"""/pairings/new: pairing two organisations."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import AuditEvent, Pairing
from models.types import Mode
from portal.organisations.actions import register_organisation
from portal.programme.actions import close_work_year
from tests.support.portal import Pages
from tests.support.world import World, organisation_facts

URL = "/pairings/new"


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    """The names of two organisations that are free."""
    for facts in (
        ("52", "350102", 71, "福州市演示新社会工作服务中心"),
        ("52", "640302", 72, "利通区演示新社会工作服务中心"),
    ):
        register_organisation(world.deed(), organisation_facts(*facts))
    return "福州市演示新社会工作服务中心", "利通区演示新社会工作服务中心"


def filled(two: tuple[str, str], **values: str) -> dict[str, str]:
    return {
        "sending": two[0],
        "receiving": two[1],
        "line": "continuation",
        "starts_on": "2022-06-01",
        "ends_on": "2023-12-31",
        **values,
    }


def test_makes_a_pairing_and_shows_it(pages: Pages, world: World, two):
    before = world.count(AuditEvent)
    page = pages("province_officer").get(URL)
    page = page.submit(button="建立结对", values=filled(two), follow=True)
    assert page.path == "/pairings/2022-640302-01"
    (message,) = page.messages
    assert message.startswith("已建立结对 2022-640302-01，还待援派省民政部门确认结对")
    pairing = world.pairing("2022-640302-01")
    assert pairing.mode == Mode.CROSS_PROVINCE
    assert world.count(AuditEvent) == before + 2  # signing in, and this


def test_checks_without_making_anything_and_shows_the_mode(pages: Pages, world: World, two):
    before = world.count(Pairing)
    page = pages("province_officer").get(URL)
    page = page.submit(button="核对", values=filled(two), expect=200)
    assert "可以建立" in page.text
    assert "跨省帮扶" in page.find(".q-definitions").text
    assert world.count(Pairing) == before
    assert page.submit(button="建立结对").location == "/pairings/2022-640302-01"


def test_offers_organisations_by_name_and_code(pages: Pages, two):
    page = pages("province_officer").get(URL)
    values = [one["value"] for one in page.find_all("#organisations option")]
    assert any(value.startswith("利通区演示新") for value in values)
    assert any("红寺堡区（640303）" in one["value"] for one in page.find_all("#counties option"))
    chosen = next(value for value in values if value.startswith("利通区演示新"))
    page = page.submit(button="核对", values=filled((two[0], chosen)), expect=200)
    assert page.errors == []


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"sending": "没有这样的机构"}, "援派机构：没有找到援派机构“没有这样的机构”"),
        ({"receiving": ""}, "受援机构：请选择或填写受援机构。"),
        (
            {"sending": "福州市演示甲社会工作服务中心"},
            "援派机构：援派机构已有结对：2022、2023 年度（P1）",
        ),
        (
            {"line": "key_county"},
            "受援县：“利通区”（640302）在 2022-06-01 不在国家乡村振兴重点帮扶县",
        ),
        ({"county": "没有这样的县"}, "受援县：受援省份没有找到县“没有这样的县”"),
        ({"county": "350102"}, "受援县：受援省份没有找到县“350102”"),
        ({"starts_on": "明天"}, "开始日期：“明天”不是日期"),
        ({"ends_on": "2022-05-01"}, "结束日期：结束日期 2022-05-01 早于开始日期 2022-06-01"),
        ({"starts_on": "2030-01-01", "ends_on": "2030-12-31"}, "不在任何工作年度内"),
        ({"code": "P1"}, "结对编号：结对编号“P1”已被使用"),
        ({"code": "a/b"}, "结对编号：“A/B”不能作为结对编号"),
        ({"exception_reason": "批准"}, "一对一例外的申请理由：两家机构在这些年度都没有其他结对"),
    ],
)
def test_says_beside_the_field_what_is_wrong(pages: Pages, world: World, two, values, error):
    before = world.count(Pairing)
    page = pages("province_officer").get(URL)
    page = page.submit(button="建立结对", values=filled(two, **values), expect=200)
    assert any(error in one for one in page.errors), page.errors
    assert world.count(Pairing) == before


def test_refuses_a_closed_year(pages: Pages, world: World, two):
    close_work_year(world.deed("national_officer"), 2022, "已归档")
    page = pages("province_officer").get(URL)
    page = page.submit(button="建立结对", values=filled(two), expect=200)
    assert any("2022 工作年度已关闭" in one for one in page.errors)


def test_a_second_partner_is_asked_for_and_decided_by_the_other_province(
    pages: Pages, world: World, two
):
    page = pages("province_officer").get(URL)
    values = filled(("福州市演示甲社会工作服务中心", two[1]), exception_reason="力量充足")
    page = page.submit(button="建立结对", values=values, follow=True)
    assert "申请一对一例外" in page.find(".q-timeline").text
    assert "待援派省批准例外" in page.find(".q-page-header").text
    assert page.find_all('a[href$="/exceptions/sent"]') == []  # not one's own province
    other = pages("sending_province_officer")
    assert "待本省批准的一对一例外" in other.get("/").text
    page = other.get(page.path).click("批准例外")
    assert "P1（2022、2023 年度）" in page.find(".q-definitions").text
    assert "力量充足" in page.find(".q-definitions").text
    page = page.submit(button="提交决定", values={"decision": "refuse", "reason": ""}, expect=200)
    assert any("不批准一对一例外须填写原因" in one for one in page.errors)
    page = page.submit(button="提交决定", values={"decision": "grant"}, follow=True)
    assert page.messages[0].startswith("已批准一对一例外，还待援派省民政部门确认结对")
    page = page.submit(button="确认结对", follow=True)
    assert page.messages[0].endswith("结对自现在起生效。")
    assert world.pairing(page.path.rsplit("/", 1)[1]).confirmed_at


def test_the_same_form_sent_twice_makes_one_pairing(pages: Pages, world: World, two):
    before = world.count(Pairing)
    page = pages("province_officer").get(URL)
    first = page.submit(button="建立结对", values=filled(two))
    second = page.submit(button="建立结对", values=filled(two))
    assert first.location == second.location
    assert world.count(Pairing) == before + 1


def test_a_province_that_has_no_part_in_it_is_refused(pages: Pages, two):
    page = pages("other_province_officer").get(URL)
    page = page.submit(button="建立结对", values=filled(two), expect=200)
    assert any("都不在您管辖的省份" in one for one in page.errors)


@pytest.mark.parametrize("persona", ["national_officer", "county_officer", "sending_manager"])
def test_nobody_else_gets_the_form(pages: Pages, persona):
    pages(persona).get(URL, 403)


def test_of_two_organisations_with_one_name_the_code_is_asked_for(pages: Pages, world: World, two):
    register_organisation(world.deed(), organisation_facts("52", "350102", 79, two[0]))
    page = pages("province_officer").get(URL)
    page = page.submit(button="建立结对", values=filled(two), expect=200)
    assert any("有多家机构叫" in one for one in page.errors)
    assert world.session.scalar(sa.select(sa.func.count()).select_from(Pairing)) == 3
