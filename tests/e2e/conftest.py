"""A running portal with the demonstration programme, for journeys in a real browser.

Pictures go to the folder named by ``SCREENSHOTS`` (``make screenshots`` names docs/screenshots),
else to tests/screenshots, which git ignores.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from portal.access.actions import Passwords
from portal.access.demo_accounts import DEMO_PASSWORD
from portal.commands import load_reference_data
from portal.deeds import operator_deed
from portal.demo.actions import load_demo
from portal.schema import upgrade_schema
from tests.support.clock import Clock
from tests.support.portal import make_portal

FRIDAY = date(2026, 11, 20)
DESKTOP, PHONE = (1440, 900), (390, 844)
PICTURES = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parent.parent / "screenshots")


@dataclass(frozen=True)
class DemoPortal:
    """The address of the running portal, and a browser to look at it with."""

    url: str
    browser: Browser

    @contextmanager
    def opened(self, login: str, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
        """Sign a demonstration account in and yield its page."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            base_url=self.url,
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            locale="zh-CN",
            reduced_motion="reduce",
        )
        faults: list[str] = []
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: faults.append(message.text) if message.type == "error" else None,
        )
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{self.url}/")
        try:
            yield page
        finally:
            context.close()
        assert faults == [], "the browser reported errors (scripts, content security policy)"


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page under its name and width."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=False)


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPortal]:
    folder = tmp_path_factory.mktemp("demo")
    clock = Clock(FRIDAY)
    app = make_portal(f"sqlite:///{folder / 'demo.db'}", clock, folder)
    database = app.extensions["qianshou_database"]
    upgrade_schema(database)
    passwords: Passwords = app.extensions["qianshou_passwords"]
    with database.writing() as session:
        load_reference_data(operator_deed(session, clock()))
        load_demo(operator_deed(session, clock()), passwords.hash(DEMO_PASSWORD))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield DemoPortal(f"http://127.0.0.1:{server.port}", browser)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.engine.dispose()
