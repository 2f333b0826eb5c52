"""On a phone: planned, approved by another, paid, and confirmed with ten yuan less; the timeline tells it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, DemoPortal
from tests.e2e.further_cases import COLLEAGUE, PAIRING
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.test_phone import Hand
from tests.support.measured import Measured


def test_money_is_planned_approved_paid_and_confirmed_with_a_difference(
    demo: DemoPortal, measured: Measured
) -> None:
    with demo.visited("yanshi-prov-send", PHONE) as page:
        page.goto(f"/pairings/{PAIRING}/funds/new?year=2026")
        page.get_by_label("资金来源").select_option(label="社会资金")
        page.get_by_label("金额").fill("８，０００")
        page.get_by_label("拨款方").fill("演示社会资助方")
        assert layout_faults_of(page) == []
        page.get_by_role("button", name="提交核定").tap()
        expect(page.get_by_text("已编制 8,000.00 元，待本级另一位同事核定")).to_be_visible()
        expect(page.get_by_text("本人编制的资金安排不能由本人核定")).to_be_visible()
        assert layout_faults_of(page) == []
        address = page.url
    with demo.visited(COLLEAGUE, PHONE) as page:
        page.goto("/")
        expect(page.get_by_role("link", name="去核定 ：待核定的资金安排")).to_be_visible()
        page.goto(address)
        page.get_by_role("button", name="核定", exact=True).tap()
        page.get_by_role("dialog").get_by_role("button").last.tap()
        expect(page.get_by_text("已核定 8,000.00 元，可以拨付")).to_be_visible()
        page.get_by_role("link", name="登记拨付").tap()
        page.get_by_label("凭证号").fill("演示闽社2026-1")
        assert layout_faults_of(page) == []
        page.get_by_role("button", name="登记拨付").tap()
        expect(page.get_by_text("已登记拨付 8,000.00 元")).to_be_visible()
    hand = Hand()
    with demo.visited("yanshi-send-mgr", PHONE) as page:
        page.goto("/")
        hand.tap(page.get_by_role("link", name=re.compile("去确认")).first)
        expect(page.get_by_text("本年可用")).to_be_visible()
        assert layout_faults_of(page) == []
        waiting = page.get_by_role("region", name="待确认到账").filter(has_text="演示闽社2026-1")
        hand.tap(waiting.get_by_role("link", name=re.compile("确认到账")))
        amount = page.get_by_label("到账金额")
        hand.say(amount, "7990")
        hand.say(page.get_by_label("差额原因"), "演示：银行手续费 10 元")
        assert layout_faults_of(page) == []
        hand.tap(page.get_by_role("button", name="确认到账"))
        expect(page.get_by_text("已确认到账 7,990.00 元，可以使用")).to_be_visible()
        page.goto(address)
        told = page.locator(".q-timeline")
        for what in ("编制资金安排", "核定资金安排", "登记拨付", "演示：银行手续费 10 元"):
            expect(told.get_by_text(what).first).to_be_visible()
    measured("taps to confirm a payment with a difference", f"{hand.taps}, two of them to type")
    assert hand.taps <= 5
