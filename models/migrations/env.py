"""Runs migrations on a connection that the caller gives (portal/schema.py), or on one of its own."""

from collections.abc import Collection
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from models import Base
from models.base import UtcDateTime
from models.triggers import lay_triggers

config = context.config


def run() -> None:
    connection: sa.Connection | None = config.attributes.get("connection")
    if connection is None:
        engine = sa.create_engine(config.get_main_option("sqlalchemy.url") or "")
        with engine.connect() as own:
            _run_on(own, lays_triggers=True)
        engine.dispose()
        return
    _run_on(connection, lays_triggers=False)


def _run_on(connection: sa.Connection, *, lays_triggers: bool) -> None:
    reached: set[str] = set()

    def note(ctx: Any, step: Any, heads: Collection[Any], run_args: Any) -> None:  # noqa: ARG001 - by keyword
        reached.clear()
        reached.update(heads)

    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=_plain_type,
        on_version_apply=note,
    )
    with context.begin_transaction():
        context.run_migrations()
        if lays_triggers and reached == set(context.script.get_heads()):
            # Whoever gives a connection lays them. Without them everybody would go on under a
            # policy that was changed, and no second row would get into the audit trail.
            lay_triggers(connection)


def _plain_type(kind: str, thing: object, _context: object) -> str | Literal[False]:
    # A migration stands on SQLAlchemy alone: it must still run when our own types have moved.
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


run()
