"""A fresh database for each test, copied from one that was prepared once.

SQLite: a file is copied. PostgreSQL: ``CREATE DATABASE … TEMPLATE``, which copies files too.
"""

from __future__ import annotations

import itertools
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from models.database import Database
from portal.deeds import session_info
from tests.support.postgres import PostgresServer

MASTER_KEY = bytes(range(32))
INFO = session_info(MASTER_KEY)


class Press(ABC):
    """Prepares databases by name, and makes copies of them."""

    @abstractmethod
    def blank(self, name: str, base: str | None) -> str:
        """Return the URL of a new database, empty or a copy of a prepared one."""

    @abstractmethod
    def copy(self, name: str) -> AbstractContextManager[str]:
        """Yield the URL of a copy; it is gone afterwards."""

    def prepare(self, name: str, fill: Callable[[Database], None], base: str | None = None) -> None:
        """Prepare a database under a name: ``fill`` writes into it."""
        database = Database(self.blank(name, base), INFO)
        fill(database)
        database.engine.dispose()

    @contextmanager
    def opened(self, name: str) -> Iterator[Database]:
        """Open a copy of a prepared database."""
        with self.copy(name) as url:
            database = Database(url, INFO)
            try:
                yield database
            finally:
                database.engine.dispose()


class SqlitePress(Press):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def blank(self, name: str, base: str | None) -> str:
        path = self._folder / f"{name}.db"
        if base:
            shutil.copy(self._folder / f"{base}.db", path)
        return f"sqlite:///{path}"

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        path = self._folder / f"copy{next(self._numbers)}.db"
        shutil.copy(self._folder / f"{name}.db", path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)


class PostgresPress(Press):
    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._prepared = ExitStack()

    def blank(self, name: str, base: str | None) -> str:
        return self._prepared.enter_context(
            self._server.database(name, template=base or "template0")
        )

    def close(self) -> None:
        """Drop the prepared databases, while the server still runs."""
        self._prepared.close()

    def copy(self, name: str) -> AbstractContextManager[str]:
        return self._server.database(template=name)
