"""All rows of a database, to be compared with all rows later."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models import Base
from models.database import Database

Rows = dict[tuple[Any, ...], dict[str, Any]]


def snapshot(database: Database, *, besides: frozenset[str] = frozenset()) -> dict[str, Rows]:
    """Return every row of every table by its key; columns named ``table.column`` are left out."""
    with database.reading() as session:
        return {
            table.name: {
                tuple(row[column.name] for column in table.primary_key): {
                    name: value
                    for name, value in row.items()
                    if f"{table.name}.{name}" not in besides
                }
                for row in session.execute(sa.select(table)).mappings()
            }
            for table in Base.metadata.sorted_tables
        }


def differences(before: dict[str, Rows], after: dict[str, Rows]) -> list[str]:
    """Say which rows came, went or changed, and in which columns."""
    found = []
    for table, rows in before.items():
        later = after[table]
        for key in rows.keys() | later.keys():
            old, new = rows.get(key), later.get(key)
            if old is None or new is None:
                found.append(f"{table} {key}: {'came' if old is None else 'went'}: {new or old}")
            elif old != new:
                changed = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
                found.append(f"{table} {key}: {changed}")
    return sorted(found)
