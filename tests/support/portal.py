"""The app on a database of the tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import flask
import jinja2
from flask.testing import FlaskClient
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

from app import create_app
from models.database import Database
from portal.deeds import VAR
from portal.settings import Settings
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY, database_of_tests, nobody_holds
from tests.support.page_client import PageClient
from tests.support.world import World

FOLDERS = tempfile.TemporaryDirectory(prefix="qianshou-var-")


class _Compiled(jinja2.BytecodeCache):
    """What the templates were compiled to, for every app of this process: a second each."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self._known.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def make_portal(url: str, clock: Clock | None = None, var: Path | None = None) -> flask.Flask:
    """Build the app on a database; argon2 is cheap, everything else is as in production."""
    app = create_app(
        Settings(
            database_url=url,
            var=var or Path(tempfile.mkdtemp(dir=FOLDERS.name)),
            master_key=MASTER_KEY,
            now=clock or Clock(date(2022, 11, 21)),
            argon2_memory_kib=8,
        )
    )
    app.testing = False  # error pages are pages too
    app.jinja_env.bytecode_cache = _COMPILED
    return app


class SharedPortal:
    """The app of the page tests: built and its templates compiled once, for each test as new.

    A fresh app costs more than most tests: half of their time went into building the same one.
    """

    def __init__(self) -> None:
        self._app = make_portal("sqlite://")
        self._config = dict(self._app.config)
        self._extensions = dict(self._app.extensions)
        self._databases: dict[str, Database] = {}

    @contextmanager
    def on(self, beside: Database, clock: Clock) -> Iterator[flask.Flask]:
        """Yield the app on a database and its folder; what an earlier test left in it is gone.

        It has connections of its own, as a server has beside whoever else is at work.
        """
        app, settings = self._app, self._extensions["qianshou_settings"]
        url, var = beside.url, beside.info[VAR]
        database = self._databases.setdefault(url, database_of_tests(url))
        database.info = beside.info
        restore(app.config, self._config)
        restore(app.extensions, self._extensions)
        app.extensions["qianshou_database"] = database
        app.extensions["qianshou_settings"] = replace(
            settings, database_url=url, now=clock, var=var
        )
        try:
            yield app
        finally:
            is_free = nobody_holds(database)
            database.engine.dispose()
            if not is_free:
                del self._databases[url]


def restore(stored: MutableMapping[str, Any], before: Mapping[str, Any]) -> None:
    """Make a mapping what it was before."""
    stored.clear()
    stored.update(before)


class _Client(FlaskClient):
    """Ends the transaction of the world before each request, which would wait for it on SQLite."""

    world: World

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.world.session.commit()
        # Read to its end and closed, as a server does: a download holds a file open.
        kwargs.setdefault("buffered", True)
        try:
            return super().open(*args, **kwargs)
        finally:
            self.world.session.expire_all()


class Pages:
    """Page clients of the app on a world: ``pages("county_officer")``, ``pages()`` for a visitor.

    Each call is a browser of its own. What a test changes through ``world`` is committed with the
    next request, and what a request changed is read anew.
    """

    def __init__(self, app: flask.Flask, world: World) -> None:
        self.app = app
        self.world = world

    def __call__(self, persona: str | None = None) -> PageClient:
        client = _Client(self.app, self.app.response_class)
        client.world = self.world
        if persona is not None:
            with client.session_transaction() as session:
                session["_user_id"] = self.world.token(persona)
        return PageClient(client)
