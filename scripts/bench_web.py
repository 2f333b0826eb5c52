"""A real server for the benches, and a small client that keeps it busy.

The server is that of ``flask serve``. Beside the portal it answers one empty address by a bare
Flask app without session, headers or database: the yardstick of everything that it does.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import flask

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.serving import Server

EMPTY = "/bench-empty"
PATIENCE = 60
"""Seconds that an answer, or the start of the server, may take."""

INPUT = re.compile(rb'<input[^>]*name="(?P<name>[^"]+)"[^>]*value="(?P<value>[^"]*)"')


class BenchServer(Server):
    """The portal's server with the empty address."""

    def load(self) -> Any:
        app = super().load()
        empty = flask.Flask("empty", static_folder=None)
        empty.add_url_rule(EMPTY, view_func=lambda: "")
        portal = app.wsgi_app

        def either(environ: dict[str, Any], start: Any) -> Any:
            return (empty if environ["PATH_INFO"] == EMPTY else portal)(environ, start)

        app.wsgi_app = either
        return app


class Served(NamedTuple):
    """A server: the port on which it answers, and the number of its first process."""

    port: int
    pid: int

    def computing_ns(self) -> int:
        """Return what all its processes have computed so far, in nanoseconds (Linux only)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
        return sum(
            int(thread.read_text("ascii").split()[0])
            for pid in (self.pid, *map(int, children))
            for thread in Path(f"/proc/{pid}/task").glob("*/schedstat")
        )


@contextmanager
def served(environ: Mapping[str, str]) -> Iterator[Served]:
    """Run the server on a free port with these settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    env = {**os.environ, **environ, "HOST": "127.0.0.1", "PORT": str(port)}
    command = [sys.executable, __file__]
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield Served(port, process.pid)
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if Client(port).get(EMPTY).status == 200:  # noqa: PLR2004 - OK
                return
        except OSError:
            time.sleep(0.05)
    message = "the server did not start"
    raise RuntimeError(message)


class Answer(NamedTuple):
    status: int
    location: str
    cookies: Mapping[str, str]
    body: bytes

    def hidden(self) -> dict[str, str]:
        """Return the values of the page's inputs that have one, by name; of several the last."""
        return {
            match["name"].decode(): unescape(match["value"].decode())
            for match in INPUT.finditer(self.body)
        }


class Request(NamedTuple):
    """A request put together beforehand."""

    method: str
    path: str
    body: str | None
    headers: Mapping[str, str]


class Client:
    """One connection of one browser: it keeps its cookies, and follows nothing by itself."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._kept(self.send(self.request("GET", path)))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._kept(self.send(self.request("POST", path, fields)))

    def request(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Request:
        """Return a request with the present cookies."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is None:
            return Request(method, path, None, headers)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(method, path, urlencode(fields), headers)

    def send(self, request: Request) -> Answer:
        """Send what was put together; once more if the idle connection was closed meanwhile."""
        try:
            return self._exchange(request)
        except (ConnectionError, RemoteDisconnected):
            self.close()
            return self._exchange(request)

    def close(self) -> None:
        self._connection.close()

    def _exchange(self, request: Request) -> Answer:
        self._connection.request(*request)
        answer = self._connection.getresponse()
        cookies = dict(
            cookie.partition(";")[0].partition("=")[::2]
            for cookie in answer.headers.get_all("Set-Cookie", [])
        )
        location = answer.headers.get("Location", "")
        return Answer(answer.status, location, cookies, answer.read())

    def _kept(self, answer: Answer) -> Answer:
        self.cookies |= answer.cookies
        return answer


def signed_in(port: int, login: str, password: str) -> Client:
    """Sign in through the form, as people do."""
    client = Client(port)
    fields = {**client.get("/sign-in").hidden(), "login": login, "password": password}
    answer = client.post("/sign-in", fields)
    if not answer.location:
        message = f"{login} could not sign in: {answer.status}"
        raise RuntimeError(message)
    return client


class Run(NamedTuple):
    """``rate`` in requests a second; ``client_share`` is the CPU that the client took, in cores."""

    rate: float
    client_share: float
    statuses: frozenset[int]


def run_at_once(port: int, work: Sequence[Sequence[Request]]) -> Run:
    """Send each list of requests over a connection of its own, all at the same time."""
    statuses: set[int] = set()
    ready = threading.Barrier(len(work) + 1)

    def send(requests: Sequence[Request]) -> None:
        client = Client(port)
        client.send(client.request("GET", EMPTY))
        ready.wait()
        for request in requests:
            statuses.add(client.send(request).status)
        client.close()

    threads = [threading.Thread(target=send, args=(requests,)) for requests in work]
    for thread in threads:
        thread.start()
    ready.wait()
    began, used = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    took, used = time.perf_counter() - began, time.process_time() - used
    return Run(sum(map(len, work)) / took, used / took, frozenset(statuses))


def median_ms(client: Client, path: str, times: int) -> float:
    """Fetch a page some times one after another; return the median in milliseconds."""
    request = client.request("GET", path)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        answer = client.send(request)
        taken.append(time.perf_counter() - began)
        if answer.status != 200:  # noqa: PLR2004 - OK
            message = f"{path} answered {answer.status}"
            raise RuntimeError(message)
    return sorted(taken)[len(taken) // 2] * 1000


if __name__ == "__main__":
    BenchServer().run()
