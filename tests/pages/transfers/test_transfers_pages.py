"""The pages of transfers: from the sender's form to the receiver's purse, as each of them sees it."""

from __future__ import annotations

import pytest

from tests.support.money import YEAR, received
from tests.support.portal import Pages
from tests.support.transfers import AGREED, RECEIVER, SENDER, allow_transfers, arrived, passed_on
from tests.support.world import World

FORM = {
    "year": str(YEAR),
    "source": "mca_subsidy",
    "amount": "5,000",
    "paid_on": "2022-04-01",
    "voucher_number": "演示转1",
    **AGREED,
    "agreed_on": "2022-01-01",
}


@pytest.fixture
def open_world(world: World) -> World:
    received(world)
    allow_transfers(world)
    return world


def test_the_sender_passes_on_and_the_receiver_finds_it_in_the_inbox_and_the_purse(
    pages: Pages, open_world: World
):
    sender, receiver = pages(SENDER), pages(RECEIVER)
    page = sender.get("/pairings/P1/transfers/new").submit("main form", **FORM, follow=True)
    assert page.messages == ["已登记转付 5,000.00 元，待对方机构确认收到。"]
    assert "待确认收到的转付" in receiver.get("/").text
    transfer = passed_on(open_world, 100, voucher_number="演示转9")
    open_world.session.commit()
    shown = receiver.get(f"/transfers/{transfer.public_id}")
    assert "演示：第四条" in shown.text
    assert "受援机构的资金" in shown.text
    assert "援派机构的资金" not in shown.text
    page = receiver.get(f"/transfers/{transfer.public_id}/receipt")
    page = page.submit("main form", received_on="2022-04-02", follow=True)
    assert page.messages == ["已确认收到转付 1.00 元，计入本机构可用结余。"]
    assert "确认收到" in page.text
    purse = receiver.get("/funds").text
    assert "本年可用 1.00 元" in " ".join(purse.split())
    assert "转付净额" in purse


def test_the_page_says_that_it_is_not_allowed_and_refuses(pages: Pages, world: World):
    received(world)
    assert "登记转付" not in pages(SENDER).get("/funds").text
    page = pages(SENDER).get("/pairings/P1/transfers/new")
    assert "未开放" in page.text
    page = page.submit("main form", **FORM, expect=200)
    assert "未开放" in " ".join(page.errors)


@pytest.mark.parametrize(
    ("verb", "persona"),
    [("refusal", RECEIVER), ("withdrawal", SENDER), ("reversal", RECEIVER)],
)
def test_each_decision_needs_its_reason(pages: Pages, open_world: World, verb: str, persona: str):
    transfer = (arrived if verb == "reversal" else passed_on)(open_world)
    open_world.session.commit()
    page = pages(persona).get(f"/transfers/{transfer.public_id}/{verb}")
    assert "请填写原因。" in " ".join(page.submit("main form", reason="", expect=200).errors)
    page = page.submit("main form", reason="演示：账号有误", follow=True)
    assert "演示：账号有误" in page.text


def test_an_office_beyond_the_pairing_finds_no_transfer(pages: Pages, open_world: World):
    transfer = arrived(open_world)
    open_world.session.commit()
    for persona, status in (
        ("county_officer", 200),
        ("sending_province_officer", 200),
        ("other_county_officer", 404),
        ("other_manager", 404),
    ):
        pages(persona).get(f"/transfers/{transfer.public_id}", expect=status)
