"""The app on a database of the tests."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import flask

from app import create_app
from portal.settings import Settings
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY


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
