"""A database as the former release left it (tests/files/make_former_release.py), on either kind.

fill_former_release(database)   # the schema of then, and its rows
"""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models.database import Database
from portal.settings import ROOT

FILE = Path(__file__).parents[1] / "files" / "former_release.json.gz"
REVISION = "0002"
PIECE = 500


def fill_former_release(database: Database) -> None:
    """Lay the schema of the former release and write its rows."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, REVISION)
    tables = json.loads(gzip.decompress(FILE.read_bytes()))
    metadata = sa.MetaData()
    metadata.reflect(database.engine)
    with database.engine.begin() as connection:
        for name, part in tables.items():
            _write(connection, metadata.tables[name], part["columns"], part["rows"])


def _write(
    connection: sa.Connection, table: sa.Table, columns: list[str], rows: list[list[Any]]
) -> None:
    reads = [_reader(table.c[column].type) for column in columns]
    # Past the types of today: the values go in as they stood in the file.
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f":{column}" for column in columns)
    insert = sa.text(f'INSERT INTO "{table.name}" ({names}) VALUES ({places})')
    values = [
        {
            column: None if cell is None else read(cell)
            for column, read, cell in zip(columns, reads, row, strict=True)
        }
        for row in rows
    ]
    for start in range(0, len(values), PIECE):
        connection.execute(insert, values[start : start + PIECE])
    if connection.dialect.name == "postgresql" and values and "id" in columns:
        top = max(row["id"] for row in values)
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :top)"),
            {"name": table.name, "top": top},
        )


def _reader(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, sa.LargeBinary):
        return lambda cell: base64.b64decode(cell.removeprefix("b64:"))
    if isinstance(kind, sa.Boolean):
        return bool
    if type(kind).__module__.startswith("sqlalchemy.dialects.postgresql"):
        if isinstance(kind, sa.DateTime):
            return lambda cell: datetime.fromisoformat(cell).replace(tzinfo=UTC)
        if isinstance(kind, sa.Date):
            return date.fromisoformat
    return lambda cell: cell
