"""The demonstration programme in this process, and whoever signs in to it, for the benches of pages."""

from __future__ import annotations

import gc
import time
from datetime import date
from http import HTTPStatus
from pathlib import Path

from flask.testing import FlaskClient

from portal.access.demo_account_rules import DEMO_PASSWORD
from portal.commands import load_reference_data
from portal.deeds import operator_deed
from portal.demo.actions import load_demo
from portal.rooms import HOUSE
from portal.schema import upgrade_schema
from tests.support.clock import Clock
from tests.support.portal import make_portal

TODAY = date(2026, 11, 20)


class Demo:
    """The demonstration on SQLite in a folder; each account signs in when it is asked for first."""

    def __init__(self, folder: Path) -> None:
        clock = Clock(TODAY)
        self._app = make_portal(f"sqlite:///{folder / 'demo.db'}", clock, folder)
        self._app.config["WTF_CSRF_ENABLED"] = False
        self._clients: dict[str, FlaskClient] = {}
        database = self._app.extensions["qianshou_database"]
        upgrade_schema(database)
        password = self._app.extensions["qianshou_passwords"].hash(DEMO_PASSWORD)
        with database.writing() as session:
            load_reference_data(operator_deed(session, clock()))
            load_demo(operator_deed(session, clock()), password, HOUSE.demonstrate)

    def cost_of(self, login: str, path: str) -> int:
        """Return the computing time of a page in nanoseconds; raise if it is not shown.

        Garbage is collected between two pages: in turns, it would fall to the same page each time.
        """
        client = self._client(login)
        gc.disable()
        began = time.process_time_ns()
        answer = client.get(path)
        cost = time.process_time_ns() - began
        gc.enable()
        if answer.status_code != HTTPStatus.OK:
            message = f"{path} answers {login} {answer.status}"
            raise RuntimeError(message)
        return cost

    def _client(self, login: str) -> FlaskClient:
        if login not in self._clients:
            client = self._app.test_client()
            answer = client.post("/sign-in", data={"login": login, "password": DEMO_PASSWORD})
            if answer.status_code != HTTPStatus.FOUND:
                message = f"{login} was not signed in: {answer.status}"
                raise RuntimeError(message)
            self._clients[login] = client
        return self._clients[login]
