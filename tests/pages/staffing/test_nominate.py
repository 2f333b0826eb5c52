"""/pairings/<code>/nomination: proposing a person of the own organisation."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import Assignment
from models.types import AssignmentState, PairingState, Side
from tests.support.portal import Pages
from tests.support.world import World

URL = "/pairings/P1/nomination"


def nominations(world: World) -> list[Assignment]:
    return list(
        world.session.scalars(
            sa.select(Assignment).where(Assignment.state == AssignmentState.NOMINATED)
        )
    )


def test_the_side_follows_from_the_organisation(pages: Pages, world: World):
    for persona, key, side in (
        ("sending_manager", "unqualified", Side.SENT),
        ("receiving_manager", "received1", Side.RECEIVED),
    ):
        world.session.execute(
            sa.update(Assignment)
            .where(Assignment.person_id == world.person(key).id)
            .values(ends_on=date(2022, 6, 30))
        )
        page = pages(persona).get(URL)
        person = world.person(key)
        page = page.submit(
            button="提交审批", person=person.public_id, starts_on="2022-07-01", follow=True
        )
        approver = "援派省" if side == Side.SENT else "受援县"
        assert page.messages == [f"已提名{person.name}，待{approver}民政部门审批。"]
        assert "待审批" in page.find(".q-page-header").text
        made = nominations(world)[-1]
        assert (made.side, made.starts_on, made.ends_on) == (
            side,
            date(2022, 7, 1),
            date(2025, 12, 31),
        )


def test_shows_whether_somebody_qualifies_before_anything_is_sent(pages: Pages, world: World):
    page = pages("sending_manager").get(URL)
    page = page.submit(
        button="核对资格",
        person=world.person("unqualified").public_id,
        starts_on="2022-07-01",
        expect=200,
    )
    assert "现有证书为助理社会工作师；援派人员须持有社会工作师或高级社会工作师证书" in page.text
    assert "满 10 个月；援派人员须满 2 年" in page.text
    assert "依据：二(四)2" in page.text
    assert any(text == "登记证书" for text, _ in page.links())
    assert nominations(world) == []


def test_says_what_is_there_of_somebody_who_qualifies(pages: Pages, world: World):
    world.assignment("sent1").ends_on = date(2022, 6, 30)
    page = pages("sending_manager").get(URL)
    page = page.submit(
        button="核对资格",
        person=world.person("sent1").public_id,
        starts_on="2022-07-01",
        expect=200,
    )
    assert page.errors == []
    assert "职业水平证书：持有社会工作师证书（2018-06-01 取得）" in page.text


def test_offers_the_own_people_only_and_no_whole_number(pages: Pages):
    page = pages("sending_manager").get(URL)
    offered = [one.text for one in page.find_all("#person option")]
    assert [one.partition("（")[0] for one in offered] == [
        "请选择",
        "演示甲二",
        "演示甲三",
        "演示甲一",
    ]
    assert all("*" in one for one in offered[1:])


def test_a_person_of_another_organisation_cannot_be_smuggled_in(pages: Pages, world: World):
    client = pages("sending_manager")
    client.get(URL)
    data = {"person": world.person("received1").public_id, "starts_on": "2022-07-01"}
    page = client.post(URL, data, expect=200)
    assert any(one.startswith("人员：") for one in page.errors)
    assert nominations(world) == []


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"person": ""}, "人员：请选择人员。"),
        ({"starts_on": ""}, "开始日期：请填写开始日期。"),
        ({"starts_on": "2021-07-01"}, "开始日期：开始日期 2021-07-01 不在结对 P1 的期限"),
        ({"ends_on": "2022-06-30"}, "结束日期：结束日期 2022-06-30 早于开始日期"),
        (
            {"person": "sent1"},
            "开始日期：与该人员在本结对的另一段选派（2022-01-01 至 2025-12-31）重叠",
        ),
    ],
)
def test_says_beside_the_field_what_is_wrong(pages: Pages, world: World, values, error):
    values = {"person": "unqualified", "starts_on": "2022-07-01", **values}
    if values["person"]:
        values["person"] = world.person(values["person"]).public_id
    page = pages("sending_manager").get(URL).submit(button="提交审批", values=values, expect=200)
    assert any(one.startswith(error) for one in page.errors), page.errors
    assert nominations(world) == []


def test_an_organisation_without_people_is_told_to_register_them(pages: Pages, world: World):
    world.session.execute(sa.update(Assignment).values(state=AssignmentState.REJECTED))
    world.person("sent_other").organisation_id = None
    page = pages("other_manager").get("/pairings/P2/nomination")
    assert "还没有登记人员" in page.text


def test_a_terminated_pairing_takes_nobody_after_its_end(pages: Pages, world: World):
    pairing = world.pairing("P1")
    pairing.state, pairing.ends_on = PairingState.TERMINATED, date(2022, 6, 30)
    page = pages("sending_manager").get(URL)
    page = page.submit(
        button="提交审批",
        person=world.person("unqualified").public_id,
        starts_on="2022-07-01",
        expect=200,
    )
    assert page.errors


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("county_officer", 403),
        ("province_officer", 403),
        ("sending_staff", 403),
        ("foreign_manager", 404),
    ],
)
def test_nobody_else_nominates(pages: Pages, persona, status):
    pages(persona).get(URL, status)
