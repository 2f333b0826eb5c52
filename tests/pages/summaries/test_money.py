"""Money on the pages: the summary's view of it, the two pictures, the first page, the page of its file."""

from __future__ import annotations

import csv
import io
import json

import pytest
import sqlalchemy as sa

from models import FundAllocation
from models.types import AllocationState, ExpenseCategory
from portal.spending.actions import claim_expenditures
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending
from tests.support.imports import workbook
from tests.support.money import PROVINCIAL, RECEIVED_ON, SUBSIDY, YEAR, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import World

SUMMARY = "/summary?year=2022"


@pytest.fixture
def funded(world: World) -> World:
    """P1 has the ministry's 30,000 and 20,000 of the province, and spent 1,234.56."""
    received(world)
    received(world, 2_000_000, PROVINCIAL)
    pairing = world.pairing()
    spending = Spending(
        SUBSIDY,
        ExpenseCategory.ACTIVITY,
        123_456,
        RECEIVED_ON,
        "演示收款人",
        "演示：督导",
        "演示发票1",
        from_file=True,
    )
    claim = SpendingClaim(
        pairing.sending_organisation_id,
        pairing.id,
        YEAR,
        spending,
        no_voucher_reason="演示",
    )
    claim_expenditures(world.deed(), [claim])
    world.session.commit()
    return world


def figures(page: Page) -> dict[str, str]:
    boxes = page.find_all(".q-kpi")
    return {box.find(".q-kpi__label").text: box.find(".q-kpi__number").text for box in boxes}


@pytest.mark.usefixtures("funded")
def test_shows_money_beside_what_is_due_and_what_is_short(pages: Pages) -> None:
    client = pages("national_officer")
    page = client.get(f"{SUMMARY}&view=money")
    assert figures(page) == {
        "部级补助到账": "30,000.00",
        "省级保障到账": "20,000.00",
        "到账合计": "50,000.00",
        "支出": "1,234.56",
        "结余": "48,765.44",
    }
    rows = {row["援派省份"]: row for row in page.table_rows("资金按援派省份（元）")}
    assert rows["福建省"]["部级应拨"] == "60,000.00"
    assert (rows["福建省"]["省级到账"], rows["福建省"]["执行率"]) == ("20,000.00", "2.5%")
    lines = {row["结对编号"]: row for row in page.table_rows("资金明细（元）")}
    assert (lines["P1"]["资金问题"], lines["P1"]["结余"]) == ("省级配套不足", "48,765.44")
    short = client.get(f"{SUMMARY}&view=money&finding=subsidy_short")
    found = short.table_rows("资金明细（元）")
    assert {row["结对编号"] for row in found if row["结对编号"].startswith("P")} == {"P2", "P3"}
    assert client.get("/summary/provinces/350000?year=2022&view=money").find(".q-tabs") is not None


@pytest.mark.usefixtures("funded")
def test_who_may_not_read_money_sees_none_of_it(pages: Pages) -> None:
    for persona in ("county_rural_officer", "sending_staff"):
        page = pages(persona).get(f"{SUMMARY}&view=money")
        assert page.find(".q-tabs") is None
        assert "部级补助" not in page.text
        assert "30,000.00" not in page.text
    partner = pages("receiving_manager").get(f"{SUMMARY}&view=money")
    assert "30,000.00" not in [node.text for node in partner.find_all(".q-kpi__number")]


@pytest.mark.usefixtures("funded")
def test_draws_where_money_went_and_how_it_was_spent(pages: Pages) -> None:
    client = pages("national_officer")
    page = client.get("/dashboard?year=2022")
    rows = page.table_rows("资金来源 → 支出类别（数据表）")
    assert [tuple(row.values()) for row in rows] == [
        ("部级补助", "活动费用", "1,234.56"),
        ("部级补助", "结余", "28,765.44"),
        ("省级配套", "结余", "20,000.00"),
    ]
    steps = {row["截至"]: row for row in page.table_rows("资金到账与支出进度（数据表）")}
    assert steps["2022年2月"]["到账累计（元）"] == "0.00"
    assert steps["2022年11月"]["到账累计（元）"] == "50,000.00"
    assert steps["2022年11月"]["执行率"] == "2.5%"
    drawn = json.loads(page.find("[data-chart=funds]")["data-drawing"])
    assert drawn["links"][0] == {"source": "部级补助", "target": "活动费用", "value": 1234.56}
    for picture in ("funds", "execution"):
        answer = client.get(f"/dashboard/{picture}.csv?year=2022")
        read = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
        assert len(read) > 1, picture
    other = pages("county_rural_officer").get("/dashboard?year=2022")
    assert other.find("#funds") is None


@pytest.mark.usefixtures("funded")
def test_the_first_page_tells_money_once(pages: Pages) -> None:
    nation = pages("national_officer").get("/")
    rows = {row["来源"]: row for row in nation.table_rows("2022 年度资金")}
    assert rows["部级补助"]["到账（元）"] == "30,000.00 应到 90,000.00"
    assert rows["部级补助"]["未足额"] == "2 家"
    manager = pages("sending_manager").get("/").text
    assert "可用结余 48,765.44 元" in manager
    assert "还差 10,000.00 元" in manager
    assert "可用结余" not in pages("sending_staff").get("/").text


def test_a_file_of_money_is_checked_and_written_on_its_page(world: World, pages: Pages) -> None:
    client = pages("sending_province_officer")
    head = ["结对编号", "年度", "类型", "资金来源", "金额", "日期", "凭证号"]
    plan = ["P1", "2022", "计划", "省级配套", "30000", "2022-03-01", "演示文1号"]
    file = (io.BytesIO(workbook([head, plan])), "演示.xlsx")
    shown = client.get("/import/funds").submit(file=file, follow=True)
    shown.submit("form[action$=application]", button="导入 1 行", follow=True)
    allocation = world.session.scalars(sa.select(FundAllocation)).one()
    assert (allocation.state, allocation.payer) == (AllocationState.PLANNED, "福建省民政部门")
