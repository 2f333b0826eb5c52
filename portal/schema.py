"""Creating and upgrading the schema."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from models.database import Database
from portal.settings import ROOT


def upgrade_schema(database: Database) -> None:
    """Bring the schema to the newest migration, in one transaction on both databases."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
