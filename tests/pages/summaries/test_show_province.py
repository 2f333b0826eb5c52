"""The page of a province: its pairings, its counties, who may open it."""

from __future__ import annotations

import json

import pytest

from tests.support.page_client import Page


def codes(page: Page) -> list[str]:
    return [row["结对编号"] for row in page.table_rows("结对明细")]


@pytest.mark.usefixtures("busy")
def test_shows_the_pairings_that_it_receives_and_its_counties(pages) -> None:
    page = pages("national_officer").get("/summary/provinces/640000?year=2022")
    assert page.h1 == "宁夏回族自治区 2022 年度汇总"
    assert codes(page) == ["P1", "P2"]
    counties = {row["县"]: row for row in page.table_rows("各县结对")}
    assert len(counties) == 5
    assert counties["红寺堡区"]["覆盖"] == "已覆盖"
    assert counties["西吉县"]["覆盖"] == "尚无生效结对"


@pytest.mark.usefixtures("busy")
def test_a_county_leads_to_its_own_pairings_and_back(pages) -> None:
    page = pages("national_officer").get("/summary/provinces/640000?year=2022")
    url = next(url for _, url in page.links() if "county=640324" in url)
    narrowed = page.client.get(url.partition("#")[0])
    assert codes(narrowed) == ["P2"]
    assert "只显示同心县的结对" in narrowed.text
    assert codes(narrowed.click("显示全省")) == ["P1", "P2"]


@pytest.mark.usefixtures("busy")
def test_filters_hold_on_the_page_of_a_province(pages) -> None:
    path = "/summary/provinces/640000?year=2022&finding=too_few_received_staff&sort=-received_days"
    page = pages("province_officer").get(path)
    assert codes(page) == ["P1", "P2"]
    assert "已覆盖" not in page.text  # coverage says nothing about a part of the pairings


@pytest.mark.parametrize(
    ("persona", "code", "status"),
    [
        ("national_officer", "640000", 200),
        ("national_officer", "110000", 200),
        ("national_officer", "999999", 404),
        ("national_officer", "640303", 404),
        ("province_officer", "640000", 200),
        ("province_officer", "520000", 404),
        ("sending_province_officer", "640000", 200),
        ("sending_province_officer", "350000", 200),
        ("other_province_officer", "640000", 404),
        ("county_officer", "640000", 200),
        ("foreign_manager", "640000", 404),
        ("system_administrator", "640000", 403),
    ],
)
def test_a_foreign_province_is_as_good_as_missing(
    pages, persona: str, code: str, status: int
) -> None:
    pages(persona).get(f"/summary/provinces/{code}?year=2022", status)


def test_a_sending_province_sees_the_own_pairings_of_the_receiving_one(pages) -> None:
    page = pages("sending_province_officer").get("/summary/provinces/640000?year=2022")
    assert codes(page) == ["P1", "P2"]


def test_a_sending_province_has_a_row_and_a_page_of_what_it_sends(pages) -> None:
    client = pages("national_officer")
    summary = client.get("/summary?year=2022")
    rows = {row["援派省份"]: row for row in summary.table_rows("援派省份汇总")}
    assert rows["福建省"]["实际结对"] == "2"
    assert rows["福建省"]["省级应配套（元）"] == "60,000"
    page = client.get("/summary/provinces/350000?year=2022")
    assert codes(page) == ["P1", "P2"]
    assert "重点帮扶县覆盖" not in page.text  # its pairings cover counties of others


def test_page_and_command_say_the_same_of_a_province(pages, portal, world) -> None:
    for code in ("350000", "640000", "500000", "520000"):
        page = pages("national_officer").get(f"/summary/provinces/{code}?year=2022")
        answer = portal.test_cli_runner().invoke(
            args=["summary", "--year", "2022", "--province", code]
        )
        found = json.loads(answer.output)
        assert codes(page) == [one["code"] for one in found["pairings"]]
        assert f"合计 {found['totals']['pairings']} 对" in page.text


def test_a_page_can_be_narrowed_to_one_side(pages) -> None:
    client = pages("national_officer")
    sent = client.get("/summary/provinces/350000?year=2022&side=sent")
    assert codes(sent) == ["P1", "P2"]
    assert "没有符合条件的结对" in client.get("/summary/provinces/350000?side=received").text
    assert codes(sent.click("显示全部")) == ["P1", "P2"]
    assert codes(client.get("/summary/provinces/350000?side=nonsense")) == ["P1", "P2"]
