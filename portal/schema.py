"""Creating and upgrading the schema, and knowing whether that is still to be done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.database import Database
from portal.settings import ROOT

COMMAND = "flask init"
"""What brings a database of a former release up to date, or fills an empty one."""

BEHIND = "qianshou_schema_is_behind"
"""Under this name the app keeps that its database waits for its upgrade, once that is known."""


def upgrade_schema(database: Database) -> bool:
    """Bring the schema to the newest migration, in one transaction on both databases.

    Return whether it was one of a former release, with rows that the new one may read otherwise.
    """
    config = _config()
    with database.engine.begin() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    return config


def _newest(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()
