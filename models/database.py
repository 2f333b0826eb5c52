"""Engines and sessions: the same promises on SQLite and on PostgreSQL.

SQLite: WAL, foreign keys, BEGIN IMMEDIATE for what writes, so that a read-then-write never loses
an update in silence. A session opened as read-only cannot write on either database. A commit returns
when the disk has what was written, but nobody waits for another's disk (docs/decisions/0048).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry

from models import postgres
from models.base import UtcDateTime

READ_ONLY = "qianshou_read_only"
BRIEF = "qianshou_brief"
PATIENCE_MS = 30_000
"""How long a write waits for another one to end."""

BRIEF_MS = 200
"""The same for a write that may as well be left out."""

NEXT_TRY_S = 0.0002
"""Seconds between two looks whether the writer of another process has ended."""

CHECKPOINT_PAGES = 4_000
"""So many pages are written beside a SQLite file before they are copied into it (16 MB)."""

READERS_KB, WRITERS_KB = 8 * 1024, 64 * 1024
"""Pages of a SQLite file that a connection keeps. Many read at once, and the system keeps the file
as well; the one who writes is twice as fast with more (an import into millions of rows)."""

POOL = 12
"""Connections that a process keeps open: the threads of the server, its jobs, a few more. Opening one
costs more than most queries: SQLite reads the whole schema. Whichever was used last is used next."""

HOLDS_TURN = "qianshou_holds_turn"
IS_COMMITTED = "qianshou_is_committed"


def make_engine(url: str) -> sa.Engine:
    """Return an engine for ``sqlite:///…`` or ``postgresql+psycopg://…``."""
    parsed = sa.make_url(url)
    options: dict[str, Any] = {"hide_parameters": True}
    if parsed.database:  # what is kept in memory has one connection
        options |= {"pool_size": POOL, "pool_use_lifo": True}
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, options)
    return postgres.make_engine(parsed, options)


def _sqlite_engine(url: sa.URL, options: dict[str, Any]) -> sa.Engine:
    path = url.database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 30}, **options)
    event.listen(engine, "connect", _set_up)
    _queue_up(engine, path or "")
    return engine


def _set_up(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late (before the first write, after the first read).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # A commit leaves the disk to whoever waits for it, below; a checkpoint does not.
        "synchronous=NORMAL",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _queue_up(engine: sa.Engine, path: str) -> None:
    """Have one thread of this process write at a time, and wait for the disk when others may."""
    turn = threading.Lock()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        if options.get(READ_ONLY, False):
            raw.execute("PRAGMA query_only=ON")
            raw.execute(f"PRAGMA cache_size=-{READERS_KB}")
            connection.exec_driver_sql("BEGIN")
            return
        raw.execute("PRAGMA query_only=OFF")
        raw.execute(f"PRAGMA cache_size=-{WRITERS_KB}")
        patience = (BRIEF_MS if options.get(BRIEF, False) else PATIENCE_MS) / 1000
        until = time.monotonic() + patience
        if turn.acquire(timeout=patience):
            _lasting_info(connection)[HOLDS_TURN] = True
        _begin_writing(connection, raw, until)

    @event.listens_for(engine, "commit")
    def _note(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get(READ_ONLY, False):
            _lasting_info(connection)[IS_COMMITTED] = True

    @event.listens_for(engine, "checkin")
    def _end(raw: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
        info = record.record_info or {}
        if info.pop(HOLDS_TURN, False):
            turn.release()
        if info.pop(IS_COMMITTED, False) and raw and _waits_for_disk(raw):
            _keep(path)


def _waits_for_disk(raw: sqlite3.Connection) -> bool:
    """Say no of a database that is thrown away, such as those of tests (``synchronous=OFF``)."""
    (level,) = raw.execute("PRAGMA synchronous").fetchone()
    return bool(level)


def _keep(path: str) -> None:
    """Return when the disk has every commit so far, this thread's among them.

    By now others write: their commits need not wait for it, and one wait serves all of them. Without
    the file that SQLite writes beside its own (WAL), everything has been copied into that and kept.
    """
    try:
        log = os.open(f"{path}-wal", os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        getattr(os, "fdatasync", os.fsync)(log)  # as SQLite itself does
    finally:
        os.close(log)


def _begin_writing(connection: sa.Connection, raw: sqlite3.Connection, until: float) -> None:
    """Begin as soon as nobody else writes, or raise OperationalError at an instant (monotonic).

    The threads of this process have queued up before, so that only one of them looks here every
    moment. SQLite's own waiting sleeps ever longer: sixteen who wait so leave it idle mostly.
    """
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(NEXT_TRY_S)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")


def _lasting_info(connection: sa.Connection) -> dict[Any, Any]:
    """Return what the pool keeps beside a connection, even when the connection breaks."""
    kept = connection.connection.record_info
    assert kept is not None  # of every connection from a pool
    return kept


_connections: weakref.WeakKeyDictionary[SessionTransaction, sa.Connection]
_connections = weakref.WeakKeyDictionary()
"""The connection of each open transaction; asking the session for it costs as much as a query."""


def run(
    session: Session, statement: sa.Executable, asked: Any = None
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement on columns, built once, with what it is asked for this time.

    What every request does is run so: it costs a fifth of building the statement in place and
    having the session look for objects in its rows. What was added to the session is there.
    """
    session.flush()
    transaction = session.get_transaction()
    connection = _connections.get(transaction) if transaction else None
    if connection is None:
        connection = session.connection()
        transaction = session.get_transaction()
        assert transaction is not None  # a session with a connection has begun
        _connections[transaction] = connection
    raw = connection.connection.dbapi_connection
    postgres.keep_plans(raw, is_on=True)
    try:
        return connection.execute(statement, asked)
    finally:
        postgres.keep_plans(raw, is_on=False)


def snapshot_of(session: Session) -> SessionTransaction | None:
    """Return the transaction of a session that reads one snapshot: what it has asked once stays so.

    None before its first query, and for a session that may write.
    """
    return session.get_transaction() if session.info.get(READ_ONLY) else None


class Moment:
    """An instant that a statement is asked for each time anew, so that it is built once."""

    def __init__(self) -> None:
        self._spans: dict[str, timedelta] = {}

    def ago(self, span: timedelta = timedelta()) -> sa.BindParameter[datetime]:
        """Return the parameter of the instant so long before; without a span the instant itself."""
        name = f"seconds_ago_{int(span.total_seconds())}"
        self._spans[name] = span
        return sa.bindparam(name, type_=UtcDateTime())

    def at(self, now: datetime) -> dict[str, datetime]:
        """Return the values of the parameters at an instant."""
        return {name: now - span for name, span in self._spans.items()}


def may_write(session: Session) -> bool:
    """Does a session write, or only read? PostgreSQL locks no row for one that reads."""
    return not session.connection().get_execution_options().get(READ_ONLY, False)


class Database:
    """The sessions of one engine; each carries ``info``, the keys that its work needs."""

    def __init__(self, url: str, info: Mapping[str, Any] | None = None) -> None:
        self.url = url
        self.info = dict(info or {})
        self.engine = make_engine(url)
        options: dict[str, Any] = {READ_ONLY: True}
        if not self.is_sqlite:
            # A page or an export reads one snapshot, whatever is committed meanwhile.
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**options)
        self._brief = self.engine.execution_options(**{BRIEF: True})

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def open(self, *, read_only: bool = False, is_brief: bool = False) -> Session:
        """Return a session; the caller commits, rolls back and closes it."""
        bind = self._reader if read_only else self._brief if is_brief else self.engine
        session = Session(bind, expire_on_commit=False)
        session.info.update(self.info)
        session.info[READ_ONLY] = read_only
        return session

    @contextmanager
    def writing(self, *, is_brief: bool = False) -> Iterator[Session]:
        """One transaction that commits at the end, or leaves nothing behind.

        A brief one gives up soon (OperationalError) where another transaction holds what it needs.
        """
        with self.open(is_brief=is_brief) as session:
            if is_brief and not self.is_sqlite:
                session.execute(sa.text(f"SET LOCAL lock_timeout = {BRIEF_MS}"))
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent snapshot; writes fail. What was read stays readable afterwards."""
        with self.open(read_only=True) as session:
            yield session
            session.expunge_all()  # a rollback would void what was read
            session.rollback()
