"""The list of organisations: who sees what, filters, order, pages."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Organisation
from models.types import OrgType
from portal.changes.actions import terminate_pairing
from portal.standards.credit_code import make_credit_code
from tests.conftest import TODAY
from tests.support.statements import statements
from tests.support.world import ORGANISATIONS

NAMES = {key: row[3] for key, row in ORGANISATIONS.items()}
LONG = "演示" + "很长的机构名称" * 14


def listed(page) -> list[str]:
    return [row["机构名称"] for row in page.table_rows("机构")] if page.find("table") else []


def add_organisations(world, count: int, name: str = "演示第{}号机构") -> None:
    world.session.execute(
        sa.insert(Organisation),
        [
            {
                "credit_code": make_credit_code("52", "640303", 5000 + number),
                "name": name.format(number),
                "type": OrgType.RESCUE,
                "region_code": "640303",
                "province_code": "640000",
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
        ("national_officer", ORGANISATIONS),
        ("national_rural_officer", ORGANISATIONS),
        ("province_officer", ["sending", "receiving", "sending2", "receiving2"]),
        ("sending_province_officer", ["sending", "receiving", "sending2", "receiving2"]),
        ("other_province_officer", ["foreign_sending", "foreign_receiving"]),
        ("prefecture_officer", ["sending", "receiving", "sending2", "receiving2"]),
        ("county_officer", ["sending", "receiving"]),
        ("other_county_officer", ["sending2", "receiving2"]),
        ("sending_manager", ["sending"]),
        ("receiving_staff", ["receiving"]),
    ],
)
def test_everybody_sees_the_organisations_of_their_scope(pages, persona, keys):
    page = pages(persona).get("/organisations")
    assert sorted(listed(page)) == sorted(NAMES[key] for key in keys)


@pytest.mark.parametrize(
    "persona", ["system_administrator", "security_administrator", "audit_administrator"]
)
def test_administrators_see_no_organisations(pages, persona):
    pages(persona).get("/organisations", expect=403)


def test_shows_code_type_seat_and_the_pairing_of_the_year(pages):
    page = pages("county_officer").get("/organisations")
    row = page.table_rows("机构")[1]
    assert row == {
        "机构名称": NAMES["receiving"],
        "统一社会信用代码": make_credit_code("52", "640303", 2),
        "机构类型": "社会工作服务机构",
        "所在地": "宁夏回族自治区吴忠市红寺堡区",
        "2022 年度结对": "受援 P1",
    }


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("q=演示丙", ["foreign_sending", "foreign_receiving"]),
        ("q=%20演示丙%20", ["foreign_sending", "foreign_receiving"]),
        ("q=52640303y", ["receiving"]),
        ("q=%25", []),
        ("province=350000", ["sending", "sending2"]),
        ("type=rescue", []),
        ("role=sent", ["sending", "sending2", "foreign_sending"]),
        ("role=received&province=640000", ["receiving", "receiving2"]),
        ("role=none", []),
        ("province=xx&type=yy&role=zz&sort=nonsense&cursor=broken", ORGANISATIONS),
    ],
)
def test_filters_stand_in_the_url(pages, query, keys):
    page = pages("national_officer").get(f"/organisations?{query}")
    assert sorted(listed(page)) == sorted(NAMES[key] for key in keys)


def test_only_the_nation_is_asked_for_a_province(pages):
    assert "province" in pages("national_officer").get("/organisations").form(".q-filter").names
    assert "province" not in pages("province_officer").get("/organisations").form(".q-filter").names
    page = pages("province_officer").get("/organisations?province=350000")
    assert len(listed(page)) == 4


def test_an_organisation_whose_pairing_ended_is_unpaired(pages, world):
    terminate_pairing(world.deed(), world.pairing("P2"), last_day=TODAY, reason="演示")
    page = pages("national_officer").get("/organisations?role=none")
    assert sorted(listed(page)) == sorted([NAMES["sending2"], NAMES["receiving2"]])
    assert page.table_rows("机构")[0]["2022 年度结对"] == "未结对"


@pytest.mark.parametrize(
    "sort", ["name", "-name", "credit_code", "-credit_code", "region", "-region"]
)
def test_sorts_by_the_heading_that_was_clicked(pages, world, sort):
    page = pages("national_officer").get("/organisations?sort=" + sort)
    codes = [row["统一社会信用代码"] for row in page.table_rows("机构")]
    orders = {
        "name": Organisation.name_order,
        "credit_code": Organisation.credit_code,
        "region": Organisation.region_code,
    }
    key = orders[sort.removeprefix("-")]
    expected = world.session.scalars(
        sa.select(Organisation.credit_code).order_by(key.desc() if sort[0] == "-" else key)
    ).all()
    assert codes == expected
    direction = "descending" if sort[0] == "-" else "ascending"
    assert len(page.find_all(f"th[aria-sort={direction}]")) == 1


def test_an_empty_list_says_what_to_do(pages, world):
    filtered = pages("county_officer").get("/organisations?q=没有")
    assert "没有符合条件的机构" in filtered.text
    assert ("清除筛选", "/organisations") in filtered.links()


def test_walks_through_pages_and_keeps_the_filter(pages, world):
    add_organisations(world, 119)
    first = pages("county_officer").get("/organisations?q=号机构&sort=credit_code")
    assert len(listed(first)) == 50
    assert "共 119 条" in first.text
    second = first.click("下一页")
    third = second.click("下一页")
    assert len(listed(third)) == 19
    assert "q=" in third.path
    everything = [*listed(first), *listed(second), *listed(third)]
    assert len(set(everything)) == 119
    assert listed(third.click("上一页")) == listed(second)


def test_many_organisations_cost_as_many_statements_as_few(pages, portal, world):
    client = pages("county_officer")
    client.get("/organisations")  # what is asked once a process is asked now
    with statements(portal) as few:
        client.get("/organisations?role=sent")
    add_organisations(world, 5000)
    with statements(portal) as many:
        page = client.get("/organisations")
    assert len(many) == len(few)
    assert "共 1,000+ 条" in page.text
    assert len(listed(page)) == 50


def test_long_names_are_shown_in_full(pages, world):
    add_organisations(world, 1, LONG)
    assert LONG in listed(pages("county_officer").get("/organisations"))


@pytest.mark.parametrize(
    ("persona", "may_register"),
    [
        ("province_officer", True),
        ("county_officer", True),
        ("national_officer", False),
        ("county_rural_officer", False),
        ("sending_manager", False),
    ],
)
def test_offers_registering_to_those_who_may(pages, persona, may_register):
    links = pages(persona).get("/organisations").links()
    assert (("登记机构", "/organisations/new") in links) == may_register
