"""Creating and upgrading the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.database import Database
from models.triggers import lay_triggers
from portal.settings import ROOT

COMMAND = "flask init"
"""What brings a database of a former release up to date, or fills an empty one."""

BEHIND = "qianshou_schema_is_behind"
"""Under this name the app keeps that its database waits for its upgrade, once that is known."""


def upgrade_schema(database: Database, revision: str = "head") -> bool:
    """Bring the schema to a migration, the newest by default, in one transaction.

    Return whether it was one of a former release, with rows that the new one may read otherwise.
    """
    config = _config()
    with (
        database.engine.connect() as connection,
        _tables_may_be_made_anew(connection),
        connection.begin(),
    ):
        before = MigrationContext.configure(connection).get_current_revision()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision == "head":
            lay_triggers(connection)
        if database.is_sqlite:
            _order_indexes(connection)
            _refuse_orphans(connection)
    return before not in (None, _newest(config))


def is_behind(database: Database) -> bool:
    """Does this release need a schema that the database does not have yet?

    No where the database cannot be reached: that is another fault.
    """
    try:
        with database.reading() as session:
            found = MigrationContext.configure(session.connection()).get_current_revision()
    except sa.exc.DBAPIError:
        return False
    return found != _newest(_config())


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


def _order_indexes(connection: sa.Connection) -> None:
    """Have the indexes of each table stand in the order of their names.

    A migration makes those of a table in whatever order, and SQLite, which has no statistics here, takes
    the newest of two that look alike: by chance the days of a person were looked for among those of a
    whole year. By their names the unique ones (``uq_``) are the newest.
    """
    rows = connection.exec_driver_sql(
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid"
    )
    of_table: dict[str, list[tuple[str, str]]] = {}
    for table, name, made_by in rows:
        of_table.setdefault(table, []).append((name, made_by))
    for found in of_table.values():
        if found != sorted(found):
            for name, _ in found:
                connection.exec_driver_sql(f'DROP INDEX "{name}"')
            for _, made_by in sorted(found):
                connection.exec_driver_sql(made_by)


def _refuse_orphans(connection: sa.Connection) -> None:
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan:
        message = (
            f"the migration would leave row {orphan[1]} of {orphan[0]} without its {orphan[2]}"
        )
        raise RuntimeError(message)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    return config


def _newest(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()
