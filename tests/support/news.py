"""PostgreSQL is asked what is news for it: a test of pages whose statements it has had is spared.

What a page makes of its rows is the same on both. So each such test is asked on SQLite, and on
PostgreSQL as soon as SQLite was sent a statement by it that no test before it has had PostgreSQL answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

_SEVERAL = re.compile(r"\(\?(?:, \?)+\)")


class News:
    """What the tests of one process have sent."""

    def __init__(self) -> None:
        self._sent: dict[str, set[str]] = {}
        self._asked: set[str] = set()

    @contextmanager
    def noted(self, test: str) -> Iterator[None]:
        """Note every statement that is sent to SQLite while the block runs."""
        sent = self._sent.setdefault(test, set())

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.add(shape_of(statement))

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    def has(self, test: str) -> bool:
        """Has a test anything new to ask? If so it counts as asked. One that SQLite was not asked has."""
        sent = self._sent.get(test)
        if sent is None:
            return True
        new = sent - self._asked
        self._asked |= new
        return bool(new)


def shape_of(statement: str) -> str:
    """Return a statement with one place for however many values are given together."""
    return _SEVERAL.sub("(?)", statement)


NEWS = News()
