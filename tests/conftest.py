"""Fixtures of the whole suite.

``database``   a fresh database with the reference data, once on SQLite, once on PostgreSQL
``session``    a writing session on it; nothing is committed unless the test does
``deed``       the operator's deed in that session, at ``clock``
``world``      the small prepared programme of tests/support/world.py, in a database of its own
``portal``     the app on the database of ``world``, at its clock
``arena``      the app on the wide world of tests/support/wide_world.py, everybody signed in
``pages``      its page clients: ``pages("county_officer").get("/pairings")``, ``pages()`` a visitor
``measured``   notes a figure that is printed at the end of the run
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import flask
import pytest
from sqlalchemy.orm import Session

from models.database import Database
from portal.commands import load_reference_data
from portal.deeds import Deed, operator_deed
from portal.schema import upgrade_schema
from tests.support.arena import Arena, prepare_wide_world
from tests.support.browser import chromium_or_skip
from tests.support.clock import Clock
from tests.support.databases import PostgresPress, Press, SqlitePress
from tests.support.measured import measured, pytest_terminal_summary
from tests.support.portal import Pages, SharedPortal
from tests.support.postgres import postgres_or_skip
from tests.support.scratch import scratch_folder
from tests.support.world import World, build_world

__all__ = ["measured", "pytest_terminal_summary"]

TODAY = date(2022, 11, 21)
"""A Monday in the second work year of the plan; tests move the clock where they need to."""

EMPTY, SMALL = "reference_data", "small_world"


LONGEST_FIRST = (
    # A file's tests stay with one process; one of these begun last would keep the other waiting.
    "tests/e2e/test_every_page.py",
    "tests/security/test_odd_requests.py",
    "tests/security/test_crawl.py",
    "tests/architecture/test_matrix.py",
    "tests/e2e/test_other_looks.py",
    "tests/pages/imports/test_imports.py",
    "tests/pages/summaries/test_show_summary.py",
    "tests/pages/uploads/test_odd_uploads.py",
    "tests/architecture/test_every_cell_matters.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {path: place for place, path in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what lasts as long as the run: modules, templates, the tests.

    It went through all of that again and again, a tenth of the time of every page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def _fill_reference_data(database: Database) -> None:
    upgrade_schema(database)
    with database.writing() as session:
        load_reference_data(operator_deed(session, Clock(date(2021, 1, 4))()))


def _fill_world(database: Database) -> None:
    with database.writing() as session:
        build_world(operator_deed(session, Clock(date(2022, 1, 4))()))


def _prepared(press: Press) -> Press:
    press.prepare(EMPTY, _fill_reference_data)
    press.prepare(SMALL, _fill_world, base=EMPTY)
    return press


@pytest.fixture(scope="session")
def sqlite_press() -> Iterator[Press]:
    with scratch_folder("qianshou-sqlite-") as folder:
        yield _prepared(SqlitePress(folder))


@pytest.fixture(scope="session")
def postgres_press() -> Iterator[Press]:
    with postgres_or_skip() as server, scratch_folder("qianshou-files-") as folder:
        yield _prepared(PostgresPress(server, folder))


@pytest.fixture(scope="session")
def sqlite_tokens(sqlite_press: Press) -> dict[str, str]:
    return prepare_wide_world(sqlite_press)


@pytest.fixture(scope="session")
def postgres_tokens(postgres_press: Press) -> dict[str, str]:
    return prepare_wide_world(postgres_press)


@pytest.fixture(params=["sqlite", "postgresql"])
def press(request: pytest.FixtureRequest) -> Press:
    name = "sqlite_press" if request.param == "sqlite" else "postgres_press"
    found: Press = request.getfixturevalue(name)
    return found


@pytest.fixture
def arena(request: pytest.FixtureRequest, press: Press) -> Iterator[Arena]:
    name = "sqlite_tokens" if isinstance(press, SqlitePress) else "postgres_tokens"
    with Arena(press, request.getfixturevalue(name)) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock(TODAY)


@pytest.fixture
def database(press: Press) -> Iterator[Database]:
    with press.opened(EMPTY) as opened:
        yield opened


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.open() as opened:
        yield opened


@pytest.fixture
def deed(session: Session, clock: Clock) -> Deed:
    return operator_deed(session, clock())


@pytest.fixture
def world_database(press: Press) -> Iterator[Database]:
    with press.opened(SMALL) as opened:
        yield opened


@pytest.fixture
def world(world_database: Database, clock: Clock) -> Iterator[World]:
    with world_database.open() as opened:
        yield World(opened, clock)


@pytest.fixture(scope="session")
def shared_portal() -> SharedPortal:
    return SharedPortal()


@pytest.fixture
def portal(
    shared_portal: SharedPortal, world: World, world_database: Database, clock: Clock
) -> Iterator[flask.Flask]:
    with shared_portal.on(world_database, clock) as app:
        yield app


@pytest.fixture
def pages(portal: flask.Flask, world: World) -> Pages:
    return Pages(portal, world)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium_or_skip() as found:
        yield found


@pytest.fixture
def upload_folder(tmp_path: Path) -> Path:
    return tmp_path
