"""A fresh database for each test, copied from one that was prepared once, with its folder of files.

SQLite: a file is copied. PostgreSQL: ``CREATE DATABASE … TEMPLATE``, which copies files too. A copy
stands where an earlier one stood: its engine is used again, and knows how to write the statements
that the earlier tests sent (writing them anew took a tenth of the suite).
"""

from __future__ import annotations

import itertools
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from models.database import Database
from portal.deeds import session_info
from tests.support.postgres import PostgresServer

MASTER_KEY = bytes(range(32))
_numbers = itertools.count(1)


def database_of_tests(url: str, var: Path | None = None) -> Database:
    """Return a database that is thrown away: nothing in it waits for the disk."""
    database = Database(url, session_info(MASTER_KEY, var))
    if database.is_sqlite:
        sa.event.listen(database.engine, "connect", _wait_for_no_disk)
    return database


def nobody_holds(database: Database) -> bool:
    """Is every connection of a database given back?"""
    return cast("sa.QueuePool", database.engine.pool).checkedout() == 0


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class Press(ABC):
    """Prepares databases by name, and makes copies of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._idle: list[tuple[str, Database]] = []

    @abstractmethod
    def url_of(self, name: str) -> str:
        """Return the address of a database."""

    @abstractmethod
    def lay(self, name: str, base: str | None) -> None:
        """Make a database under a name, empty or a copy of another, in place of what stands there."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove a database, whoever has it open."""

    def prepare(self, name: str, fill: Callable[[Database], None], base: str | None = None) -> None:
        """Prepare a database under a name: ``fill`` writes into it."""
        self.lay(name, base)
        self._lay_files(name, base)
        database = database_of_tests(self.url_of(name), self._var(name))
        fill(database)
        database.engine.dispose()

    @contextmanager
    def opened(self, name: str) -> Iterator[Database]:
        """Open a copy of a prepared database; it is gone afterwards."""
        copy, database = self._idle.pop() if self._idle else self._new()
        self.lay(copy, name)
        self._lay_files(copy, name)
        database.info = session_info(MASTER_KEY, self._var(copy))  # as new, whoever had it
        try:
            yield database
        finally:
            # An engine whose connection somebody still holds is not given to the next test.
            is_free = nobody_holds(database)
            database.engine.dispose()
            self.remove(copy)
            if is_free:
                self._idle.append((copy, database))

    def _new(self) -> tuple[str, Database]:
        copy = f"copy{next(_numbers)}"
        return copy, database_of_tests(self.url_of(copy))

    def _var(self, name: str) -> Path:
        return self.folder / "var" / name

    def _lay_files(self, name: str, base: str | None) -> None:
        shutil.rmtree(self._var(name), ignore_errors=True)
        if base and self._var(base).exists():
            shutil.copytree(self._var(base), self._var(name))


class SqlitePress(Press):
    def url_of(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def lay(self, name: str, base: str | None) -> None:
        if base:
            shutil.copy(self._path(base), self._path(name))

    def remove(self, name: str) -> None:
        path = self._path(name)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.db"


class PostgresPress(Press):
    def __init__(self, server: PostgresServer, folder: Path) -> None:
        super().__init__(folder)
        self._server = server

    def url_of(self, name: str) -> str:
        return self._server.url(name)

    def lay(self, name: str, base: str | None) -> None:
        self._server.create(name, base or "template0")

    def remove(self, name: str) -> None:
        self._server.drop(name)
