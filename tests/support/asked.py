"""Which requests ask a database something that no request before them has asked it.

    with asked(database) as told:
        ...                   # a request
        told.something_new()  # since the last time

The tests that send thousands of requests take back what each writes, at a clock that stands still:
the same statement with the same parameters is answered alike, whatever page sends it. So PostgreSQL
need not be sent a request whose every statement it has answered. SQLite, which is sent all of them,
tells which these are (``News``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from models.database import Database


@dataclass
class Told:
    """The statements that a database was sent with their parameters, by their hashes."""

    known: set[int] = field(default_factory=set)
    _since: set[int] = field(default_factory=set)

    def note(self, _connection: Any, _cursor: Any, statement: str, asked: Any, *_rest: Any) -> None:
        self._since.add(hash((statement, repr(asked))))

    def forget(self) -> None:
        """Leave out what was sent since the last time, as if it had not been."""
        self._since = set()

    def something_new(self) -> bool:
        """Was anything sent since the last time that had not been sent before?"""
        is_new = not self._since <= self.known
        self.known |= self._since
        self._since = set()
        return is_new


@contextmanager
def asked(database: Database) -> Iterator[Told]:
    """Listen to what a database is sent while the block runs."""
    told = Told()
    sa.event.listen(database.engine, "before_cursor_execute", told.note)
    try:
        yield told
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", told.note)


@dataclass
class News:
    """Which requests had something new for SQLite; one it was never sent is taken for news."""

    _is_new: dict[Hashable, bool] = field(default_factory=dict)

    def note(self, request: Hashable, *, is_new: bool) -> None:
        self._is_new[request] = is_new or self._is_new.get(request, False)

    def is_new(self, request: Hashable) -> bool:
        return self._is_new.get(request, True)
