"""The portal in real server processes on a database of the tests, and browsers that send it forms at once.

    with serving(database, var) as port: client = Client(port, cookie) …

``python -m tests.support.race_server URL VAR PORT`` is what it starts: gunicorn as in production.
"""

from __future__ import annotations

import http.client
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import flask

from models.database import Database
from portal.serving import Server
from tests.support.portal import make_portal

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds until a server that starts must answer."""
CLOSED = (http.client.RemoteDisconnected, ConnectionError, http.client.BadStatusLine)
"""What a client meets whose connection was idle too long, or whose server died."""


class Answer(NamedTuple):
    """What came back for a form: its status, and where it led."""

    status: int
    location: str


class _Server(Server):
    def __init__(self, url: str, var: Path, port: int) -> None:
        self._url, self._var, self._port = url, var, port
        super().__init__()

    def load_config(self) -> None:
        super().load_config()
        self.cfg.set("bind", f"127.0.0.1:{self._port}")
        self.cfg.set("loglevel", "critical")

    def load(self) -> flask.Flask:
        return make_portal(self._url, var=self._var)


@contextmanager
def serving(database: Database, var: Path) -> Iterator[int]:
    """Start the server's processes, yield their port once they answer, and end them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", __name__, database.url, str(var), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with closing(Client(port, "")) as first:
                first.get("/sign-in")
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the server does not answer"
    raise RuntimeError(message)


def cookie_of(token: str) -> str:
    """Return the session cookie of whoever holds the token of a session."""
    app = make_portal("sqlite://")
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    name = app.config["SESSION_COOKIE_NAME"]
    found = client.get_cookie(name)
    assert found is not None
    return f"{name}={found.value}"


class Client:
    """A browser with one connection, which is opened again where it was closed."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie, self._token = port, cookie, ""
        self._connection: http.client.HTTPConnection | None = None

    def open_form(self, path: str) -> None:
        """Fetch a page with a form: its token and the cookie that goes with it serve for all others."""
        page, cookie = self.get(path)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, page[:300]
        self._token = found.group(1)
        if cookie:
            self._cookie = cookie.partition(";")[0]

    def get(self, path: str) -> tuple[str, str]:
        """Return a page and the cookie that came with it."""
        response = self._ask("GET", path)
        return response.read().decode(), response.getheader("Set-Cookie", "")

    def send(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form instance; a connection that was closed is opened and the form sent again."""
        fields = {"csrf_token": self._token, **form}
        try:
            return self._send(path, fields)
        except CLOSED:
            self.close()
            return self._send(path, fields)

    def _send(self, path: str, fields: Mapping[str, str]) -> Answer:
        response = self._ask("POST", path, urlencode(fields))
        response.read()
        return Answer(response.status, response.getheader("Location", ""))

    def _ask(self, method: str, path: str, body: str | None = None) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        headers = {"Cookie": self._cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def new_form(**fields: str) -> dict[str, str]:
    """Return the fields of a form instance of its own."""
    return {"form_key": secrets.token_urlsafe(16), **fields}


if __name__ == "__main__":
    _Server(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])).run()
