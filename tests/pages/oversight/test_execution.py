"""/funds/execution: how far money is used, by organisation, province, source, category."""

from __future__ import annotations

import io

import flask
import openpyxl

from models.types import ExpenseCategory, FundSource
from portal.settlements.actions import settle
from portal.spending.actions import book_expenditures, disallow
from tests.support.money import PROVINCIAL, SUBSIDY, YEAR, approved, paid, planned, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.settlements import handed_in
from tests.support.spending import claimed
from tests.support.statements import statements
from tests.support.transfers import allow_transfers, arrived
from tests.support.world import World

ADDRESS = f"/funds/execution?year={YEAR}"


def used(world: World) -> None:
    """Two organisations of Fujian: one has used a part of two sources, the other nothing yet."""
    received(world)
    received(world, 1_000_000, PROVINCIAL, voucher="演示凭证2")
    manager = world.deed("sending_manager")
    book_expenditures(manager, [claimed(world, 1_200_000)])
    book_expenditures(manager, [claimed(world, 300_000, category=ExpenseCategory.MEALS)])
    book_expenditures(manager, [claimed(world, 100_000, source=PROVINCIAL)])
    approved(world, 2_000_000, SUBSIDY, "P2")


def rows(page: Page, by: str) -> dict[str, dict[str, str]]:
    """Return the rows of the table by their names, and its last row as 合计; none of an empty one."""
    if not page.find_all("main table"):
        return {}
    assert by in page.find("caption").text
    found = page.table_rows(0)
    sums = [cell.text.strip() for cell in page.find_all("main tfoot td[data-label]")]
    return {next(iter(row.values())): row for row in found} | {
        "合计": dict(zip(list(found[0])[1:], sums, strict=True))
    }


def test_each_organisation_has_its_rate_and_the_whole_its_own(pages: Pages, world: World):
    used(world)
    page = pages("national_officer").get(ADDRESS)
    found = rows(page, "按机构")
    one = found[world.organisation("sending").name]
    assert (one["到账"], one["支出"], one["结余"], one["执行率"]) == (
        "40,000.00",
        "16,000.00",
        "24,000.00",
        "40.0%",
    )
    other = found[world.organisation("sending2").name]
    assert (other["核定"], other["到账"], other["执行率"]) == ("20,000.00", "0.00", "—")
    assert "执行率 40.0%" in page.text


def test_told_by_source_category_and_province_it_comes_to_the_same(pages: Pages, world: World):
    used(world)
    officer = pages("sending_province_officer")
    by_source = rows(officer.get(f"{ADDRESS}&by=source"), "按来源")
    assert {name: (row["到账"], row["支出"], row["执行率"]) for name, row in by_source.items()} == {
        "部级补助": ("30,000.00", "15,000.00", "50.0%"),
        "省级配套": ("10,000.00", "1,000.00", "10.0%"),
        "合计": ("40,000.00", "16,000.00", "40.0%"),
    }
    by_category = rows(officer.get(f"{ADDRESS}&by=category"), "按支出类别")
    assert {name: (row["支出"], row["占可用资金"]) for name, row in by_category.items()} == {
        "活动费用": ("13,000.00", "32.5%"),
        "餐补": ("3,000.00", "7.5%"),
        "合计": ("16,000.00", "40.0%"),
    }
    by_province = rows(officer.get(f"{ADDRESS}&by=province"), "按省份")
    assert by_province["福建省"]["支出"] == "16,000.00"


def test_what_was_disallowed_is_no_longer_spent_in_any_of_them(pages: Pages, world: World):
    used(world)
    one = claimed(world, 50_000, payee="演示礼品店")
    book_expenditures(world.deed("sending_manager"), [one])
    disallow(world.deed("sending_province_officer"), one, "演示：与计划无关")
    officer = pages("sending_province_officer")
    for by, word in (("", "按机构"), ("source", "按来源"), ("category", "按支出类别")):
        assert rows(officer.get(f"{ADDRESS}&by={by}"), word)["合计"]["支出"] == "16,000.00"


def test_what_was_carried_over_is_money_to_spend(pages: Pages, world: World):
    received(world)
    settle(world.deed("sending_province_officer"), [handed_in(world)])
    officer = pages("sending_province_officer")
    address = f"/funds/execution?year={YEAR + 1}"
    for by in ("", "&by=source"):
        found = rows(officer.get(address + by), "按")
        (row, total) = found.values()
        assert (row["到账"], row["结转和转付"], row["结余"], row["执行率"]) == (
            "0.00",
            "30,000.00",
            "30,000.00",
            "0.0%",
        )
        assert total["结转和转付"] == "30,000.00"


def test_what_was_passed_on_is_the_partners_to_spend(pages: Pages, world: World):
    received(world)
    allow_transfers(world)
    arrived(world, 1_000_000)
    world.session.commit()
    officer, address = pages("national_officer"), f"/funds/execution?year={YEAR}"
    told = {
        title: (row["到账"], row["结转和转付"], row["结余"])
        for title, row in rows(officer.get(address), "按").items()
    }
    sending, receiving = (world.organisation(key).name for key in ("sending", "receiving"))
    assert told[sending] == ("30,000.00", "-10,000.00", "20,000.00")
    assert told[receiving] == ("0.00", "10,000.00", "10,000.00")
    (source, _total) = rows(officer.get(f"{address}&by=source"), "按").values()
    assert (source["到账"], source["结转和转付"], source["结余"]) == (
        "30,000.00",
        "0.00",
        "30,000.00",
    )


def test_what_is_planned_stands_beside(pages: Pages, world: World):
    planned(world, 3_500_000)
    officer = pages("sending_province_officer")
    for by, word in (("", "按机构"), ("source", "按来源"), ("province", "按省份")):
        assert rows(officer.get(f"{ADDRESS}&by={by}"), word)["合计"]["编制"] == "35,000.00"


SEES = {
    "national_officer": ["sending", "sending2"],
    "sending_province_officer": ["sending", "sending2"],
    "province_officer": ["sending", "sending2"],
    "county_officer": ["sending"],
    "other_county_officer": ["sending2"],
    "sending_manager": ["sending"],
    "other_manager": ["sending2"],
    "receiving_manager": [],
    "foreign_manager": [],
    "other_province_officer": [],
}


def test_nobody_is_told_sums_from_beyond_the_own_scope(pages: Pages, world: World):
    used(world)
    for persona, sees in SEES.items():
        client = pages(persona)
        page = client.get(ADDRESS)
        names = {world.organisation(key).name for key in sees}
        assert set(rows(page, "按机构")) - {"合计"} == names, persona
        assert bool(names) != ("还没有资金" in page.text)
        spent = "16,000.00" if "sending" in sees else "0.00"
        for by, word in (("source", "按来源"), ("category", "按支出类别"), ("province", "按省份")):
            found = rows(client.get(f"{ADDRESS}&by={by}"), word)
            assert found.get("合计", {"支出": "0.00"})["支出"] == spent, persona


def test_whoever_sees_a_part_of_a_year_is_told_nothing_of_it(pages: Pages, world: World):
    """An organisation with two pairings: the county of one of them sees no sum of both."""
    used(world)
    session = world.session
    one = approved(world, 500_000, FundSource.DONATION)
    one.pairing_id = world.pairing("P2").id
    session.flush()
    assert "还没有资金" in pages("county_officer").get(ADDRESS).text


def test_is_sorted_and_filtered(pages: Pages, world: World):
    used(world)
    officer = pages("national_officer")
    first, second = world.organisation("sending").name, world.organisation("sending2").name
    names = list(rows(officer.get(f"{ADDRESS}&sort=-rate"), "按机构"))
    assert names[:2] == [first, second]
    names = list(rows(officer.get(f"{ADDRESS}&sort=rate"), "按机构"))
    assert names[:2] == [second, first]
    assert list(rows(officer.get(f"{ADDRESS}&q=厦门"), "按机构")) == [second, "合计"]
    assert list(rows(officer.get(f"{ADDRESS}&province=350000"), "按机构"))[:2] == [first, second]


def test_leaves_the_portal_as_the_page_tells_it(pages: Pages, world: World):
    used(world)
    officer = pages("sending_province_officer")
    for by in ("organisation", "province", "source", "category"):
        query = f"year={YEAR}&by={by}"
        answer = officer.post(f"/funds/execution/exports?{query}", {}, expect=200)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).worksheets[0]
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert 16_000 in cells
        printed = officer.get(f"/funds/execution/exports?{query}")
        assert f"{YEAR}年度资金执行情况表" in printed.text
        assert "16,000.00" in printed.text


def test_costs_the_same_queries_however_many(pages: Pages, world: World, portal: flask.Flask):
    officer = pages("national_officer")
    received(world)
    officer.get(ADDRESS)
    with statements(portal) as few:
        officer.get(ADDRESS)
    paid(world, 1_000_000, PROVINCIAL, voucher="演示凭证9")
    approved(world, 2_000_000, SUBSIDY, "P2")
    with statements(portal) as many:
        officer.get(ADDRESS)
    assert len(few) == len(many)
