"""The pictures in a real browser: drawn under the policy of the pages, clicked, without script."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.e2e.test_weight import transferred
from tests.support.measured import Measured

URL = "/dashboard?year=2022"
KINDS = ("progress", "stages", "flow", "heat")


@pytest.fixture
def page(demo: DemoPortal) -> Iterator[Page]:
    """The national officer's pictures, drawn."""
    with demo.visited("yanshi-national") as opened:
        opened.goto(URL)
        expect(opened.locator(".q-chart svg")).to_have_count(len(KINDS))
        yield opened


def click_inside(page: Page, key: str, *, right: float, down: float) -> None:
    """Click inside a drawing: so far to the right (a part of its width), so many pixels down."""
    place = page.locator(f"#{key} .q-chart")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * right, box["y"] + down)
    page.mouse.click(box["x"] + box["width"] * right, box["y"] + down)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_draws_every_picture_inside_its_page(demo: DemoPortal, size: tuple[int, int]) -> None:
    with demo.visited("yanshi-national", size) as page:
        page.goto(URL)
        for kind in KINDS:
            expect(page.locator(f"#{kind} .q-chart svg text").first).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]


@pytest.mark.parametrize(
    ("key", "right", "down", "lands"),
    [
        ("heat", 0.5, 45, "/dashboard?year=2022&province="),
        ("stages", 0.6, 60, "/pairings?year=2022"),
    ],
)
def test_a_click_asks_for_a_part(
    page: Page, key: str, right: float, down: float, lands: str
) -> None:
    click_inside(page, key, right=right, down=down)
    page.wait_for_url(f"**{lands}*")


def test_a_click_on_a_tile_filters_every_picture(page: Page) -> None:
    page.locator("#regions svg a", has_text="贵州").click()
    page.wait_for_url("**&province=520000")
    expect(page.locator(".q-county").first).to_be_visible()  # of the one province its counties
    expect(page.get_by_label("受援省份", exact=True)).to_have_value("520000")


def test_a_picture_is_saved_as_an_image_under_the_policy_of_the_pages(page: Page) -> None:
    # Drawn by the library, by the server, and of the boxes of the page: the counties of a province.
    for key, asked, whose in (
        ("progress", "", "全国"),
        ("regions", "", "全国"),
        ("regions", "&province=520000", "贵州省受援的结对"),
    ):
        if asked:
            page.goto(f"{URL}{asked}")
        with page.expect_download() as saved:
            page.locator(f"#{key}").get_by_role("button", name="存为图片").click()
        assert saved.value.suggested_filename.endswith(".png")
        assert f"（{whose}，" in saved.value.suggested_filename
        content = Path(saved.value.path()).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) > 10_000  # an empty canvas is smaller
        # Taller than the drawing: its name stands above it, its shades below.
        wide, high = struct.unpack(">II", content[16:24])
        box = (
            page.locator(f"#{key}")
            .locator(".q-chart svg, .q-tilemap > svg, .q-counties")
            .bounding_box()
        )
        assert high / wide > box["height"] / box["width"]


def test_the_drawings_follow_the_width_of_the_window(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 900})
    chart = page.locator("#progress .q-chart")
    expect(chart.locator("svg")).to_have_attribute("width", str(_width_of(chart)))


def _width_of(place) -> int:
    return int(place.evaluate("place => place.clientWidth"))


def test_without_script_the_tables_are_there(demo: DemoPortal) -> None:
    with demo.visited("yanshi-national", java_script_enabled=False) as page:
        page.goto(URL)
        expect(page.locator(".q-chart svg")).to_have_count(0)
        assert page.locator(".q-chart:visible").count() == 0
        page.locator("#heat summary").click()
        expect(page.locator("#heat table")).to_be_visible()
        expect(page.locator("#regions svg a").first).to_be_visible()


def test_only_pages_with_pictures_load_the_library(demo: DemoPortal, measured: Measured) -> None:
    parts = transferred(demo, "yanshi-national", URL, DESKTOP)
    measured("/dashboard as yanshi-national, cold, 1440 px", f"{sum(parts.values()) / 1000:.1f} kB")
    assert any("echarts" in address for address in parts)
    other = transferred(demo, "yanshi-national", "/summary?year=2022", DESKTOP)
    assert not any("echarts" in address for address in other)
