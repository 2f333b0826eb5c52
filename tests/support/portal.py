"""The app on a database of the tests."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from portal.settings import Settings
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY
from tests.support.page_client import PageClient
from tests.support.world import World


def make_portal(url: str, clock: Clock | None = None, var: Path | None = None) -> flask.Flask:
    """Build the app on a database; argon2 is cheap, everything else is as in production."""
    app = create_app(
        Settings(
            database_url=url,
            var=var or Path(tempfile.mkdtemp(prefix="qianshou-var-")),
            master_key=MASTER_KEY,
            now=clock or Clock(date(2022, 11, 21)),
            argon2_memory_kib=8,
        )
    )
    app.testing = False  # error pages are pages too
    return app


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
