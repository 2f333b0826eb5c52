"""A portal with the bulk programme, served, with everybody signed in who takes part in a bench."""

from __future__ import annotations

import itertools
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from models import Account, Workday
from models.database import Database
from portal.access.password_store import Passwords
from portal.deeds import session_info
from portal.settings import Settings, settings_from_environment
from scripts.bench_data import (
    NATIONAL,
    NOW,
    PROVINCIAL,
    Size,
    fill,
    free_days,
    worker_login,
)
from scripts.bench_web import EMPTY, Client, Request, Run, Served, run_at_once, served, signed_in
from tests.support.databases import MASTER_KEY
from tests.support.postgres import postgres_server

INFO = session_info(MASTER_KEY)

CONNECTIONS = 16
WORKERS = 64
"""People who log days: each connection sends for one after another of them."""

POSTS_EACH, EMPTIES_EACH = 15, 200
"""Requests of a connection in a round."""

PASSWORD = "bench-horse-7-battery"  # noqa: S105 - of a database that lives for minutes
TAKEN = frozenset({302})


@dataclass
class Site:
    """``requests`` are the form posts of days that nobody has logged yet."""

    server: Served
    settings: Settings
    size: Size
    national: Client
    provincial: Client
    requests: Iterator[Request]
    posted: int = 0

    def log_days(self) -> Run:
        """Have all connections log days at once; raise if one was not taken."""
        work = [list(itertools.islice(self.requests, POSTS_EACH)) for _ in range(CONNECTIONS)]
        run = run_at_once(self.server.port, work)
        if run.statuses != TAKEN:
            message = f"a working day was not taken: {sorted(run.statuses)}"
            raise RuntimeError(message)
        self.posted += CONNECTIONS * POSTS_EACH
        return run

    def fetch_nothing(self) -> Run:
        request = self.national.request("GET", EMPTY)
        return run_at_once(self.server.port, [[request] * EMPTIES_EACH] * CONNECTIONS)

    def check_what_was_written(self) -> None:
        """Raise if the database does not hold every day that was taken, and no other."""
        database = Database(self.settings.database_url, INFO)
        with database.reading() as session:
            found = session.scalar(sa.select(sa.func.count()).select_from(Workday))
        database.engine.dispose()
        if found != self.size.workdays + self.posted:
            message = f"{found} days, not {self.size.workdays} + {self.posted}"
            raise RuntimeError(message)


@contextmanager
def two_sites(sizes: tuple[Size, Size], *, postgres: bool) -> Iterator[list[Site]]:
    """Serve two portals side by side, each on a database of its own."""
    with ExitStack() as stack:
        if postgres:
            server = stack.enter_context(postgres_server())
            urls = [stack.enter_context(server.database(name)) for name in ("full", "less")]
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="qianshou-bench-"))
            urls = [f"sqlite:///{folder}/{name}.db" for name in ("full", "less")]
        yield [stack.enter_context(_site(url, size)) for url, size in zip(urls, sizes, strict=True)]


@contextmanager
def one_site(size: Size, *, postgres: bool) -> Iterator[Site]:
    """Serve one portal."""
    with ExitStack() as stack:
        if postgres:
            url = stack.enter_context(stack.enter_context(postgres_server()).database("only"))
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="qianshou-bench-"))
            url = f"sqlite:///{folder}/only.db"
        yield stack.enter_context(_site(url, size))


@contextmanager
def _site(url: str, size: Size) -> Iterator[Site]:
    print(f"# {size.pairings:,} pairings, {size.workdays:,} working days", flush=True)
    with tempfile.TemporaryDirectory(prefix="qianshou-bench-") as var:
        environ = {
            "DATABASE_URL": url,
            "QIANSHOU_VAR": var,
            "QIANSHOU_MASTER_KEY": MASTER_KEY.hex(),
            "QIANSHOU_NOW": NOW.isoformat(),
        }
        settings = settings_from_environment(environ)
        database = Database(url, INFO)
        hashed = Passwords(settings.argon2_memory_kib).hash(PASSWORD)
        fill(database, size, workers=WORKERS, password_hash=hashed)
        with served(environ) as server:
            port = server.port
            yield Site(
                server,
                settings,
                size,
                signed_in(port, NATIONAL, PASSWORD),
                signed_in(port, PROVINCIAL, PASSWORD),
                _posts(port, database, size),
            )
        database.engine.dispose()


def _posts(port: int, database: Database, size: Size) -> Iterator[Request]:
    """Yield form posts: one day of each worker, then the next day of each, all year.

    Of the form that a worker was given only the key is new each time, as it is in each new form.
    """
    workers = [signed_in(port, worker_login(number), PASSWORD) for number in range(WORKERS)]
    forms = [worker.get("/workdays/new").hidden() for worker in workers]
    with database.reading() as session:
        people = dict(session.execute(sa.select(Account.login, Account.person_id)).all())
        days = [
            free_days(session, size.days_each, people[worker_login(number)])
            for number in range(WORKERS)
        ]
    for one_day_each in zip(*days, strict=False):
        for worker, form, day in zip(workers, forms, one_day_each, strict=True):
            fields = _entry(form, day.isoformat())
            yield worker.request("POST", "/workdays/new", fields)


def _entry(form: Mapping[str, str], day: str) -> dict[str, str]:
    return {
        "csrf_token": form["csrf_token"],
        "form_key": secrets.token_urlsafe(16),
        "pairing": form["pairing"],
        "day": day,
        "late_reason": "压测：山区断网，纸质记录补录",
        "days": "1",
        "mode": "onsite",
        "task": "t1",
        "township": "",
        "description": "压测：入户探访困难老人和留守儿童",
    }
