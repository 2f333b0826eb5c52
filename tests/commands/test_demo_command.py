"""``flask demo`` and production: accounts with published passwords are not opened there, nor let in."""

from __future__ import annotations

import json
from collections.abc import Iterator

import flask
import pytest
import sqlalchemy as sa

from app import create_app
from models import Account
from models.database import Database
from models.types import ItemState
from portal.access.demo_account_rules import DEMO_PASSWORD
from portal.access.password_store import Passwords
from portal.demo.commands import demo
from portal.jobs.actions import ask
from portal.settings import Settings
from tests.support.databases import MASTER_KEY
from tests.support.jobs import states, toy
from tests.support.page_client import PageClient


@pytest.fixture
def production(world, world_database: Database, clock, tmp_path) -> Iterator[flask.Flask]:
    """The app in production mode, on a database that holds an account with the password."""
    world.session.execute(sa.update(Account).values(password_hash=Passwords(8).hash(DEMO_PASSWORD)))
    world.session.execute(sa.text("UPDATE programme SET is_demo = :yes"), {"yes": True})
    world.session.commit()
    app = create_app(
        Settings(
            world_database.url,
            tmp_path,
            MASTER_KEY,
            is_production=True,
            now=clock,
            argon2_memory_kib=8,
        )
    )
    yield app
    app.extensions["qianshou_database"].engine.dispose()


def test_is_refused_in_production_and_says_what_to_do(production, world):
    before = world.count(Account)
    world.session.commit()
    result = production.test_cli_runner().invoke(demo, ["--json"])
    assert result.exit_code == 1
    (error,) = json.loads(result.output)["errors"]
    assert error["code"] == "production"
    assert "QIANSHOU_ENV=production" in error["message"]
    assert "flask user add" in error["message"]
    assert world.count(Account) == before


@pytest.mark.parametrize("name", ["production", "portal"])
def test_lets_nobody_in_with_the_published_password(production, portal, name):
    app = production if name == "production" else portal  # the control
    page = PageClient(app.test_client()).get("/sign-in")
    is_production = app is production
    assert (DEMO_PASSWORD in page.text) is not is_production
    expected = 200 if is_production else 302
    page.submit(login="county_officer", password=DEMO_PASSWORD, expect=expected)


def test_does_what_it_asks_for_in_the_background(portal, world_database, monkeypatch):
    def load(deed, *_given):
        ask(deed, "toy", key="one", title="演示")
        return {"pairings": 0, "workdays": 0}

    monkeypatch.setattr("portal.demo.commands.load_demo", load)
    monkeypatch.setitem(portal.extensions, "qianshou_job_kinds", {"toy": toy(lambda *_given: None)})
    result = portal.test_cli_runner().invoke(demo)
    assert result.exit_code == 0, result.output
    assert states(world_database) == [ItemState.DONE]
