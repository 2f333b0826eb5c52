"""Connections to PostgreSQL: what a request is spared, and what happens when the server has gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from models import Region, postgres
from models.database import Database, run
from tests.support.databases import Press

ASKED = sa.select(sa.literal(1))
NAMES = sa.text("SELECT count(*) FROM pg_prepared_statements")


@pytest.fixture
def on_postgres(postgres_press: Press) -> Iterator[Database]:
    with postgres_press.opened("reference_data") as opened:
        yield opened


def ask(database: Database, times: int = 1) -> Any:
    for _ in range(times):
        with database.open(read_only=True) as session:
            found = run(session, ASKED).scalar_one()
    return found


def test_what_every_request_asks_stays_prepared_after_it_only_read(on_postgres: Database):
    ask(on_postgres, postgres.PREPARED_AFTER + 2)
    with on_postgres.open(read_only=True) as session:
        assert session.scalar(NAMES) == 1


def test_what_stays_prepared_is_planned_for_what_is_asked(on_postgres: Database):
    wanted = sa.select(Region.code).where(Region.code == sa.bindparam("code"))
    with on_postgres.open(read_only=True) as session:
        for _ in range(10):
            run(session, wanted, {"code": "640000"}).all()
        plans = sa.text("SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements")
        generic, custom = session.execute(plans).one()
    assert generic == 0
    assert custom >= 9


def test_a_connection_that_the_server_ended_is_made_anew(on_postgres: Database):
    with on_postgres.open() as one, on_postgres.open() as other:
        numbers = [session.scalar(sa.text("SELECT pg_backend_pid()")) for session in (one, other)]
    ends = sa.create_engine(on_postgres.url, isolation_level="AUTOCOMMIT")
    with ends.connect() as connection:
        for number in numbers:
            connection.execute(sa.select(sa.func.pg_terminate_backend(number, 5000)))
    ends.dispose()
    assert ask(on_postgres) == 1


def test_a_connection_long_unused_is_tried_before_it_is_used(
    on_postgres: Database, monkeypatch: pytest.MonkeyPatch
):
    ask(on_postgres)
    sent: list[Any] = []
    monkeypatch.setattr(postgres.Connection, "execute", lambda _self, text: sent.append(text))
    ask(on_postgres)
    assert sent == []
    monkeypatch.setattr(postgres, "QUIET_S", 0)
    ask(on_postgres)
    assert sent == [";"]
