"""/funds: how a year stands, for an organisation, a province, the nation."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from portal.changes.actions import terminate_pairing
from tests.support.money import PROVINCIAL, SUBSIDY, YEAR, approved, paid, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World


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
    assert [(row["省份"], row["部级补助应补"], row["还差"]) for row in provinces] == [
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
    tabs = [one.text for one in page.find_all(".q-tabs a")]
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
