"""The migrations run by Alembic alone: what the database does by itself is there, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from models.triggers import APPEND_ONLY, CHANGES, REGIME_TABLES
from scripts.check_migrations import alembic_config
from tests.support.databases import Press

NAME = "bare"
TOKEN = sa.text("SELECT token FROM regime_version")
YEAR = sa.text("INSERT INTO calendar_year (year, source, recorded_at) VALUES (2031, '演示', :at)")

OF_THE_LEDGER = 5
"""What refuses its change, and keeps the balances."""


def test_a_database_that_only_alembic_has_brought_up_draws_new_tokens(press: Press) -> None:
    press.lay(NAME, None)
    command.upgrade(alembic_config(press.url_of(NAME)), "head")
    engine = sa.create_engine(press.url_of(NAME))
    with engine.begin() as connection:
        before = connection.scalar(TOKEN)
        connection.execute(YEAR, {"at": "2026-01-01 00:00:00+00:00"})
        assert connection.scalar(TOKEN) != before
        if connection.dialect.name == "sqlite":
            laid = sa.text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
            of_regime, of_records = (
                len(CHANGES) * len(one) for one in (REGIME_TABLES, APPEND_ONLY)
            )
            assert connection.scalar(laid) == of_regime + 1 + OF_THE_LEDGER + of_records
    engine.dispose()
    press.remove(NAME)
