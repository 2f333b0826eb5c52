"""Lists on a phone: two lines a row that open without script, the fields of a filter in one line.

That no closed row of any page stands in more than two lines is asked of every page that a browser
test opens at 390 px (tests/e2e/page_checks.py).
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.web.display import COOKIE
from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.e2e.page_checks import layout_faults_of
from tests.support.measured import Measured

NARROWEST = (360, 640)
ROW = "main .q-rows tbody tr"

LISTS = (
    ("yanshi-send-mgr", "/workdays"),
    ("yanshi-national", "/people"),
    ("yanshi-national", "/pairings"),
    ("yanshi-national", "/organisations"),
    ("yanshi-prov", "/assignments"),
)

LABELS_READ_OUT = """(row) => [...row.querySelectorAll('td[data-label]')].filter((cell) => {
    const label = getComputedStyle(cell, '::before');
    return getComputedStyle(cell).display !== 'none'
        && (label.display === 'none' || label.visibility === 'hidden' || label.content !== `"${cell.dataset.label}"`);
}).map((cell) => cell.dataset.label)"""


def rows_of(page: Page) -> Locator:
    return page.locator(ROW)


def height(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["height"]


def test_a_row_opens_and_closes_without_any_script(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-mgr", PHONE, java_script_enabled=False) as page:
        page.goto("/workdays")
        row = rows_of(page).first
        entered = row.locator("td[data-label=填报]")
        expect(entered).to_be_hidden()
        closed = height(row)
        row.locator(".q-opens summary").tap()
        expect(entered).to_be_visible()
        assert height(row) > 2 * closed
        row.locator(".q-opens summary").tap()
        expect(entered).to_be_hidden()
        assert height(row) == closed


def test_a_closed_row_leads_to_its_page_wherever_it_is_touched(demo: DemoPortal) -> None:
    with demo.visited("yanshi-national", PHONE) as page:
        page.goto("/people")
        row = rows_of(page).first
        name = row.locator("th").inner_text().strip()
        box = row.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 3, box["y"] + box["height"] - 8)
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_who_comes_by_the_keyboard_sees_the_link_that_has_the_focus(demo: DemoPortal) -> None:
    with demo.visited("yanshi-national", PHONE) as page:
        page.goto("/people")
        row = rows_of(page).first
        row.locator("th a").focus()
        page.keyboard.press("Tab")
        link = row.locator("td[data-label=机构] a")
        expect(link).to_be_focused()
        inside, around = link.bounding_box(), row.bounding_box()
        assert inside is not None
        assert around is not None
        assert inside["y"] + inside["height"] <= around["y"] + around["height"]


KEEP_17 = """() => {
    [...document.querySelectorAll('main .q-rows tbody tr')].slice(17).forEach((row) => row.remove());
    document.querySelector('.q-pagination__sizes').remove(); // so short a list offers none
    return document.querySelectorAll('main .q-rows tbody tr').length;
}"""
MOST_PX = 1400


def test_seventeen_days_take_less_than_two_screens(demo: DemoPortal, measured: Measured) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/workdays")
        assert page.evaluate(KEEP_17) == 17
        tall = page.evaluate("document.documentElement.scrollHeight")
    measured("17 days of one's own list at 390 px", f"{tall} px")
    assert tall <= MOST_PX


def test_no_label_is_lost_for_who_listens(demo: DemoPortal) -> None:
    with demo.visited("yanshi-national", PHONE) as page:
        for path in ("/people", "/pairings"):
            page.goto(path)
            assert rows_of(page).first.evaluate(LABELS_READ_OUT) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_the_first_row_of_a_list_stands_on_the_first_screen(
    size: tuple[int, int], demo: DemoPortal, measured: Measured
) -> None:
    tops = {}
    for login in dict.fromkeys(login for login, _ in LISTS):
        with demo.visited(login, size) as page:
            for path in (path for who, path in LISTS if who == login):
                page.goto(path)
                box = rows_of(page).first.bounding_box()
                assert box is not None
                tops[path] = round(box["y"] + box["height"])
    measured(f"end of the first row at {size[0]} px", str(tops))
    assert max(tops.values()) < size[1], tops


def test_the_fields_open_on_demand_and_what_is_asked_can_be_taken_off(demo: DemoPortal) -> None:
    with demo.visited("yanshi-national", PHONE) as page:
        page.goto("/people")
        level = page.get_by_label("证书等级")
        expect(level).to_be_hidden()
        page.get_by_text("筛选", exact=True).tap()
        expect(level).to_be_visible()
        level.select_option("senior")
        page.locator(".q-fold__fields").get_by_role("button", name="查询").tap()
        page.wait_for_url(re.compile("level=senior"))
        expect(level).to_be_hidden()
        off = page.get_by_role("link", name=re.compile("证书等级：.*去掉"))
        off.tap()
        page.wait_for_url(lambda url: "level=senior" not in url)


@pytest.mark.parametrize("theme", ["standard", "care", "contrast"])
def test_a_row_stands_in_two_lines_on_the_narrowest_phone(theme: str, demo: DemoPortal) -> None:
    faults = []
    for login in dict.fromkeys(login for login, _ in LISTS):
        with demo.visited(login, NARROWEST) as page:
            page.context.add_cookies(
                [{"name": COOKIE, "value": f"{theme}.standard", "url": demo.url}]
            )
            for path in (path for who, path in LISTS if who == login):
                page.goto(path)
                faults += [f"{path} in {theme}: {one}" for one in layout_faults_of(page)]
    assert faults == []


def test_a_long_head_stays_in_sight(demo: DemoPortal) -> None:
    """On the page where there is room, in the frame of what scrolls sideways where there is none."""
    with demo.visited("yanshi-national") as page:
        page.goto("/people")
        page.evaluate("scrollTo(0, 1500)")
        head = page.locator("main .q-table thead").first
        box = head.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 10
    with demo.visited("yanshi-national", (900, 800)) as page:
        page.goto("/pairings")
        frame = page.locator("main .q-table-frame").first
        frame.evaluate("frame => { frame.scrollTop = 600; frame.scrollLeft = 300; }")
        around, head, name = (
            one.bounding_box()
            for one in (frame, frame.locator("thead"), frame.locator("tbody th").nth(12))
        )
        assert around is not None
        assert head is not None
        assert name is not None
        assert head["y"] - around["y"] < 3
        assert name["x"] - around["x"] < 3
