"""Registering an organisation."""

from __future__ import annotations

import pytest

from models import AuditEvent, Organisation
from portal.standards.credit_code import make_credit_code

CODE = make_credit_code("52", "640303", 777)
FILLED = {
    "credit_code": CODE,
    "name": "红寺堡区演示新社会工作服务中心",
    "type": "social_work",
    "region_code": "640303",
}


def test_registers_and_leads_to_the_new_page(pages, world):
    form = pages("county_officer").get("/organisations/new")
    events = world.count(AuditEvent)
    page = form.submit(**FILLED, contact_phone="0951-1234567", founded_on="2012-05-01", follow=True)
    assert page.h1 == FILLED["name"]
    assert page.messages == ["已登记“红寺堡区演示新社会工作服务中心”。"]
    assert "0951-*****67" in page.text
    assert world.count(AuditEvent) == events + 1


def test_sending_the_form_twice_registers_once(pages, world):
    client = pages("county_officer")
    form = client.get("/organisations/new")
    first = form.submit(**FILLED)
    count = world.count(Organisation)
    again = form.submit(**FILLED)
    assert again.location == first.location
    assert world.count(Organisation) == count


def test_says_which_character_of_the_code_was_expected(pages, world):
    count = world.count(Organisation)
    form = pages("county_officer").get("/organisations/new")
    page = form.submit(**{**FILLED, "credit_code": "91350100M000100Y4Z"}, expect=200)
    sentence = (
        "统一社会信用代码第18位校验码应为“3”，实际为“Z”："
        "18位中至少有一位填错，请对照登记证书逐位核对。"
    )
    assert page.errors == [f"统一社会信用代码：{sentence}"]
    assert page.find("#credit_code-error").text == f"错误：{sentence}"
    assert page.find("[name=name]")["value"] == FILLED["name"]
    assert world.count(Organisation) == count


def test_shows_all_refusals_beside_their_fields(pages):
    form = pages("county_officer").get("/organisations/new")
    page = form.submit(
        **{**FILLED, "type": "other", "region_code": "350102"},
        contact_phone="12345",
        bank_account="1",
        founded_on="2031年1月1日",
        expect=200,
    )
    marked = {node["id"] for node in page.find_all("[aria-invalid=true]")}
    assert marked == {"type_reason", "region_code", "founded_on", "contact_phone", "bank_account"}
    assert "所在地：福建省福州市鼓楼区。" in page.text


def test_required_fields_are_asked_for(pages):
    page = pages("county_officer").get("/organisations/new").submit(expect=200)
    assert "统一社会信用代码：请填写统一社会信用代码。" in page.errors
    assert "机构类型：请选择机构类型。" in page.errors


def test_refuses_an_organisation_outside_the_own_area(pages, world):
    count = world.count(Organisation)
    form = pages("province_officer").get("/organisations/new")
    page = form.submit(
        **{**FILLED, "credit_code": make_credit_code("52", "350102", 778), "region_code": "350102"},
        expect=200,
    )
    (error,) = page.errors
    assert "不在您的管辖范围（宁夏回族自治区）内" in error
    assert world.count(Organisation) == count


def test_offers_the_counties_of_the_own_area(pages):
    page = pages("province_officer").get("/organisations/new")
    offered = {node["value"]: node.text for node in page.find_all("datalist option")}
    assert offered["640303"] == "宁夏回族自治区吴忠市红寺堡区"
    assert {code[:2] for code in offered} == {"64"}
    assert len(offered) == 22


def test_a_county_finds_its_own_code_filled_in(pages):
    page = pages("county_officer").get("/organisations/new")
    assert page.find("[name=region_code]")["value"] == "640303"
    assert "所在地：宁夏回族自治区吴忠市红寺堡区。" in page.text


@pytest.mark.parametrize("persona", ["sending_manager", "national_officer", "county_rural_officer"])
def test_others_may_not_register(pages, persona):
    pages(persona).get("/organisations/new", expect=403)
    pages(persona).post("/organisations/new", FILLED, expect=403)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("640303", "所在地：宁夏回族自治区吴忠市红寺堡区。"),
        (" ６４０３０３ ", "所在地：宁夏回族自治区吴忠市红寺堡区。"),
        ("441900", "所在地：广东省东莞市。"),
        ("640000", ""),
        ("6403", ""),
        ("", ""),
    ],
)
def test_names_the_place_behind_a_code_while_it_is_typed(pages, code, name):
    page = pages("county_officer").get(f"/organisations/seat?region_code={code}", fragment=True)
    assert page.html.strip() == name
