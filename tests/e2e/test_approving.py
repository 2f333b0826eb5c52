"""Approving in a real browser: how many clicks, how many pixels, and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.support.measured import Measured

COUNTY = "yanshi-county"
CLICKS = 3
ROWS, PIXELS = 26, 2200
"""So many approvals on a phone stand in so many pixels."""

HEIGHTS = """() => {
    const table = document.querySelector('.q-queue');
    const rows = [...table.querySelectorAll('tbody tr')];
    const height = rows.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0);
    return {
        page: document.documentElement.scrollHeight,
        table: table.getBoundingClientRect().height,
        row: height / rows.length,
        rows: rows.length,
    };
}"""


def test_all_ordinary_days_are_approved_by_three_clicks_and_taken_back(
    demo: DemoPortal, measured: Measured
) -> None:
    with demo.visited(COUNTY, DESKTOP) as page:
        page.goto("/")
        clicks = 1
        page.get_by_role("main").get_by_role("link", name=re.compile("去核准")).first.click()
        all_of_them = page.get_by_role("button", name=re.compile("核准全部普通"))
        label = all_of_them.inner_text()
        all_of_them.click()
        page.get_by_role("button", name=re.compile(r"核准这 \d+ 条")).click()
        clicks += 2
        expect(page.get_by_text(re.compile(r"已核准 \d+ 条，已计入汇总"))).to_be_visible()
        page.get_by_role("button", name=re.compile("撤销")).first.click()
        expect(page.get_by_text("恢复到核准前的状态")).to_be_visible()
    measured(f"clicks for {label}", str(clicks))
    assert clicks <= CLICKS


@pytest.mark.parametrize(
    ("login", "path"),
    [(COUNTY, "/workdays/approval"), ("yanshi-send-mgr", "/workdays/confirmation")],
)
def test_twenty_six_approvals_are_short_on_a_phone(
    demo: DemoPortal, measured: Measured, login: str, path: str
) -> None:
    with demo.visited(login, PHONE) as page:
        page.goto(f"{path}?tab=ordinary")
        found = page.evaluate(HEIGHTS)
    height = found["page"] - found["table"] + ROWS * found["row"]
    measured(f"pixels of {ROWS} days that wait at 390, {path}", f"{height:.0f}")
    assert found["rows"]
    assert height <= PIXELS


def test_a_row_of_the_phone_opens_its_day_wherever_it_is_tapped(demo: DemoPortal) -> None:
    with demo.visited(COUNTY, PHONE) as page:
        page.goto("/workdays/approval")
        row = page.locator(".q-queue tbody tr").first
        label = row.locator(".q-check label").bounding_box()
        assert label
        assert min(label["width"], label["height"]) >= 44
        row.locator(".q-queue__what").tap()
        expect(page.get_by_role("heading", name="内容", exact=True)).to_be_visible()


def test_the_head_of_the_queue_stays_in_sight_below_its_bar(demo: DemoPortal) -> None:
    with demo.visited(COUNTY, (1440, 500)) as page:
        page.goto("/workdays/approval")
        page.locator(".q-queue tbody tr").last.scroll_into_view_if_needed()
        bar, head = (
            page.locator(one).first.bounding_box() for one in (".q-bulk", ".q-queue thead th")
        )
        assert bar
        assert head
        assert 0 <= bar["y"] < head["y"] <= bar["y"] + bar["height"] + 1
        assert head["y"] + head["height"] > bar["y"] + bar["height"]
