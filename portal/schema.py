"""Creating and upgrading the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models.database import Database
from portal.settings import ROOT


def upgrade_schema(database: Database, revision: str = "head") -> None:
    """Bring the schema to a migration, the newest by default, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    with (
        database.engine.connect() as connection,
        _tables_may_be_made_anew(connection),
        connection.begin(),
    ):
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if database.is_sqlite:
            _refuse_orphans(connection)


@contextmanager
def _tables_may_be_made_anew(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite drop a table that others refer to: it changes a constraint only by a new table.

    The setting holds only from outside a transaction; :func:`_refuse_orphans` stands in for it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.cursor().execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: sa.Connection) -> None:
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan:
        message = (
            f"the migration would leave row {orphan[1]} of {orphan[0]} without its {orphan[2]}"
        )
        raise RuntimeError(message)
