"""How many statements a page costs: the same, however many rows it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.database import READ_ONLY


@contextmanager
def statements(app: flask.Flask) -> Iterator[list[str]]:
    """Collect the SELECTs that the app sends while the block runs."""
    engine = app.extensions["qianshou_database"].engine
    with _collected(engine, ("SELECT", "WITH")) as sent:
        yield sent


@contextmanager
def statements_of(session: Session) -> Iterator[list[str]]:
    """Collect every statement that a session sends while the block runs."""
    with _collected(session.get_bind(), ("",)) as sent:
        yield sent


@contextmanager
def _collected(engine: Any, beginnings: tuple[str, ...]) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(beginnings):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Cost(NamedTuple):
    reading: list[str]
    in_the_lock: list[str]


@contextmanager
def cost(app: flask.Flask) -> Iterator[Cost]:
    """Collect the statements that the app sends while the block runs."""
    engine = app.extensions["qianshou_database"].engine
    found = Cost([], [])

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        is_reading = connection.get_execution_options().get(READ_ONLY, False)
        (found.reading if is_reading else found.in_the_lock).append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
