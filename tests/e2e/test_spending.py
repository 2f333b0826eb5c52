"""Claims on a phone: what the form says while somebody chooses, without script, without signal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, DemoPortal
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.thumb import A_MINUTE, Thumb
from tests.support.files import noisy_png
from tests.support.measured import Measured


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


def test_a_claim_outlives_a_lost_signal_and_is_forgotten_once_it_is_made(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/spending/new")
        thumb = Thumb()
        thumb.type(page.get_by_label("金额"), "35")
        thumb.choose(page.locator("label.q-tile", has_text="交通补贴"))
        thumb.type(page.get_by_label("收款人"), "演示客运站")
        thumb.photograph(page.get_by_label("拍票据"))
        page.context.set_offline(True)
        page.get_by_role("button", name="提交登记").tap()
        expect(page.get_by_text("现在没有网络，还没有提交。填的内容和照片留在本页")).to_be_visible()
        expect(page.get_by_label("金额")).to_have_value("35")
        page.context.set_offline(False)
        page.goto("/")
        page.goto("/spending/new")
        expect(page.get_by_text("上次没有发出的内容已恢复")).to_be_visible()
        expect(page.get_by_label("收款人")).to_have_value("演示客运站")
        # What the category asks for is there again, too.
        page.get_by_label("路线").fill("演示：县城—乡镇")
        page.get_by_label("出发日期").fill("2026-11-19")
        page.get_by_label("返回日期").fill("2026-11-19")
        page.get_by_label("用途摘要").fill("演示：下乡")
        page.get_by_role("button", name="提交登记").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("交通补贴 35.00 元")
        page.goto("/spending/new")
        expect(page.get_by_label("收款人")).to_have_value("")


def test_a_photo_is_made_smaller_before_it_travels(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/spending/new")
        taken = page.get_by_label("拍票据")
        content = noisy_png((2800, 1400))
        taken.set_input_files({"name": "票据.png", "mimeType": "image/png", "buffer": content})
        expect(page.get_by_text(re.compile("照片已从 .* 缩小到 .*，可以上传。"))).to_be_visible()
        width = "input => createImageBitmap(input.files[0]).then(({ width }) => width)"
        assert taken.evaluate(width) == 2560
        assert taken.evaluate("input => input.files[0].size") < len(content)


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
