"""Paying many at once, confirming what arrived, what an organisation raised itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Disbursement, FundAllocation, FundIncome
from models.types import DisbursementState, FundSource
from portal.funding.payment_actions import reverse_receipt
from tests.support.money import PROVINCIAL, YEAR, approved, paid, received
from tests.support.portal import Pages
from tests.support.world import World

PAY = f"/funds/payments/new?year={YEAR}"


def tokens(page) -> list[str]:
    return [box["value"] for box in page.find_all("tbody input[type=checkbox]")]


def test_a_year_is_paid_by_one_form(pages: Pages, world: World):
    approved(world, 3_000_000, PROVINCIAL, "P1")
    approved(world, 4_000_000, FundSource.LOTTERY, "P2")
    approved(world, 3_000_000, FundSource.MCA_SUBSIDY, "P1")
    page = pages("sending_province_officer").get(PAY)
    assert len(tokens(page)) == 2
    page = page.submit(
        "#payments", chosen=tokens(page), paid_on="2022-03-01", prefix="演示财付", follow=True
    )
    assert page.messages == ["已登记拨付 2 笔，合计 70,000.00 元，待机构确认到账。"]
    found = world.session.scalars(sa.select(Disbursement).order_by(Disbursement.id)).all()
    assert [(one.amount_fen, one.voucher_number) for one in found] == [
        (3_000_000, "演示财付-01"),
        (4_000_000, "演示财付-02"),
    ]
    assert "没有待拨付的资金安排" in pages("sending_province_officer").get(PAY).text


def test_a_number_of_its_own_goes_before_the_prefix(pages: Pages, world: World):
    one = approved(world, 3_000_000, PROVINCIAL)
    page = pages("sending_province_officer").get(PAY)
    page.submit(
        "#payments",
        chosen=tokens(page),
        paid_on="2022-03-01",
        values={f"voucher-{one.public_id}": "演示单独1"},
        follow=True,
    )
    assert world.session.scalars(sa.select(Disbursement.voucher_number)).all() == ["演示单独1"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"prefix": ""}, "请填写凭证号前缀，或为所选的每一笔填写凭证号。"),
        ({"prefix": "演", "chosen": []}, "请先勾选要拨付的资金安排。"),
        ({"prefix": "演", "paid_on": "2022-12-01"}, "拨付日期 2022-12-01 晚于今天"),
        ({"prefix": "演", "paid_on": "2021-12-01"}, "早于该工作年度的首日"),
    ],
)
def test_nothing_is_paid_where_anything_is_wrong(
    pages: Pages, world: World, typed: dict[str, object], said: str
):
    approved(world, 3_000_000, PROVINCIAL)
    page = pages("sending_province_officer").get(PAY)
    page = page.submit(
        "#payments", expect=200, **{"chosen": tokens(page), "paid_on": "2022-03-01", **typed}
    )
    assert said in " ".join(page.errors)
    assert world.count(Disbursement) == 0


def test_what_was_paid_meanwhile_is_not_paid_again(pages: Pages, world: World):
    allocation = approved(world, 3_000_000, PROVINCIAL)
    page = pages("sending_province_officer").get(PAY)
    paid(world, 1_000_000, allocation=allocation)
    refused = page.submit(
        "#payments", chosen=tokens(page), paid_on="2022-03-01", prefix="演", expect=409
    )
    assert "已由他人办理或修改" in refused.text
    assert world.count(Disbursement) == 1


def test_the_manager_confirms_with_a_difference_explained(pages: Pages, world: World):
    payment = paid(world)
    client = pages("sending_manager")
    page = client.get("/funds")
    assert page.find('.q-nav__link[href="/funds"]').text == "资金 1 件待办"
    page = page.click("确认到账：部级补助，凭证 演示凭证1")
    page = page.submit(received_on="2022-03-04", amount="29990", expect=200)
    assert "少 10.00 元；请说明差额原因" in page.errors[0]
    page = page.submit(
        received_on="2022-03-04", amount="29990", reason="演示：银行手续费", follow=True
    )
    assert page.messages == ["已确认到账 29,990.00 元，可以使用。"]
    assert "本年可用 29,990.00 元，已用 0.00 元，还可用于活动费用" in page.text
    assert payment.state == DisbursementState.RECEIVED
    told = client.get(f"/funds/allocations/{_fund(world, payment)}").text
    assert "演示：银行手续费" in told


def _fund(world: World, payment: Disbursement) -> str:
    return world.session.get_one(FundAllocation, payment.allocation_id).public_id


def test_only_the_organisation_confirms_what_it_received(pages: Pages, world: World):
    payment = paid(world, source=PROVINCIAL)
    world.session.commit()
    url = f"/funds/payments/{payment.public_id}/receipt"
    pages("other_manager").get(url, expect=404)
    pages("receiving_manager").get(url, expect=404)
    pages("sending_province_officer").get(url, expect=403)


def test_a_wrong_receipt_is_taken_back_and_confirmed_anew(pages: Pages, world: World):
    payment = received(world)
    world.session.commit()
    client = pages("sending_manager")
    page = client.get(f"/funds/payments/{payment.public_id}/receipt/reversal")
    page = page.submit(reason="演示：日期填错", follow=True)
    assert page.messages == ["已冲销到账，可以重新确认。"]
    assert payment.state == DisbursementState.PAID
    page = page.click("确认到账").submit(received_on="2022-03-05", follow=True)
    assert payment.received_on.isoformat() == "2022-03-05"


def test_refuses_to_take_a_payment_back_that_arrived(pages: Pages, world: World):
    payment = received(world, source=PROVINCIAL)
    world.session.commit()
    page = pages("sending_province_officer").get(f"/funds/payments/{payment.public_id}/reversal")
    assert "已到账的请先由机构冲销到账" in page.submit(reason="演示", expect=200).errors[0]
    reverse_receipt(world.deed("sending_manager"), payment, "演示")


@pytest.mark.parametrize("persona", ["sending_manager", "receiving_manager"])
def test_either_side_records_what_it_raised_and_takes_it_back(
    pages: Pages, world: World, persona: str
):
    client = pages(persona)
    page = client.get("/pairings/P1/incomes/new")
    page = page.submit(
        source="donation",
        amount="12,000.50",
        payer="演示基金会",
        received_on="2022-05-01",
        voucher_number="演示捐1",
        follow=True,
    )
    assert page.messages == ["已登记自行筹措 12,000.50 元。"]
    income = world.session.scalars(sa.select(FundIncome)).one()
    side = "sending" if persona == "sending_manager" else "receiving"
    assert income.organisation_id == world.organisation(side).id
    page = page.click("冲销：演示基金会").submit(reason="演示：登记错", follow=True)
    assert page.messages == ["已冲销 12,000.50 元的收入。"]
    assert page.table_rows(f"{YEAR} 年度自行筹措的资金")[0]["金额"] == "12,000.50 已冲销"
    again = client.get(f"/funds/incomes/{income.public_id}/reversal").submit(
        reason="演示", expect=200
    )
    assert again.errors == ["这笔收入已经冲销，不能再次冲销。"]


ODD = {
    "0": "金额应大于 0 元",
    "-1": "金额应大于 0 元",
    "0.001": "最多两位小数",
    "1e5": "最多两位小数",
    "NaN": "最多两位小数",
    "10" + "0" * 18: "最多两位小数",
    "99999999": "超过单笔上限",
    "壹万元": "最多两位小数",
}


def test_odd_amounts_each_get_their_sentence(pages: Pages, world: World):
    page = pages("sending_manager").get("/pairings/P1/incomes/new")
    for amount, said in ODD.items():
        page = page.submit(
            source="self",
            amount=amount,
            payer="演示",
            received_on="2022-05-01",
            voucher_number="1",
            expect=200,
        )
        assert said in page.errors[0], amount
    assert world.count(FundIncome) == 0


def test_a_form_sent_twice_pays_once(pages: Pages, world: World):
    allocation = approved(world, 3_000_000, PROVINCIAL)
    world.session.commit()
    page = pages("sending_province_officer").get(
        f"/funds/allocations/{allocation.public_id}/payments/new"
    )
    asked = {"amount": "100", "paid_on": "2022-03-01", "voucher_number": "演示1"}
    assert page.submit(**asked).location == page.submit(**asked).location
    assert world.count(Disbursement) == 1
