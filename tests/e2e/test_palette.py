"""Ctrl+K: the search in a dialog, by keyboard alone, as a combobox that says what it does."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, DemoPortal
from tests.e2e.page_checks import faults_of, prepare

OFFICER = "yanshi-prov"


def opened_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="搜索")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()


def test_finds_and_opens_by_keyboard_alone(demo: DemoPortal) -> None:
    with demo.visited(OFFICER) as page:
        page.goto("/pairings")
        opened_palette(page)
        box = page.get_by_role("dialog").get_by_role("combobox")
        page.keyboard.type("红寺堡")
        options = page.get_by_role("dialog").get_by_role("option")
        expect(options.first).to_contain_text("红寺堡区")
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(options.nth(0)).to_have_attribute("aria-selected", "false")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        chosen = options.nth(1).get_attribute("id")
        expect(box).to_have_attribute("aria-activedescendant", chosen or "")
        target = options.nth(1).get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{demo.url}{target}")


def test_shows_what_was_opened_and_gives_the_focus_back(demo: DemoPortal) -> None:
    with demo.visited(OFFICER) as page:
        page.goto("/pairings")
        first = page.get_by_role("main").get_by_role("link", name="YS26-").first
        code = first.inner_text()
        first.click()
        page.wait_for_url("**/pairings/YS26-*")
        link = page.get_by_role("link", name="修改密码")
        page.locator(".q-account summary").focus()
        opened_palette(page)
        expect(page.get_by_role("dialog").get_by_role("option")).to_contain_text([code])
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="搜索")).to_be_hidden()
        expect(page.locator(".q-account summary")).to_be_focused()
        expect(link).to_be_hidden()


def test_enter_without_a_choice_opens_the_page_of_results(demo: DemoPortal) -> None:
    with demo.visited(OFFICER) as page:
        page.goto("/")
        opened_palette(page)
        page.keyboard.type("没有这个词")
        expect(page.get_by_role("dialog")).to_contain_text("没有找到“没有这个词”")
        expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_attribute(
            "aria-expanded", "false"
        )
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")
        expect(page.get_by_role("heading", level=1)).to_have_text("搜索")


def test_axe_finds_nothing_in_the_open_palette(demo: DemoPortal) -> None:
    for size in ((1440, 900), PHONE):
        context = demo.context(OFFICER, size)
        prepare(context)
        page = context.new_page()
        page.goto("/pairings?state=active")
        page.locator(".q-views__more summary").click()
        assert faults_of(page) == []
        opened_palette(page)
        page.keyboard.type("红寺堡")
        expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert faults_of(page) == []
        context.close()
