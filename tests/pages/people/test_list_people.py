"""The list of people: who sees whom, filters, order, pages."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Person
from tests.support.statements import statements
from tests.support.world import PEOPLE

LONG = "阿卜杜热合曼·买买提艾力·阿不都克里木·吐尔逊那依·演示姓名很长很长很长很长很长很长很长很长很长很长"


def listed(page) -> list[str]:
    return [row["姓名"] for row in page.table_rows("人员")] if page.find("table") else []


def add_people(world, count: int, name: str = "演示人员{:04}", key: str = "receiving") -> None:
    organisation_id = world.organisation(key).id
    world.session.execute(
        sa.insert(Person),
        [
            {
                "public_id": f"made{number:012}",
                "name": name.format(number),
                "organisation_id": organisation_id,
                "created_at": world.clock(),
                "version": 1,
            }
            for number in range(count)
        ],
    )
    world.session.commit()


@pytest.mark.parametrize(
    ("persona", "keys"),
    [
        ("national_officer", PEOPLE),
        # Who is sent to or received in the own province, and who belongs there.
        ("province_officer", ["sent1", "sent2", "received1", "received2", "received3"]),
        (
            "sending_province_officer",
            [
                *("sent1", "sent2", "unqualified", "sent_other"),
                *("received1", "received2", "received3"),
            ],
        ),
        ("other_province_officer", ["foreign"]),
        ("county_officer", ["sent1", "sent2", "received1", "received2", "received3"]),
        ("other_county_officer", []),
        ("sending_manager", ["sent1", "sent2", "unqualified"]),
        ("receiving_staff", ["received1"]),
    ],
)
def test_everybody_sees_the_people_of_their_scope(pages, persona, keys):
    page = pages(persona).get("/people")
    assert sorted(listed(page)) == sorted(PEOPLE[key][1] for key in keys)


@pytest.mark.parametrize("persona", ["system_administrator", "audit_administrator"])
def test_administrators_see_nobody(pages, persona):
    pages(persona).get("/people", expect=403)


def test_shows_masked_number_certificates_service_and_standing(pages):
    rows = pages("sending_manager").get("/people").table_rows("人员")
    (row,) = (row for row in rows if row["姓名"] == "演示甲一")
    assert row == {
        "姓名": "演示甲一",
        "机构": "福州市演示甲社会工作服务中心",
        "证件号码": row["证件号码"],
        "证书": "社会工作师",
        "从业时长": "7 年 10 个月",
        "援派资格": "符合",
    }
    assert row["证件号码"][3:-2] == "*" * 13
    assert {row["姓名"]: row["援派资格"] for row in rows}["演示甲三"] == "不符合"


def test_of_whoever_only_receives_nothing_is_asked_in_any_list(pages, world):
    client = pages("national_officer")
    people = {row["姓名"]: row["援派资格"] for row in client.get("/people").table_rows("人员")}
    assigned = client.get("/assignments").table_rows("选派")
    received = {row["姓名"]: row["援派资格"] for row in assigned if row["角色"] == "受援"}
    assert received
    assert set(received.values()) == {"不要求"}
    assert {name: people[name] for name in received} == received


def test_the_standing_is_that_of_today(pages, clock, world):
    clock.pass_time(days=365)
    rows = pages("sending_manager").get("/people").table_rows("人员")
    assert {row["姓名"]: row["从业时长"] for row in rows}["演示甲三"] == "2 年 2 个月"


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("q=甲", ["sent1", "sent2", "unqualified"]),
        ("q=%25", []),
        ("organisation=演示丙", ["foreign"]),
        ("organisation=52640303", ["received1", "received2", "received3"]),
        ("level=senior", ["sent2"]),
        ("level=none", ["received1", "received2", "received3"]),
        ("qualified=yes", ["sent1", "sent2", "foreign", "sent_other"]),
        ("qualified=no", ["unqualified"]),
        ("qualified=no&level=assistant", ["unqualified"]),
        ("level=xx&qualified=yy&sort=nonsense&cursor=broken", PEOPLE),
    ],
)
def test_filters_stand_in_the_url(pages, query, keys):
    page = pages("national_officer").get(f"/people?{query}")
    assert sorted(listed(page)) == sorted(PEOPLE[key][1] for key in keys)


def test_people_without_a_start_of_service_come_last(pages):
    page = pages("county_officer").get("/people?sort=service")
    assert listed(page)[:2] == ["演示甲一", "演示甲二"]
    assert set(listed(page)[2:]) == {"演示乙一", "演示乙二", "演示乙三"}


@pytest.mark.parametrize("sort", ["", "name", "-name", "service", "-service", "-organisation"])
def test_every_order_can_be_walked_to_its_end(pages, world, sort):
    add_people(world, 118)
    page = pages("county_officer").get(f"/people?organisation=红寺堡&sort={sort}")
    names = listed(page)
    while page.find("a[rel=next]"):
        page = page.click("下一页")
        names += listed(page)
    assert len(names) == len(set(names)) == 121


def test_an_empty_list_says_what_to_do(pages):
    page = pages("other_county_officer").get("/people")
    assert "管辖范围内还没有人员" in page.text
    assert "人员由机构负责人登记" in page.text
    page = pages("sending_manager").get("/people?q=没有此人")
    assert ("清除筛选", "/people") in page.links()


def test_many_people_cost_as_many_statements_as_few(pages, portal, world):
    client = pages("county_officer")
    client.get("/people")  # what is asked once a process is asked now
    with statements(portal) as few:
        client.get("/people")
    add_people(world, 5000)
    with statements(portal) as many:
        page = client.get("/people")
    assert len(many) == len(few)
    assert "共 1,000+ 条" in page.text
    assert len(listed(page)) == 50


def test_long_names_are_shown_in_full(pages, world):
    assert 50 <= len(LONG) <= 60
    add_people(world, 1, LONG)
    assert LONG in listed(pages("county_officer").get("/people"))


def test_a_manager_registers_for_the_own_organisation(pages, world):
    code = world.organisation("sending").credit_code
    links = pages("sending_manager").get("/people").links()
    assert ("登记人员", f"/organisations/{code}/people/new") in links
    assert "登记人员" not in pages("province_officer").get("/people").text
