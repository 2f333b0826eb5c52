"""Engines and sessions: the same promises on SQLite and on PostgreSQL.

SQLite: WAL, foreign keys, BEGIN IMMEDIATE for what writes, so that a read-then-write never loses
an update in silence. A session opened as read-only cannot write on either database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

READ_ONLY = "qianshou_read_only"
BRIEF = "qianshou_brief"
PATIENCE_MS = 30_000
"""How long a write waits for another one to end."""

BRIEF_MS = 200
"""The same for a write that may as well be left out."""


def make_engine(url: str) -> sa.Engine:
    """Return an engine for ``sqlite:///…`` or ``postgresql+psycopg://…``."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    return sa.create_engine(parsed, pool_pre_ping=True)


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        # The driver's own BEGIN comes too late (before the first write, after the first read).
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        read_only = options.get(READ_ONLY, False)
        patience = BRIEF_MS if options.get(BRIEF, False) else PATIENCE_MS
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


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
