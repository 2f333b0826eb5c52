"""How many statements a page costs: the same, however many rows it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask
import sqlalchemy as sa


@contextmanager
def statements(app: flask.Flask) -> Iterator[list[str]]:
    """Collect the SELECTs that the app sends while the block runs."""
    engine = app.extensions["qianshou_database"].engine
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
