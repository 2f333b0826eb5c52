"""What the browser says by itself: an end of the session ahead, a file that came, a rest day chosen."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal, picture

OFFICER = "yanshi-national"


def bar(page: Page) -> Locator:
    return page.locator(".q-idle")


def wait_until_told(page: Page) -> None:
    """Wait until the page has told the other tabs of its use: its script comes a minute later.

    Not by ``wait_for_function``, which evaluates text in the page: the policy forbids that.
    """
    for _ in range(100):
        if page.evaluate("Date.now() - Number(localStorage.getItem('qianshou-seen')) < 120000"):
            return
        page.wait_for_timeout(50)
    raise AssertionError


def test_warns_before_an_idle_session_ends_and_goes_on_when_asked(demo: DemoPortal) -> None:
    with demo.visited(OFFICER, PHONE) as page:
        page.clock.install()
        page.goto("/summary/exports?year=2026")
        page.get_by_label("用途").fill("演示：报送汇总表")
        with page.expect_request("**/idle.js*"):
            page.clock.fast_forward("01:00")
        wait_until_told(page)
        page.clock.fast_forward("25:00")
        expect(bar(page)).to_have_count(0)
        page.clock.fast_forward("01:30")
        expect(bar(page)).to_contain_text("后将自动退出")
        picture(page, "idle-warning")
        page.get_by_role("button", name="继续使用").click()
        expect(bar(page)).to_have_count(0)
        page.clock.fast_forward("30:10")
        expect(bar(page)).to_contain_text("系统已自动退出")
        expect(page.get_by_label("用途")).to_have_value("演示：报送汇总表")
        link = page.get_by_role("link", name="重新登录")
        assert link.get_attribute("href") == page.url


def test_another_tab_in_use_keeps_this_one_from_warning(demo: DemoPortal) -> None:
    context = demo.context(OFFICER)
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.clock.install()
        page.goto("/summary")
        page.clock.fast_forward("01:00")
        wait_until_told(page)
    first.clock.fast_forward("25:00")
    second.clock.fast_forward("25:00")
    second.reload()
    second.clock.fast_forward("01:00")
    wait_until_told(second)
    first.clock.fast_forward("02:00")
    expect(bar(first)).to_have_count(0)
    first.clock.fast_forward("26:00")
    expect(bar(first)).to_have_count(1)
    context.close()


def test_a_download_frees_the_button_forgets_old_errors_and_says_what_was_made(
    demo: DemoPortal,
) -> None:
    with demo.visited(OFFICER, DESKTOP) as page:
        page.goto("/summary/exports?year=2026")
        button = page.get_by_role("button", name="导出")
        expect(page.get_by_label("Excel 工作簿")).to_be_checked()
        page.get_by_label("CSV").check()
        button.click()
        expect(page.locator("[data-error-summary]")).to_contain_text("请填写用途")
        page.get_by_label("用途").fill("演示：报送汇总表")
        for _ in range(2):
            with page.expect_download() as made:
                button.click()
            assert made.value.suggested_filename.endswith(".csv")
            expect(button).to_be_enabled(timeout=2000)
            expect(page.locator("[data-error-summary]")).to_have_count(0)
            expect(page.locator(".q-error")).to_have_count(0)
            expect(page.locator("[data-download-done]")).to_contain_text(
                re.compile(
                    r"已生成“牵手计划2026年度汇总表（截至2026-11-20）\.csv”：\d+ 行，\d+ KB；"
                    r"范围：全国；数据截至 2026-11-20。"
                )
            )
        picture(page, "export-done")
        assert not [one for one in page.context.cookies() if one["name"] == "qianshou-made"]


def test_an_export_of_the_trail_says_so_too(demo: DemoPortal) -> None:
    with demo.visited("yanshi-audit-admin", DESKTOP) as page:
        page.goto("/audit")
        page.get_by_label("用途").fill("演示：年度检查")
        with page.expect_download():
            page.get_by_role("button", name="导出 CSV").click()
        expect(page.locator("[data-download-done]")).to_contain_text(
            "已生成“牵手计划审计记录（2026-11-20）.csv”"
        )


def test_what_is_special_about_a_day_is_there_while_that_day_is_chosen(demo: DemoPortal) -> None:
    clock = demo.app.extensions["qianshou_settings"].now
    before = clock()
    clock.stand_on(date(2026, 11, 21))
    try:
        with demo.opened("yanshi-send-staff", PHONE) as page:
            page.goto("/workdays/new")
            said = page.get_by_text("所选有休息日，经县级核准后计入。")
            expect(said).to_be_visible()
            page.get_by_role("checkbox", name="11月21日 周六").uncheck()
            expect(said).to_be_hidden()
            page.get_by_role("checkbox", name="11月21日 周六").check()
            expect(said).to_be_visible()
            picture(page, "rest-day")
    finally:
        clock.instant = before
