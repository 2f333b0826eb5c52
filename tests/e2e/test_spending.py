"""Show 1, second half: a claim with a photo on a phone → booked → disallowed → repaid, told in one timeline."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.e2e.page_checks import layout_faults_of
from tests.support import files
from tests.support.measured import Measured

TAP_SECONDS, CHARACTER_SECONDS, DECISION_SECONDS = 1.1, 0.5, 1.35
"""The keystroke model of docs/reviews."""
CAMERA_TAPS = 3
"""Open the camera, release, take the picture over."""
A_MINUTE = 60
JUDGED_WITHIN_MS = 30_000


@dataclass
class Thumb:
    """Counts what a person does on a phone; to reach a text field is a tap, too."""

    taps: int = 0
    characters: int = 0
    fields: int = 0
    decisions: int = 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def choose(self, target: Locator) -> None:
        self.tap(target)
        self.fields += 1
        self.decisions += 1

    def type(self, target: Locator, words: str) -> None:
        self.tap(target)
        target.fill(words)
        self.fields += 1
        self.characters += len(words)

    def photograph(self, target: Locator) -> None:
        target.set_input_files(
            [{"name": "票据.png", "mimeType": "image/png", "buffer": files.png(77)}]
        )
        self.taps += CAMERA_TAPS
        self.fields += 1

    @property
    def seconds(self) -> float:
        return (
            self.taps * TAP_SECONDS
            + self.characters * CHARACTER_SECONDS
            + self.decisions * DECISION_SECONDS
        )


def test_a_claim_with_a_photo_is_booked_disallowed_and_repaid(
    demo: DemoPortal, measured: Measured
) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        thumb = claim(page)
        address = page.url
    measured(
        "a claim with a photo on a phone",
        f"{thumb.fields} fields, {thumb.taps} taps, {thumb.characters} characters,"
        f" {thumb.seconds:.0f} s",
    )
    assert thumb.seconds < A_MINUTE
    with demo.visited("yanshi-send-mgr", PHONE) as page:
        page.goto(address)
        page.get_by_role("button", name="入账").tap()
        expect(page.get_by_text("已入账 1 笔，共 128.50 元。")).to_be_visible()
    with demo.visited("yanshi-prov-send", DESKTOP) as page:
        page.goto(address)
        page.get_by_role("link", name="不予认可").click()
        page.get_by_label("原因").fill("演示：与计划实施无关")
        page.get_by_role("button", name="不予认可").click()
        expect(page.get_by_text("机构须将款项退回本计划资金账户")).to_be_visible()
    with demo.visited("yanshi-send-mgr", PHONE) as page:
        page.goto(address)
        page.get_by_role("link", name="登记退回").tap()
        page.get_by_label("凭证号").fill("演示回单7")
        page.get_by_role("button", name="登记退回").tap()
        expect(page.locator(".q-timeline__what")).to_have_text(
            ["登记退回", "不予认可，须退回", "入账", "登记支出"]
        )
        assert layout_faults_of(page) == []


def test_a_ticket_and_a_meal_of_a_logged_day_take_less_than_a_minute(
    demo: DemoPortal, measured: Measured
) -> None:
    thumb = Thumb()
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/workdays?state=approved")
        thumb.tap(page.locator("tbody a[href^='/workdays/']").first)
        thumb.tap(page.get_by_role("link", name="登记这天的支出"))
        thumb.type(page.get_by_label("金额"), "45.5")
        thumb.choose(page.locator("label.q-tile", has_text="交通补贴"))
        thumb.type(page.get_by_label("路线"), "演示：县城—乡镇")
        thumb.type(page.get_by_label("收款人"), "演示客运")
        thumb.type(page.get_by_label("用途摘要"), "演示：下乡车票")
        expect(page.locator("input[name=days]:checked")).not_to_have_count(0)
        assert layout_faults_of(page) == []
        thumb.tap(page.get_by_role("button", name="提交登记"))
        thumb.tap(page.get_by_role("link", name="再登记一笔"))
        thumb.type(page.get_by_label("金额"), "30")
        thumb.choose(page.locator("label.q-tile", has_text="餐补"))
        thumb.type(page.get_by_label("收款人"), "演示快餐店")
        thumb.type(page.get_by_label("用途摘要"), "演示：下乡午餐")
        thumb.tap(page.get_by_role("button", name="提交登记"))
        expect(page.get_by_role("heading", level=1)).to_have_text("餐补 30.00 元")
    measured(
        "a ticket and a meal of a logged day on a phone",
        f"{thumb.fields} fields, {thumb.taps} taps, {thumb.characters} characters,"
        f" {thumb.seconds:.0f} s",
    )
    assert thumb.seconds < A_MINUTE


def claim(page: Page) -> Thumb:
    """From the first page to the receipt, as somebody does who knows the way."""
    thumb = Thumb()
    page.goto("/")
    thumb.tap(page.get_by_role("link", name="登记支出"))
    thumb.type(page.get_by_label("金额"), "128.50")
    thumb.choose(page.locator("label.q-tile", has_text="活动费用"))
    thumb.type(page.get_by_label("收款人"), "演示文具店")
    thumb.type(page.get_by_label("用途摘要"), "演示：小组活动材料")
    thumb.photograph(page.get_by_label("拍票据"))
    assert layout_faults_of(page) == []
    thumb.tap(page.get_by_role("button", name="提交登记"))
    # The first file of a server waits for the process that judges it.
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("活动费用 128.50 元", timeout=JUDGED_WITHIN_MS)
    expect(page.get_by_role("link", name="票据.png").first).to_be_visible()
    return thumb


def test_choosing_says_at_once_what_is_not_allowed_and_what_is_asked_for(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/spending/new")
        expect(page.get_by_label("路线")).to_be_hidden()
        page.locator("label.q-tile", has_text="交通补贴").tap()
        expect(page.get_by_label("路线")).to_be_visible()
        page.locator("label.q-tile", has_text="彩票公益金").tap()
        page.locator("label.q-tile", has_text="工资津贴").tap()
        expect(page.get_by_text("“彩票公益金”不可列支“工资津贴”")).to_be_visible()
        page.get_by_label("金额").fill("1")
        expect(page.get_by_text("超过这一来源的可用结余")).to_be_visible()
        assert layout_faults_of(page) == []


@pytest.mark.parametrize("category", ["工资津贴", "交通补贴"])
def test_claims_without_any_script(demo: DemoPortal, category: str) -> None:
    with demo.visited("yanshi-send-staff", PHONE, java_script_enabled=False) as page:
        page.goto("/spending/new")
        page.get_by_label("金额").fill("35")
        page.locator("label.q-tile", has_text=category).tap()
        page.get_by_label("路线").fill("演示：县城—乡镇")
        page.get_by_label("出发日期").fill("2026-11-02")
        page.get_by_label("返回日期").fill("2026-11-13")
        page.get_by_role("button", name="列出工作日").tap()
        expect(page.locator("input[name=days]:checked").first).to_be_attached()
        page.get_by_label("收款人").fill("演示客运站")
        page.get_by_label("用途摘要").fill("演示：下乡")
        page.get_by_role("button", name="提交登记").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(category))
