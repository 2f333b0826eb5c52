"""/funds: how a year stands, for an organisation, a province, the nation."""

from __future__ import annotations

from datetime import date

import flask
import pytest
import sqlalchemy as sa

from portal.changes.actions import terminate_pairing
from portal.funding.standing_export import PROVINCES
from portal.rooms import HOUSE
from tests.pages.documents.test_list_exports import rows_in
from tests.support.money import PROVINCIAL, SUBSIDY, YEAR, approved, paid, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World

WANTS = '.q-tabs[aria-label="要办的事"] a'


def line(page: Page, name: str) -> dict[str, str]:
    return next(
        row for row in page.table_rows(f"{YEAR} 年度各援派机构的资金") if row["机构"] == name
    )


def parts(page: Page) -> dict[str, dict[str, str]]:
    rows = page.table_rows(f"{YEAR} 年度应有、核定、拨付和到账")
    return {row["项目"].split()[0]: row for row in rows}


def test_the_nation_sees_the_subsidy_by_province_against_the_standard(pages: Pages, world: World):
    received(world)
    approved(world, 2_000_000, SUBSIDY, "P2")
    page = pages("national_officer").get(f"/funds?year={YEAR}")
    subsidy = parts(page)["部级补助"]
    assert (
        subsidy["应有"],
        subsidy["核定"],
        subsidy["已拨付"],
        subsidy["到账"],
        subsidy["还差"],
    ) == (
        "90,000.00",
        "50,000.00",
        "30,000.00",
        "30,000.00",
        "60,000.00",
    )
    provinces = page.table_rows(f"{YEAR} 年度按派出省的部级补助和省级资金保障")
    assert [(row["省份"], row["部级补助应有"], row["部级补助还差"]) for row in provinces] == [
        ("福建省", "60,000.00", "30,000.00"),
        ("重庆市", "30,000.00", "30,000.00"),
    ]
    assert "投向重点帮扶县" in page.text
    assert "占到账的 100.0%" in page.text


def test_a_province_sees_who_lacks_what_of_its_own_money(pages: Pages, world: World):
    sending, other = world.organisation("sending").name, world.organisation("sending2").name
    paid(world, 3_000_000, PROVINCIAL)
    page = pages("sending_province_officer").get("/funds")
    assert line(page, sending)["要办的事"] == "未确认到账 到账不足"
    assert line(page, other)["要办的事"] == "未足额编制 到账不足"
    tabs = [one.text for one in page.find_all(WANTS)]
    assert tabs == ["全部 2", "未足额编制 1", "待核定 0", "未拨付 0", "未确认到账 1", "到账不足 2"]
    page = page.click("未足额编制 1")
    rows = page.table_rows(f"{YEAR} 年度各援派机构的资金")
    assert [row["机构"] for row in rows] == [other]


def test_others_see_the_organisations_of_their_reach(pages: Pages, world: World):
    received(world)
    rows = pages("county_officer").get("/funds").table_rows(f"{YEAR} 年度各援派机构的资金")
    assert [row["机构"] for row in rows] == [world.organisation("sending").name]
    pages("receiving_staff").get("/funds", expect=403)


@pytest.mark.parametrize("persona", ["national_officer", "sending_province_officer"])
def test_costs_the_same_statements_however_many_have_money(
    portal, pages: Pages, world: World, persona: str
):
    client = pages(persona)
    client.get("/funds")
    with statements(portal) as few:
        client.get("/funds")
    received(world)
    paid(world, 3_000_000, PROVINCIAL, allocation=approved(world, 3_000_000, PROVINCIAL, "P2"))
    with statements(portal) as many:
        client.get("/funds")
    assert len(many) == len(few)


def test_the_manager_reads_in_one_sentence_what_may_still_be_spent(pages: Pages, world: World):
    received(world)
    page = pages("sending_manager").get("/funds")
    assert (
        "本年可用 30,000.00 元，已用 0.00 元，还可用于活动费用、交通补贴、餐补、工资津贴、保险 30,000.00 元。"
        in page.text
    )
    assert (
        "派出省的资金保障本年度到账 0.00 元，应不少于 30,000.00 元，还差 30,000.00 元" in page.text
    )
    assert "下一步：援派省民政部门编制" in page.text


def test_what_is_short_is_mended_by_one_click_of_whoever_may(pages: Pages, world: World):
    code = world.organisation("sending").credit_code
    url = f"/funds/organisations/{code}/{YEAR}"
    client = pages("sending_province_officer")
    assert client.get(url).find(".q-finding__actions a").text == "编制"
    approved(world, 3_000_000, PROVINCIAL)
    page = client.get(url)
    assert page.find(".q-finding__actions a").text == "拨付"
    assert len(page.click("拨付").table_rows()) == 1
    assert pages("sending_manager").get(url).find(".q-finding__actions a") is None


def test_money_stays_as_decided_when_a_pairing_ends_before_the_year(pages: Pages, world: World):
    approved(world, 3_000_000, SUBSIDY)
    code = world.organisation("sending").credit_code
    world.clock.stand_on(date(2022, 1, 5))
    terminate_pairing(
        world.deed(), world.pairing(), last_day=date(2022, 1, 1), reason="演示：机构退出"
    )
    page = pages("national_officer").get(f"/funds/organisations/{code}/{YEAR}")
    row = parts(page)["部级补助"]
    assert (row["应有"], row["核定"]) == ("0.00", "30,000.00")
    assert "比按现有结对应补的 0.00 元多 30,000.00 元" in page.text


def test_the_money_of_an_organisation_is_shown_to_its_reach_alone(pages: Pages, world: World):
    url = f"/funds/organisations/{world.organisation('sending').credit_code}/{YEAR}"
    pages("county_officer").get(url)
    for persona in ("other_manager", "receiving_manager", "sending_staff"):
        pages(persona).get(url, expect=404)


def test_a_year_that_is_none_leads_nowhere(pages: Pages, world: World):
    code = world.organisation("sending").credit_code
    pages("national_officer").get(f"/funds/organisations/{code}/1999", expect=404)
    pages("national_officer").get("/funds/plan/1999", expect=404)


def test_the_inbox_names_what_waits_for_whom(pages: Pages, world: World):
    paid(world)
    approved(world, 3_000_000, PROVINCIAL)
    assert "待确认到账的拨付" in pages("sending_manager").get("/").text
    assert "待拨付的资金安排" in pages("sending_province_officer").get("/").text
    assert "待拨付的资金安排" not in pages("province_officer").get("/").text


def test_the_inbox_counts_for_how_many_is_not_planned_in_one_line(pages: Pages, world: World):
    label = "资金未足额编制的援派机构"
    for persona, part, number in (
        ("sending_province_officer", "省级资金保障", 2),
        ("national_officer", "部级补助", 3),
    ):
        client = pages(persona)
        page = client.get("/")
        assert f"{YEAR} 年度{part}" in page.text
        assert label in page.text
        (link,) = page.find_all('a[href*="want=unplanned"]')
        rows = client.get(link["href"]).table_rows(f"{YEAR} 年度各援派机构的资金")
        assert len(rows) == number
    assert label not in pages("province_officer").get("/").text
    for pairing in ("P1", "P2"):
        approved(world, 3_000_000, PROVINCIAL, pairing)
    assert label not in pages("sending_province_officer").get("/").text


def test_the_search_finds_a_payment_by_its_voucher(pages: Pages, world: World):
    received(world)
    page = pages("national_officer").get("/search?q=演示凭证1")
    assert "2022 年度 · 部级补助 30,000.00 元 · 已核定" in page.text
    assert "部级补助 30,000.00" not in pages("other_manager").get("/search?q=演示凭证1").text


BEHIND = HOUSE.behind("funding.show_funds")
READERS = (
    "national_officer",
    "sending_province_officer",
    "county_officer",
    "sending_manager",
    "receiving_manager",
    "evaluator",
)


@pytest.mark.parametrize("persona", READERS)
def test_leads_to_every_page_behind_it_that_its_reader_may_open(
    portal: flask.Flask, pages: Pages, persona: str
):
    client = pages(persona)
    links = {one["href"].partition("?")[0] for one in client.get("/funds").find_all("main a")}
    with portal.test_request_context():
        known = {flask.url_for(one.endpoint) for one in BEHIND}
    for url in sorted(known):
        client.get(url, expect=200 if url in links else 403)


def test_a_province_that_receives_sees_what_others_pay_for_it(pages: Pages, world: World):
    received(world)
    page = pages("province_officer").get("/funds")
    name = world.organisation("sending").name
    assert [row["机构"] for row in page.table_rows(f"{YEAR} 年度各援派机构的资金")] == [
        name,
        world.organisation("sending2").name,
    ]
    assert "批量拨付" not in page.find(".q-page-header__actions").text
    assert page.find('.q-tabs a[aria-current="page"]').text == "外省派来的机构"
    page.click(name)
    by_us = page.click("本省派出的机构")
    assert "还没有有效的结对" in by_us.text


def test_what_is_told_to_have_arrived_is_the_part_that_its_reader_pays(pages: Pages, world: World):
    received(world)
    name = world.organisation("sending").name
    told = {
        persona: line(pages(persona).get("/funds"), name)["要办的事"]
        for persona in ("national_officer", "province_officer")
    }
    assert told == {"national_officer": "部级补助已到位", "province_officer": "未足额编制 到账不足"}


def test_who_pays_is_told_of_the_own_payments_that_are_not_confirmed(pages: Pages, world: World):
    paid(world)
    tabs = [one.text for one in pages("sending_province_officer").get("/funds").find_all(WANTS)]
    assert "未确认到账 0" in tabs
    assert "未确认到账 1" in [
        one.text for one in pages("national_officer").get("/funds").find_all(WANTS)
    ]


def test_the_nation_takes_the_subsidy_by_province_out_as_a_workbook(pages: Pages, world: World):
    received(world)
    client = pages("national_officer")
    page = client.get(f"/funds?year={YEAR}")
    shown = page.table_rows(f"{YEAR} 年度按派出省的部级补助和省级资金保障")
    answer = client.post(f"/funds/provinces/exports?year={YEAR}", {}, expect=200)
    rows = rows_in(answer.body, PROVINCES)
    assert [
        (row["援派省份"], f"{row['部级补助应有']:,.2f}", f"{row['部级补助还差']:,.2f}")
        for row in rows
    ] == [(row["省份"], row["部级补助应有"], row["部级补助还差"]) for row in shown]
    assert [row["部级补助到账率"] for row in rows] == [0.5, 0]


@pytest.mark.parametrize("persona", ["sending_manager", "receiving_manager"])
def test_an_organisation_has_no_overview_to_take_out(pages: Pages, persona: str):
    for url in ("/funds/exports", "/funds/provinces/exports"):
        assert pages(persona).get(url, expect=302).location.endswith("/funds")


def test_who_receives_help_begins_with_what_it_raised_itself(pages: Pages, world: World):
    client = pages("receiving_manager")
    page = client.get("/funds")
    assert page.find("section .btn-primary").text == "登记自行筹措"
    assert "资金安排" not in [one.text for one in page.find_all("h2")]
    page.click("登记自行筹措").submit(
        source="lottery", amount="5000", payer="演示福彩中心", received_on="2022-03-01",
        voucher_number="演示彩1", expect=302,
    )  # fmt: skip
    page = client.get("/funds")
    assert page.find("section .btn-primary").text == "登记支出"
    assert "其中彩票公益金 5,000.00 元不列支人员支出" in page.text


def test_offers_who_paid_last_as_the_payer_and_before_that_the_own_department(
    pages: Pages, world: World
):
    client = pages("sending_province_officer")
    offered = [client.get(f"/funds/plan/{YEAR}").find("#payer")["value"]]
    approved(world, 3_000_000, PROVINCIAL)
    offered += [
        client.get(url).find("#payer")["value"]
        for url in (f"/funds/plan/{YEAR}", f"/pairings/P1/funds/new?year={YEAR}")
    ]
    assert "福建" in offered[0]
    assert offered[1:] == ["演示拨款方", "演示拨款方"]


def test_whose_year_is_seen_in_part_is_in_no_list_of_sums(pages: Pages, world: World):
    """The organisation has money of another county's pairing, too: no office of the first adds it up."""
    one = received(world)
    name = world.organisation("sending").name
    world.session.commit()
    assert name in pages("county_officer").get(f"/funds?year={YEAR}").text
    world.session.execute(
        sa.text("UPDATE fund_allocation SET pairing_id = :other"), {"other": world.pairing("P3").id}
    )
    world.session.commit()
    page = pages("county_officer").get(f"/funds?year={YEAR}")
    assert name not in page.text
    assert "30,000.00" not in {row["到账"] for row in parts(page).values()}
    assert name in pages("national_officer").get(f"/funds?year={YEAR}").text
    assert one.received_fen == 3_000_000
