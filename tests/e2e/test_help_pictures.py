"""The pictures of the help pages, taken from the running demonstration.

``make screenshots`` writes them to static/help; any other run to tests/screenshots/help, which git
ignores: a picture is refreshed on purpose, not by the way.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from portal.help.picture_words import PICTURES, Picture
from tests.e2e import conftest
from tests.e2e.conftest import DemoPortal

STATIC = Path(__file__).parents[2] / "static" / "help"
FOLDER = STATIC if os.environ.get("SCREENSHOTS") else conftest.PICTURES / "help"
MOST_BYTES = 60_000
COLOURS = (128, 64, 32, 16)
"""So many colours a picture is reduced to, until it is small enough."""


def click(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


def scroll(page: Page, selector: str) -> None:
    page.locator(selector).first.evaluate("element => element.scrollIntoView({block: 'start'})")


STEPS: dict[str, Callable[[Page, str], None]] = {"click": click, "scroll": scroll}


@pytest.mark.parametrize("one", PICTURES, ids=lambda one: one.name)
def test_takes_the_picture_of_a_help_page(demo: DemoPortal, one: Picture) -> None:
    with demo.visited(one.login, one.size) as page:
        answer = page.goto(one.path)
        assert answer is not None
        assert answer.ok
        tour = page.locator("[data-tour] button[type=submit]")
        if tour.count():
            tour.click()
            page.goto(one.path)
        for verb, selector in one.steps:
            STEPS[verb](page, selector)
        assert page.locator("h1").count() == 1
        if not one.steps:
            scroll(page, "main")
        content = small(page.screenshot())
    assert len(content) <= MOST_BYTES
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{one.name}.png").write_bytes(content)


def small(content: bytes) -> bytes:
    """Return a picture in fewer colours, so that a page of help loads on a weak signal."""
    with Image.open(io.BytesIO(content)) as image:
        plain = image.convert("RGB")
    for colours in COLOURS:
        reduced = io.BytesIO()
        plain.quantize(colours).save(reduced, "PNG", optimize=True)
        if reduced.tell() <= MOST_BYTES:
            break
    return reduced.getvalue()
