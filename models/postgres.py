"""Connections to PostgreSQL: what is asked of every one of them, and what is spared.

A request asks a dozen small things; each way to the server and back costs as much as most answers.
So nobody asks first whether the server is there, and what every request asks stays prepared.
"""

from __future__ import annotations

import re
import select
import time
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

LEFT_AT = "qianshou_left_at"
QUIET_S = 60
"""So long unused, a connection is tried before it is used: what lies between may have dropped it."""

PREPARED_AFTER = 1
"""How often a connection is asked for something before it keeps the plan."""

_DETAIL = re.compile(r"\nDETAIL:.*", re.DOTALL)


class Connection(psycopg.Connection[Any]):
    """One that keeps what it has prepared when a transaction ends that only read."""

    def rollback(self) -> None:
        # The driver forgets everything prepared with a rollback, and has the server forget it.
        is_done = self.pgconn.transaction_status == TransactionStatus.INTRANS
        if self.read_only and is_done:
            self.commit()
        else:
            super().rollback()


def make_engine(url: sa.URL, options: dict[str, Any]) -> sa.Engine:
    engine = sa.create_engine(url, **options)
    event.listen(engine, "handle_error", _leave_out_the_row)
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkin", _note)
    event.listen(engine, "checkout", _look)
    return engine


def _connect(
    _dialect: object, _record: object, args: tuple[Any, ...], options: dict[str, Any]
) -> Connection:
    # A query that is read in pieces is planned for all of its rows. PostgreSQL expects that a cursor
    # is left after a tenth of them, and took 20 times as long for an export.
    # What stays prepared is planned for what it is asked each time: from the sixth time on a plan for
    # whatever may be asked took 14 times as long for a summary.
    own = "-c cursor_tuple_fraction=1 -c plan_cache_mode=force_custom_plan"
    settings = f"{options.pop('options', '')} {own}".lstrip()
    # A list is planned each time for what it is asked for; only by ``keep_plans`` plans stay.
    return Connection.connect(*args, options=settings, prepare_threshold=None, **options)


def keep_plans(raw: Any, *, is_on: bool) -> None:
    """Have a connection keep the plan of what it is asked from here on, or no longer."""
    if isinstance(raw, Connection):
        raw.prepare_threshold = PREPARED_AFTER if is_on else None


def _note(_raw: object, record: ConnectionPoolEntry) -> None:
    record.info[LEFT_AT] = time.monotonic()


def _look(raw: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Have every connection made anew if the server has ended this one: it says so, unasked."""
    left_at = record.info.get(LEFT_AT)
    if left_at is None:
        return
    is_quiet = time.monotonic() - left_at < QUIET_S and not _has_said_something(raw)
    if is_quiet:
        return
    try:
        raw.autocommit = True
        raw.execute(";")
        raw.autocommit = False
    except psycopg.Error as fault:
        raise sa.exc.InvalidatePoolError from fault


def _has_said_something(raw: Connection) -> bool:
    watch = select.poll()  # select() knows no file beyond number 1,023
    watch.register(raw.fileno(), select.POLLIN)
    return bool(watch.poll(0))


def _leave_out_the_row(context: sa.ExceptionContext) -> None:
    """Keep the row out of what a fault says: it goes to the log, where nobody's data may stand.

    Parameters are hidden already; PostgreSQL adds the values of the row by itself (DETAIL).
    """
    for fault in (context.original_exception, context.sqlalchemy_exception):
        if fault is not None and fault.args and isinstance(fault.args[0], str):
            fault.args = (_DETAIL.sub("", fault.args[0]), *fault.args[1:])
