"""A running portal with the demonstration programme, for journeys in a real browser.

``demo`` is one copy a test module: what a journey writes, the next does not meet. The programme
itself is loaded once a run, whatever the number of test processes.

Pictures go to the folder named by ``SCREENSHOTS`` (``make screenshots`` names docs/screenshots),
else to tests/screenshots, which git ignores.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from models import Account
from portal.access.demo_account_rules import DEMO_PASSWORD
from portal.access.password_store import Passwords
from portal.access.queries import find_actor
from portal.access.session_actions import start_session
from portal.commands import load_reference_data
from portal.deeds import Deed, operator_deed
from portal.demo.actions import load_demo
from portal.rooms import HOUSE
from portal.schema import upgrade_schema
from tests.e2e.further_cases import add_further_cases
from tests.support.clock import Clock
from tests.support.portal import make_portal

NEWCOMERS = ("yanshi-evaluator", "yanshi-association", "yanshi-recv-staff")
"""Who still meets the tour of the first sign-in; it would stand in the pictures of all others."""

FRIDAY = date(2026, 11, 20)
DESKTOP, PHONE = (1440, 900), (390, 844)
PICTURES = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parent.parent / "screenshots")


@dataclass(frozen=True)
class DemoPortal:
    """The address of the running portal, its app, and a browser to look at it with."""

    url: str
    browser: Browser
    app: flask.Flask
    cookies: dict[str, str]
    tried: dict[tuple[str | None, str], TestResponse] = field(default_factory=dict)
    """What a page answered when the visits were planned, until it is visited."""

    @contextmanager
    def opened(self, login: str, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
        """Sign a demonstration account in through the page and yield where it comes out."""
        with self.visited(None, size) as page:
            page.goto("/sign-in")
            page.get_by_label("登录名").fill(login)
            page.get_by_label("密码").fill(DEMO_PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(f"{self.url}/")
            yield page

    @contextmanager
    def visited(
        self, login: str | None, size: tuple[int, int] = DESKTOP, **options: Any
    ) -> Iterator[Page]:
        """Yield an empty page of a browser in which somebody (None: nobody) is signed in."""
        faults: list[str] = []
        context = self.context(login, size, **options)
        page = context.new_page()
        note_faults(page, faults)
        try:
            yield page
        finally:
            context.close()
        assert faults == [], "the browser reported errors (scripts, content security policy)"

    def ask(self, login: str | None, path: str, *, follow_redirects: bool = False) -> TestResponse:
        """Ask the app itself, without a browser."""
        client = self.app.test_client()
        if login is not None:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[login])
        return client.get(path, buffered=True, follow_redirects=follow_redirects)

    def context(
        self, login: str | None, size: tuple[int, int] = DESKTOP, **options: Any
    ) -> BrowserContext:
        """Open a browser of somebody's own, signed in by cookie."""
        width, height = size
        settings: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "base_url": self.url,
            "is_mobile": size == PHONE,
            "has_touch": size == PHONE,
            "locale": "zh-CN",
            "reduced_motion": "reduce",
        }
        context = self.browser.new_context(**{**settings, **options})
        if login is not None:
            name = self.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": self.cookies[login], "url": self.url}])
        return context


def note_faults(page: Page, faults: list[str]) -> None:
    """Write down what the browser complains about: scripts, the content security policy."""
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(f"{page.url}: {message.text}") if message.type == "error" else None
        ),
    )


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page under its name and width."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=False)


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder with the database and the files of the demonstration, loaded once a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "loaded-demo"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            unfinished.mkdir()
            _load(unfinished)
            unfinished.rename(folder)
    return folder


def _load(folder: Path) -> None:
    clock = Clock(FRIDAY)
    app = make_portal(f"sqlite:///{folder / 'demo.db'}", clock, folder)
    database = app.extensions["qianshou_database"]
    upgrade_schema(database)
    passwords: Passwords = app.extensions["qianshou_passwords"]
    with database.writing() as session:
        load_reference_data(operator_deed(session, clock()))
        load_demo(operator_deed(session, clock()), passwords.hash(DEMO_PASSWORD), HOUSE.demonstrate)
        add_further_cases(operator_deed(session, clock()), folder)
        seen = sa.update(Account).where(Account.login.not_in(NEWCOMERS))
        session.execute(seen.values(toured_at=clock()))
    database.engine.dispose()


class _Quiet(WSGIRequestHandler):
    """Writes no line a request: a failed test shows its own words."""

    def log_request(self, *_words: object) -> None:
        pass


@pytest.fixture(scope="module")
def demo(
    browser: Browser, loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoPortal]:
    folder = tmp_path_factory.mktemp("demo") / "var"
    shutil.copytree(loaded_demo, folder)
    clock = Clock(FRIDAY)
    app = make_portal(f"sqlite:///{folder / 'demo.db'}", clock, folder)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield DemoPortal(f"http://127.0.0.1:{server.port}", browser, app, _signed_in(app, clock))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["qianshou_database"].engine.dispose()


def _signed_in(app: flask.Flask, clock: Clock) -> dict[str, str]:
    """Open a session for every account; return the value of each one's cookie."""
    with app.extensions["qianshou_database"].writing() as session:
        tokens = {}
        for account in session.scalars(sa.select(Account)).all():
            actor = find_actor(session, account.login)
            assert actor is not None, account.login
            tokens[account.login] = start_session(
                Deed(session, actor, clock()), account, "127.0.0.1"
            )
    return {login: _cookie(app, token) for login, token in tokens.items()}


def _cookie(app: flask.Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return found.value
