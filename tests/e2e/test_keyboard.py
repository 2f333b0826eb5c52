"""Everything can be done with the keyboard alone, and one always sees where one is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DemoPortal

KEY_PAGES = (
    ("yanshi-send-staff", "/"),
    ("yanshi-send-staff", "/workdays/new"),
    ("yanshi-send-mgr", "/workdays/confirmation"),
    ("yanshi-county", "/"),
    ("yanshi-prov", "/pairings"),
    ("yanshi-national", "/summary"),
    ("yanshi-national", "/design"),
)
MOST_STOPS = 700

# How the element that has the focus shows it: outline or shadow, and nothing lying over it.
FOCUS = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const target = element.matches('input[type=radio], input[type=checkbox]')
        && element.labels && element.labels[0] ? element.labels[0] : element;
    const shows = [element, target, element.nextElementSibling].filter(Boolean).some((one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
            || style.boxShadow !== 'none';
    });
    const drawn = [...element.querySelectorAll('rect, circle, path')].some((one) => {
        const style = getComputedStyle(one);
        return style.stroke !== 'none' && parseFloat(style.strokeWidth) >= 2;
    });
    const box = target.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
    const above = document.elementFromPoint(x, y);
    return {
        name: element.outerHTML.slice(0, 140),
        shows: shows || drawn,
        seen: Boolean(above) && (target.contains(above) || above.contains(target)),
    };
}"""


def stops(page: Page) -> Iterator[dict[str, object]]:
    """Press Tab until the page is through; yield where the focus came to rest."""
    seen: set[object] = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        number = page.evaluate(
            """() => {
                const all = window.focusable = window.focusable || new Map();
                const here = document.activeElement;
                if (here === document.body) return -1;
                if (!all.has(here)) all.set(here, all.size);
                return all.get(here);
            }"""
        )
        if number == -1 or number in seen:
            return
        seen.add(number)
        found = page.evaluate(FOCUS)
        if found:
            yield found
    raise AssertionError(f"the focus does not come to an end within {MOST_STOPS} stops")


@pytest.mark.parametrize(("login", "path"), KEY_PAGES)
def test_the_focus_is_always_seen(login: str, path: str, demo: DemoPortal) -> None:
    with demo.visited(login) as page:
        page.goto(path)
        found = list(stops(page))
    assert len(found) > 5
    assert [one["name"] for one in found if not one["shows"]] == []
    assert [one["name"] for one in found if not one["seen"]] == [], "hidden behind something"


def test_the_first_stop_leaps_to_the_content(demo: DemoPortal) -> None:
    with demo.visited("yanshi-prov") as page:
        page.goto("/pairings")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="跳到主要内容")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "page-content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_day_is_logged_by_keyboard_alone(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff") as page:
        page.goto("/workdays/new")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        _tab_to(page, "textarea[name=description]")
        page.keyboard.type("演示：整理走访记录")
        _tab_to(page, "button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")


def test_the_account_menu_opens_and_closes_by_keyboard(demo: DemoPortal) -> None:
    with demo.visited("yanshi-prov") as page:
        page.goto("/")
        menu = page.locator("details[data-menu]").filter(has_text="修改密码")
        summary = menu.locator("summary")
        summary.focus()
        page.keyboard.press("Enter")
        expect(menu).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('details[data-menu]') !== null")
        page.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")
        expect(summary).to_be_focused()


def test_a_question_keeps_the_focus_and_gives_it_back(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff") as page:
        page.goto("/workdays?state=draft")
        page.locator("main a[href^='/workdays/']").filter(has_text=re.compile(r"\d")).first.click()
        delete = page.get_by_role("button", name="删除")
        delete.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("button", name="取消")).to_be_focused()
        for _ in range(4):
            page.keyboard.press("Tab")
            inside = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
            assert page.evaluate(inside), "the page behind stays out of reach"
        page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()
        expect(delete).to_be_focused()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="删除").press("Enter")
        expect(page.get_by_text("已删除")).to_be_visible()


def test_a_table_is_sorted_by_keyboard(demo: DemoPortal) -> None:
    with demo.visited("yanshi-prov") as page:
        page.goto("/pairings")
        heading = page.get_by_role("columnheader").filter(has=page.get_by_role("link")).first
        name = heading.inner_text().split("，")[0].strip()
        heading.get_by_role("link").press("Enter")
        page.wait_for_url(re.compile("sort="))
        heading = page.get_by_role("columnheader", name=re.compile(f"^{re.escape(name)}"))
        expect(heading).to_have_attribute("aria-sort", re.compile("ascending|descending"))


def test_a_returned_form_starts_at_what_is_to_be_mended(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff") as page:
        page.goto("/workdays/new")
        page.get_by_label("工作内容").fill("")
        page.get_by_role("button", name="提交").press("Enter")
        summary = page.locator("[data-error-summary]")
        expect(summary).to_be_focused()
        summary.get_by_role("link", name=re.compile("工作内容")).press("Enter")
        assert page.evaluate("document.activeElement.name") == "description"


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached within 60 stops")
