"""/pairings: what everybody may see of a work year."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Line
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World, organisation_facts

URL = "/pairings?year=2022"


def codes(page) -> list[str]:
    return [row["结对编号"] for row in page.table_rows()]


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("national_officer", ["P1", "P2", "P3"]),
        ("province_officer", ["P1", "P2"]),
        ("sending_province_officer", ["P1", "P2"]),
        ("other_province_officer", ["P3"]),
        ("county_officer", ["P1"]),
        ("other_county_officer", ["P2"]),
        ("prefecture_officer", ["P1", "P2"]),
        ("sending_manager", ["P1"]),
        ("sending_staff", ["P1"]),
        ("receiving_manager", ["P1"]),
        ("foreign_manager", ["P3"]),
        ("evaluator", ["P1", "P2"]),
    ],
)
def test_shows_the_pairings_within_the_scope(pages: Pages, persona, expected):
    assert codes(pages(persona).get(URL)) == expected


@pytest.mark.parametrize("persona", ["system_administrator", "audit_administrator"])
def test_administrators_have_no_business_here(pages: Pages, persona):
    pages(persona).get(URL, 403)


def test_a_row_says_who_with_whom_and_what_is_there_against_the_need(pages: Pages):
    row = pages("province_officer").get(URL).table_rows()[0]
    assert row["援派机构"] == "福州市演示甲社会工作服务中心 福建省"
    assert row["受援机构"] == "红寺堡区演示甲社会工作服务中心 宁夏回族自治区"
    assert row["受援县"] == "红寺堡区"
    assert row["任务线与方式"] == "重点县 跨省帮扶"
    assert row["援派人数"].startswith("0 / 2")
    assert row["受援天数"].startswith("0 / 120")
    # Nothing yet on 21 November: three received people no longer reach 120 days in 30.
    assert row["状态"].startswith("来不及 须增派人员")


def test_the_last_line_sums_up_what_the_filters_leave(pages: Pages):
    page = pages("national_officer").get(URL)
    assert page.find("tfoot th").text == "合计 3 对"
    # Of 34 provinces those are offered that have pairings, and the one that is asked for.
    offered = [one.text for one in page.find_all("select[name=sending] option")]
    assert offered == ["全部", "福建省", "重庆市"]
    assert pages("national_officer").get(f"{URL}&q=P1").find("tfoot th").text == "合计 1 对"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=红寺堡", ["P1"]),
        ("q=p2", ["P2"]),
        ("q=厦门市演示乙", ["P2"]),
        ("q=%25", []),
        ("sending=500000", ["P3"]),
        ("sending=110000", []),
        ("receiving=640000", ["P1", "P2"]),
        ("line=key_county", ["P1", "P2", "P3"]),
        ("line=continuation", []),
        ("mode=in_province", []),
        ("mode=cross_province", ["P1", "P2", "P3"]),
        ("pace=out_of_reach", ["P1", "P2", "P3"]),
        ("pace=slow", []),
        ("pace=x", ["P1", "P2", "P3"]),
        ("compliant=yes", []),
        ("compliant=no", ["P1", "P2", "P3"]),
        ("finding=no_agreement", ["P2", "P3"]),
        ("finding=too_few_sent_days", ["P1", "P2", "P3"]),
        ("state=active", ["P1", "P2", "P3"]),
        ("state=terminated", []),
        ("state=waiting", []),
        ("line=nonsense&sending=x&finding=y&state=z", ["P1", "P2", "P3"]),
    ],
)
def test_filters_stand_in_the_url(pages: Pages, query, expected):
    page = pages("national_officer").get(f"{URL}&{query}")
    found = codes(page) if page.find("tbody tr") else []
    assert found == expected


@pytest.mark.parametrize(
    ("sort", "first"),
    [("code", "P1"), ("-code", "P3"), ("-county", "P2"), ("county", "P3"), ("nonsense", "P1"),
     ("sent_days", "P1"), ("-compliant", "P3"), ("sending", "P1"), ("-receiving", "P2")],
)  # fmt: skip
def test_sorts_by_what_the_url_says(pages: Pages, sort, first):
    assert codes(pages("national_officer").get(f"{URL}&sort={sort}"))[0] == first


def test_of_days_under_way_the_pace_is_told_and_red_is_for_what_is_lost(pages: Pages, world: World):
    world.clock.stand_on(date(2022, 3, 1))
    client = pages("national_officer")
    page = client.get(URL)
    assert {row["状态"].split()[0] for row in page.table_rows()} == {"偏慢"}
    # 120 days of three people are the last 40 working days; P3 has one person alone.
    assert "最迟 2022-11-07 起" in page.table_rows()[0]["状态"]
    assert not page.find_all("tbody .q-tag--bad")
    assert codes(client.get(f"{URL}&pace=slow&sort=pace")) == ["P1", "P2", "P3"]
    world.clock.stand_on(date(2023, 1, 2))
    page = pages("national_officer").get(URL)
    assert {row["状态"].split()[0] for row in page.table_rows()} == {"未达标"}
    assert len(page.find_all("tbody .q-tag--bad")) == 3


def test_another_year_is_a_click_away(pages: Pages):
    page = pages("province_officer").get(URL).click("2023")
    assert page.find("caption").text == "2023 年度结对"
    assert codes(page) == ["P1", "P2"]


def test_a_year_that_is_none_gives_the_current_one(pages: Pages):
    assert pages("province_officer").get("/pairings?year=1999").find("caption").text == (
        "2022 年度结对"
    )


def test_an_empty_list_says_what_to_do(pages: Pages):
    page = pages("province_officer").get("/pairings?year=2021")
    assert page.find(".q-empty__title").text == "2021 年度还没有结对"
    assert ("建立结对", "/pairings/new") in page.links()
    page = pages("county_officer").get("/pairings?year=2021")
    assert "省级民政部门建立" in page.find(".q-empty").text
    page = pages("county_officer").get(f"{URL}&q=没有这样的")
    assert ("清除筛选", "/pairings?year=2022") in page.links()


def test_only_a_province_is_offered_a_new_pairing(pages: Pages):
    assert ("建立结对", "/pairings/new") in pages("province_officer").get(URL).links()
    assert ("建立结对", "/pairings/new") not in pages("county_officer").get(URL).links()


def test_costs_the_same_number_of_queries_for_one_row_and_for_many(pages: Pages):
    client = pages("national_officer")
    client.get(URL)
    costs = []
    for url in (f"{URL}&q=P1", URL):
        with statements(pages.app) as sent:
            client.get(url)
        costs.append(len(sent))
    assert costs[0] == costs[1]


def test_a_long_list_is_turned_page_by_page_with_its_filters(pages: Pages, world: World):
    many_pairings(world, 60)
    page = pages("province_officer").get(f"{URL}&q=N&sort=-code")
    assert codes(page) == [f"N{number:03}" for number in range(59, 9, -1)]
    assert page.find(".q-pagination p").text == "第 1–50 条，共 60 条"
    assert page.find("tfoot th").text == "合计 60 对"
    page = page.click("下一页")
    assert codes(page) == [f"N{number:03}" for number in range(9, -1, -1)]
    page = page.click("上一页")
    assert codes(page)[0] == "N059"
    page = page.click("2023")
    assert codes(page)[0] == "N059"


def many_pairings(world: World, count: int) -> None:
    deed = world.deed()
    for number in range(count):
        two = [
            register_organisation(
                deed,
                organisation_facts("52", seat, 500 + 2 * number + side, f"演示机构{seat}{number}"),
            )
            for side, seat in enumerate(("350102", "640302"))
        ]
        create_pairing(
            deed,
            code=f"N{number:03}",
            sending=two[0],
            receiving=two[1],
            county_code="640302",
            line=Line.CONTINUATION,
            starts_on=date(2022, 1, 1),
            ends_on=date(2023, 12, 31),
        )
