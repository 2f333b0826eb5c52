"""The page of one organisation."""

from __future__ import annotations

import pytest

from models import Person
from portal.changes.actions import terminate_pairing
from portal.organisations.actions import register_organisation
from portal.standards.credit_code import make_credit_code
from tests.conftest import TODAY
from tests.support.world import organisation_facts


def path(world, key="receiving") -> str:
    return f"/organisations/{world.organisation(key).credit_code}"


def test_shows_facts_with_the_phone_masked(pages, world):
    page = pages("national_officer").get(path(world))
    assert page.h1 == "红寺堡区演示甲社会工作服务中心"
    assert "宁夏回族自治区吴忠市红寺堡区（640303）" in page.text
    assert "138****8000" in page.text
    assert "13800138000" not in page.html
    assert "2012-05-01" in page.text


@pytest.mark.parametrize(
    "persona",
    ["other_province_officer", "other_county_officer", "foreign_manager", "other_staff"],
)
def test_outside_the_scope_there_is_no_such_organisation(pages, world, persona):
    pages(persona).get(path(world), expect=404)


def test_lists_the_pairings_with_their_years_and_partner(pages, world):
    page = pages("receiving_manager").get(path(world))
    (row,) = page.table_rows("结对")
    assert ("P1", "/pairings/P1") in page.links()
    assert row["本机构角色"] == "受援"
    assert row["结对机构"] == "福州市演示甲社会工作服务中心"
    assert row["工作年度"] == "2022、2023、2024、2025"
    assert row["状态"] == "结对中"


@pytest.mark.parametrize(
    ("persona", "is_led_there"),
    [("county_officer", True), ("province_officer", True), ("receiving_manager", False)],
)
def test_leads_to_the_partner_only_those_who_may_see_it(pages, world, persona, is_led_there):
    page = pages(persona).get(path(world))
    partner = ("福州市演示甲社会工作服务中心", path(world, "sending"))
    assert (partner in page.links()) == is_led_there


def test_the_history_is_made_of_decisions(pages, world):
    terminate_pairing(
        world.deed("province_officer"), world.pairing(), last_day=TODAY, reason="撤并"
    )
    page = pages("receiving_manager").get(path(world))
    history = [node.text for node in page.find_all(".q-timeline li")]
    assert "终止结对：P1" in history[0]
    assert "撤并" in history[0]
    assert "建立结对：P1" in history[-1]
    assert page.table_rows("结对")[0]["状态"] == "已终止"


@pytest.mark.parametrize(
    ("persona", "names"),
    [
        ("receiving_manager", {"演示乙一", "演示乙二", "演示乙三"}),
        ("receiving_staff", {"演示乙一"}),
    ],
)
def test_lists_the_people_that_the_reader_may_see(pages, world, persona, names):
    page = pages(persona).get(path(world))
    assert {row["姓名"] for row in page.table_rows("人员")} == names


@pytest.mark.parametrize(
    ("persona", "key", "labels"),
    [
        ("receiving_manager", "receiving", {"修改", "登记人员"}),
        ("province_officer", "receiving", {"修改"}),
        ("county_officer", "receiving", {"修改"}),
        ("province_officer", "sending", set()),
        ("sending_province_officer", "receiving", set()),
        ("national_officer", "receiving", set()),
        ("receiving_staff", "receiving", set()),
    ],
)
def test_offers_only_what_this_reader_may_do_here(pages, world, persona, key, labels):
    page = pages(persona).get(path(world, key))
    offered = {text for text, _ in page.links()} & {"修改", "登记人员"}
    assert offered == labels
    has_reveal = any("/disclosures/" in href for _, href in page.links())
    assert has_reveal == ("修改" in labels)


def test_an_organisation_without_anything_says_what_comes_next(pages, world):
    register_organisation(
        world.deed("county_officer"), organisation_facts("52", "640303", 900, "演示新机构")
    )
    code = make_credit_code("52", "640303", 900)
    page = pages("county_officer").get(f"/organisations/{code}")
    assert "还没有结对" in page.text
    assert "人员由机构负责人登记。" in page.text
    assert "银行账号 —" in page.text


def test_shows_twenty_people_and_leads_to_the_rest(pages, world):
    organisation = world.organisation("receiving")
    world.session.add_all(
        Person(name=f"演示人员{number}", organisation_id=organisation.id, created_at=world.clock())
        for number in range(20)
    )
    page = pages("receiving_manager").get(path(world))
    assert len(page.table_rows("人员")) == 20
    assert len(page.click("查看全部人员").table_rows("人员")) == 23
