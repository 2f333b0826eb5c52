"""The page of one person."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Side
from portal.staffing.actions import grant_exception, nominate
from tests.support.world import World


def path(world: World, key: str = "sent1") -> str:
    return f"/people/{world.person(key).public_id}"


def codes(page) -> list[str]:
    return [node["data-code"] for node in page.find_all(".q-finding")]


@pytest.mark.parametrize(
    ("persona", "key", "expect"),
    [
        ("sending_manager", "sent1", 200),
        ("sending_staff", "sent1", 200),
        ("province_officer", "sent1", 200),
        ("county_officer", "sent1", 200),
        ("sending_staff", "sent2", 404),
        ("receiving_manager", "sent1", 404),
        ("province_officer", "unqualified", 404),
        ("other_province_officer", "sent1", 404),
        ("other_county_officer", "sent1", 404),
        ("system_administrator", "sent1", 404),
    ],
)
def test_a_person_is_seen_inside_the_scope_only(pages, world, persona, key, expect):
    pages(persona).get(path(world, key), expect=expect)


def test_numbers_are_masked(pages, world):
    page = pages("sending_manager").get(path(world))
    assert world.person("sent1").id_number_masked in page.text
    assert "19850301" not in page.html


def test_says_that_somebody_could_be_sent_today(pages, world):
    page = pages("sending_manager").get(path(world))
    assert codes(page) == []
    assert "符合援派条件（二(四)2）：持有社会工作师证书" in page.text
    assert "满 7 年 10 个月" in page.text


def test_says_what_is_missing_and_leads_to_where_it_is_mended(pages, world):
    page = pages("sending_manager").get(path(world, "unqualified"))
    assert codes(page) == ["certificate_missing", "service_too_short"]
    first, second = (node.text for node in page.find_all(".q-finding"))
    assert "现有证书为助理社会工作师" in first
    assert "须持有社会工作师或高级社会工作师证书" in first
    assert "满 1 年 2 个月" in second
    assert "须满 2 年" in second
    assert "二(四)2" in second
    assert page.click("核对起始日期").h1 == "修改人员"
    assert page.find(".q-finding a")["href"].endswith("/certificates/new")


def test_who_cannot_mend_it_is_told_who_can(pages, world):
    page = pages("national_officer").get(path(world, "unqualified"))
    assert codes(page) == ["certificate_missing", "service_too_short"]
    assert page.find(".q-finding a") is None
    assert "由所属机构负责人登记" in page.text


def test_received_people_are_not_reproached(pages, world):
    page = pages("receiving_staff").get(path(world, "received1"))
    assert codes(page) == []
    assert "不受援派资格约束（二(四)2）" in page.text
    assert page.table_rows("选派")[0]["资格"] == "不要求"


def test_shows_assignments_with_their_standing_and_exception(pages, world):
    page = pages("sending_manager").get(path(world))
    assert page.table_rows("选派") == [
        {
            "结对编号": "P1",
            "角色": "援派",
            "期限": "2022-01-01 至 2025-12-31",
            "状态": "已批准",
            "资格": "符合",
            "办理": "查看在 P1 的选派",
        }
    ]
    assignment = nominate(
        world.deed(),
        pairing=world.pairing(),
        person=world.person("unqualified"),
        side=Side.SENT,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )
    page = pages("sending_manager").get(path(world, "unqualified"))
    assert page.table_rows("选派")[0]["资格"] == "不符合，所记天数暂不计入"
    grant_exception(world.deed("sending_province_officer"), assignment, "高校教师")
    page = pages("sending_manager").get(path(world, "unqualified"))
    assert page.table_rows("选派")[0]["资格"] == "例外：高校教师"
    newest = page.find(".q-timeline li").text
    assert "批准资格例外：P1" in newest
    assert "高校教师" in newest


@pytest.mark.parametrize(
    ("persona", "key", "offered"),
    [
        ("sending_manager", "sent1", {"修改", "登记证书", "查看证件号码"}),
        ("sending_province_officer", "sent1", {"查看证件号码"}),
        ("province_officer", "sent1", set()),
        ("county_officer", "received1", {"查看证件号码"}),
        ("sending_staff", "sent1", set()),
        ("national_officer", "sent1", set()),
    ],
)
def test_offers_only_what_this_reader_may_do_here(pages, world, persona, key, offered):
    page = pages(persona).get(path(world, key))
    labels = {text for text, _ in page.links()} & {"修改", "登记证书", "查看证件号码"}
    assert labels == offered


def test_leads_to_the_pairing_and_the_assignment(pages, world):
    page = pages("sending_manager").get(path(world))
    assert ("P1", "/pairings/P1") in page.links()
    assert page.find(".q-table a[href^='/assignments/']") is not None


def test_somebody_new_has_nothing_yet_and_is_told_what_comes(pages, world):
    page = pages("other_manager").get(path(world, "sent_other"))
    assert "还没有选派" in page.text
    assert "还没有工作日" in page.text
