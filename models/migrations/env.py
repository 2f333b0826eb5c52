"""Runs migrations on a connection that the caller gives (portal/schema.py, scripts)."""

from typing import Literal

import sqlalchemy as sa
from alembic import context

from models import Base
from models.base import UtcDateTime

config = context.config


def run() -> None:
    connection: sa.Connection | None = config.attributes.get("connection")
    if connection is None:
        engine = sa.create_engine(config.get_main_option("sqlalchemy.url") or "")
        with engine.connect() as own:
            _run_on(own)
        return
    _run_on(connection)


def _run_on(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=_plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plain_type(kind: str, thing: object, _context: object) -> str | Literal[False]:
    # A migration stands on SQLAlchemy alone: it must still run when our own types have moved.
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


run()
