"""Inserting very many plain rows, on either database, without an object a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session


def insert_rows(
    session: Session, table: sa.Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows given as plain tuples in the order of ``names``.

    On SQLite by one prepared statement, on PostgreSQL by COPY; values go through the types of
    the columns, each distinct one once.
    """
    session.flush()
    connection = session.connection()
    columns = [table.c[name] for name in names]
    ready = _bound(rows, columns, connection.dialect)
    statement = _insert if connection.dialect.name == "sqlite" else _copy
    try:
        statement(connection.connection.driver_connection, table.name, names, ready)
    except connection.dialect.loaded_dbapi.Error as fault:
        # So that whoever catches SQLAlchemy's exceptions catches these too.
        raise sa.exc.DBAPIError.instance(
            f"bulk insert into {table.name}", None, fault, connection.dialect.loaded_dbapi.Error
        ) from fault


def _insert(driver: Any, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    marks = ", ".join("?" * len(names))
    driver.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608 - names of the model


def _copy(driver: Any, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _bound(
    rows: Iterable[Sequence[Any]], columns: Sequence[sa.Column[Any]], dialect: sa.Dialect
) -> Iterator[Sequence[Any]]:
    """Turn values into what the driver takes, as SQLAlchemy itself would."""
    processors = [
        (place, _Remembered(process))
        for place, column in enumerate(columns)
        if (process := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    for row in rows:
        values = list(row)
        for place, remembered in processors:
            values[place] = remembered[values[place]]
        yield values


class _Remembered(dict[Any, Any]):
    """The answers of a processor by value: there are few modes, dates and states."""

    def __init__(self, process: Callable[[Any], Any]) -> None:
        super().__init__()
        self._process = process

    def __missing__(self, value: Any) -> Any:
        answer = self._process(value)
        self[value] = answer
        return answer
