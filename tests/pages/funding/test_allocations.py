"""/funds/allocations: the list of a year, one allocation, planning, approving, cutting."""

from __future__ import annotations

import io

import openpyxl
import sqlalchemy as sa

from models import FundAllocation
from models.types import AllocationState, FundSource
from portal.funding.payment_actions import reverse_disbursement
from tests.support.money import (
    PROVINCIAL,
    SUBSIDY,
    YEAR,
    approved,
    paid,
    planned,
    received,
    with_colleagues,
)
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World

URL = "/funds/allocations"


def rows(page: Page) -> list[dict[str, str]]:
    return page.table_rows() if page.find("table") else []


def token(allocation: FundAllocation) -> str:
    return f"{allocation.public_id}-{allocation.version}"


SEEN = {
    "national_officer": 1,
    "sending_province_officer": 1,
    "province_officer": 1,
    "county_officer": 1,
    "sending_manager": 1,
    "evaluator": 1,
    "receiving_manager": 0,
    "other_manager": 0,
    "other_province_officer": 0,
    "other_county_officer": 0,
}


def test_everybody_sees_the_money_of_the_own_reach(pages: Pages, world: World):
    received(world)
    assert {persona: len(rows(pages(persona).get(URL))) for persona in SEEN} == SEEN


def test_a_row_says_what_is_approved_paid_and_arrived(pages: Pages, world: World):
    received(world)
    planned(world)
    page = pages("sending_province_officer").get(URL)
    first, second = page.table_rows()
    assert (first["来源"], first["核定"], first["已拨"], first["到账"], first["差"]) == (
        "部级补助 演示拨款方",
        "30,000.00",
        "30,000.00",
        "30,000.00",
        "0.00",
    )
    assert first["状态"] == "已到账"
    assert (second["核定"], second["状态"]) == ("编制 30,000.00", "待核定")
    assert page.find("tfoot td[data-label=核定]").text == "30,000.00"


ASKED = {
    "": 3,
    "?state=planned": 1,
    "?state=to_pay": 1,
    "?state=to_confirm": 1,
    "?state=received": 0,
    "?source=provincial": 1,
    "?q=厦门": 1,
    "?q=P2": 1,
    "?year=2021": 0,
    "?province=350000&state=to_pay": 1,
    "?state=unknown": 3,
}


def test_the_list_is_asked_by_state_source_and_name(pages: Pages, world: World):
    paid(world)
    approved(world, 2_000_000, FundSource.LOTTERY, "P2")
    planned(world)
    client = pages("national_officer")
    assert {query: len(rows(client.get(URL + query))) for query in ASKED} == ASKED


def test_costs_the_same_statements_for_one_row_and_for_many(portal, pages: Pages, world: World):
    planned(world)
    client = pages("sending_province_officer")
    client.get(URL)
    with statements(portal) as few:
        client.get(URL)
    for number in range(5):
        planned(world, 1_000 + number, pairing="P2")
    with statements(portal) as many:
        client.get(URL)
    assert len(many) == len(few)


def test_many_are_approved_at_once_by_a_colleague(pages: Pages, world: World):
    with_colleagues(world)
    first, second = planned(world), planned(world, 100_000, FundSource.LOTTERY)
    own = pages("sending_province_officer").get(URL)
    assert own.find("tbody input[type=checkbox]") is None
    client = pages("sending_province_colleague")
    page = client.get(URL)
    assert page.find('.q-nav__link[href="/funds"]').text == "资金 2 件待办"
    chosen = [token(first), token(second)]
    page = page.submit("#funds", button="核定所选", chosen=chosen, follow=True)
    assert page.messages == ["已核定 2 项资金安排，合计 31,000.00 元。"]
    assert {first.state, second.state} == {AllocationState.APPROVED}
    assert page.find('.q-nav__link[href="/funds"]').text == "资金"


def test_refuses_to_approve_what_changed_since_it_was_shown(pages: Pages, world: World):
    with_colleagues(world)
    one = planned(world)
    world.session.commit()
    shown = pages("sending_province_colleague").get(URL)
    one.note = "演示：改了说明"
    world.session.commit()
    client = shown.submit("#funds", button="核定所选", chosen=[f"{one.public_id}-1"], expect=409)
    assert "已由他人办理或修改" in client.text
    assert one.state == AllocationState.PLANNED


def test_nobody_approves_the_own_plan_nor_that_of_another_payer(pages: Pages, world: World):
    with_colleagues(world)
    one = planned(world)
    chosen = {"chosen": [token(one)]}
    world.session.commit()
    refused = pages("sending_province_officer").post(f"{URL}/approval", chosen, expect=409)
    assert "本人编制的资金安排不能由本人核定" in refused.text
    refused = pages("national_colleague").post(f"{URL}/approval", chosen, expect=409)
    assert "不在您的职权内" in refused.text
    pages("other_province_officer").post(f"{URL}/approval", chosen, expect=404)
    assert one.state == AllocationState.PLANNED


def test_one_page_tells_and_offers_all_that_can_be_done(pages: Pages, world: World):
    with_colleagues(world)
    one = planned(world)
    world.session.commit()
    page = pages("sending_province_colleague").get(f"{URL}/{one.public_id}")
    assert "待核定" in page.text
    page = page.submit(button="核定", follow=True)
    assert page.messages == ["已核定 30,000.00 元，可以拨付。"]
    page = page.click("登记拨付").submit(
        amount="10,000", paid_on="2022-03-01", voucher_number="演示凭1", follow=True
    )
    assert page.messages == ["已登记拨付 10,000.00 元，待收款机构确认到账。"]
    assert page.table_rows("拨付记录")[0]["拨付金额"] == "10,000.00"
    page = page.click("核减未拨付的余额").submit(reason="演示：结对年中终止", follow=True)
    assert page.messages == ["已核减未拨付的 20,000.00 元。"]
    assert "核减未拨付的余额：演示：结对年中终止" in page.text.replace(" ", "") or (
        "演示：结对年中终止" in page.text
    )
    page = page.click("冲销拨付").submit(reason="演示：重复", follow=True)
    assert page.messages == ["已冲销拨付，金额回到已核定未拨付。"]
    assert page.table_rows("拨付记录")[0]["状态"] == "已冲销"


def test_declining_needs_a_reason_that_stays(pages: Pages, world: World):
    with_colleagues(world)
    one = planned(world)
    world.session.commit()
    client = pages("sending_province_colleague")
    page = client.get(f"{URL}/{one.public_id}").click("不予核定")
    assert page.submit(reason="", expect=200).errors == ["原因：请填写原因。"]
    page = page.submit(reason="演示：缺预算", follow=True)
    assert "演示：缺预算" in page.text
    assert one.state == AllocationState.DECLINED


def test_says_beside_the_field_why_money_cannot_be_planned(pages: Pages, world: World):
    client = pages("national_officer")
    page = client.get("/pairings/P1/funds/new?year=2022")
    page = page.submit(amount="壹万元", payer="演示", source="mca_subsidy", expect=200)
    assert page.errors == [
        "金额：金额应为以元为单位的数字，最多两位小数，例如 1234.50；实际为“壹万元”。"
    ]
    page = page.submit(amount="１０，０００", payer="演示基金会", source="mca_subsidy", follow=True)
    assert page.messages == ["已编制 10,000.00 元，待本级另一位同事核定。"]
    page = client.get("/pairings/P1/funds/new?year=2022")
    page = page.submit(amount="20000.01", payer="演示基金会", source="mca_subsidy", expect=200)
    assert "将超出 0.01 元" in page.errors[0]
    page = page.submit(
        amount="20000.01",
        payer="演示基金会",
        source="mca_subsidy",
        note="演示：上级追加",
        follow=True,
    )
    assert page.messages == ["已编制 20,000.01 元，待本级另一位同事核定。"]


def test_the_standard_of_a_year_is_planned_for_all_who_lack_it(pages: Pages, world: World):
    approved(world, 1_000_000, SUBSIDY, "P1")
    approved(world, 3_000_000, SUBSIDY, "P2")
    client = pages("national_officer")
    page = client.get(f"/funds/plan/{YEAR}")
    names = [row["机构"].split()[0] for row in page.table_rows()]
    assert names == [world.organisation(one).name for one in ("sending", "foreign_sending")]
    amounts = [row["本次编制"] for row in page.table_rows()]
    assert amounts == ["20,000.00", "30,000.00"]
    before = world.count(FundAllocation)
    overtaken = page
    page = page.submit("form[method=post]", payer="演示民政部", follow=True)
    assert page.messages == ["已为 2 家机构编制 部级补助，合计 50,000.00 元，待另一位同事核定。"]
    assert world.count(FundAllocation) == before + 2
    again = overtaken.submit(
        "form[method=post]", payer="演示民政部", form_key="another", expect=409
    )
    assert "已由他人办理或修改" in again.text
    assert "没有需要编制的机构" in client.get(f"/funds/plan/{YEAR}").text
    # Another year, the same payer: it stands there already, and may be another.
    later = client.get(f"/funds/plan/{YEAR + 1}")
    assert later.find("input[name=payer]")["value"] == "演示民政部"


def test_a_province_gives_each_what_it_guarantees_or_more(pages: Pages, world: World):
    client = pages("sending_province_officer")
    url = f"/funds/plan/{YEAR}?source=lottery&amount="
    assert "低于每年不少于 30,000.00 元的要求" in client.get(f"{url}29999.99").text
    assert "金额应为以元为单位的数字" in client.get(f"{url}abc").text
    page = client.get(f"{url}50000")
    assert [row["本次编制"] for row in page.table_rows()] == ["50,000.00", "50,000.00"]
    page.submit("form[method=post]", payer="演示省厅", follow=True)
    sums = world.session.scalars(sa.select(FundAllocation.amount_fen)).all()
    assert sums == [5_000_000, 5_000_000]


def test_the_workbook_holds_the_rows_of_the_page(pages: Pages, world: World):
    received(world)
    planned(world)
    file = (
        pages("sending_province_officer")
        .get(f"{URL}?state=received")
        .submit(".q-list-exports--head form", expect=200)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(file.body))["资金安排"]
    texts = [
        [cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
    ]
    lines = [row for row in texts if world.organisation("sending").name in row]
    assert len(lines) == 1
    assert 30000 in lines[0]


def test_a_payment_taken_back_leaves_the_list_as_it_was(pages: Pages, world: World):
    payment = paid(world, source=PROVINCIAL)
    reverse_disbursement(world.deed(), payment, "演示：付错")
    page = pages("sending_province_officer").get(f"{URL}?state=to_pay")
    assert page.table_rows()[0]["已拨"] == "0.00"


def test_the_list_is_printed_as_it_is_asked_for(pages: Pages, world: World):
    received(world)
    planned(world)
    page = pages("sending_province_officer").get(f"{URL}/exports?state=received")
    assert [row["到账"] for row in page.table_rows()] == ["30,000.00"]
