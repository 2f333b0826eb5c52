"""The upgrades that bring money: nothing of the former release is lost, and what was booked stays to the fen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
import sqlalchemy as sa

from models.database import Database
from models.types import ImportKind
from portal.checks import verify
from portal.organisations.actions import edit_organisation
from portal.rooms import HOUSE
from portal.schema import upgrade_schema
from tests.models.test_upgrade_of_importers import _downgrade
from tests.support.books import a_year, spent
from tests.support.clock import Clock
from tests.support.imports import import_rows, workday
from tests.support.money import received
from tests.support.world import ORGANISATIONS, World, organisation_facts

BEFORE_MONEY = "0025"
OF_ITSELF = {"alembic_version", "regime_version"}
"""Tables that say which release and which state this is."""

Picture = dict[str, list[dict[str, Any]]]


def picture(database: Database, columns: dict[str, Collection[str]] | None = None) -> Picture:
    """Return every row of every table, or of some columns of some tables."""
    found: Picture = {}
    with database.engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        for name, table in tables.tables.items():
            wanted = columns.get(name) if columns is not None else table.c.keys()
            if name in OF_ITSELF or wanted is None:
                continue
            rows = connection.execute(sa.select(*(table.c[one] for one in sorted(wanted))))
            found[name] = sorted((dict(row._mapping) for row in rows), key=repr)
    return found


def columns_of(shown: Picture) -> dict[str, Collection[str]]:
    """Return the columns of the tables that hold something."""
    return {name: list(rows[0]) for name, rows in shown.items() if rows}


def faults(database: Database) -> list[Any]:
    with database.reading() as session:
        return [one.fault for one in verify(session, HOUSE.checks) if one.fault]


def test_an_installation_without_money_keeps_every_row(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        assert import_rows(world, ImportKind.WORKDAYS, [workday()]).report.applied
        one = world.organisation("sending")
        facts = organisation_facts(*ORGANISATIONS["sending"])
        edit_organisation(
            world.deed(), one, facts._replace(bank_account="6222020200112233"), version=one.version
        )
    _downgrade(world_database, BEFORE_MONEY)
    former = picture(world_database)
    assert "ledger_entry" not in former
    assert {"organisation", "import_batch", "workday", "person"} <= set(columns_of(former))
    upgrade_schema(world_database)
    kept = {name: rows for name, rows in former.items() if rows}
    assert picture(world_database, columns_of(former)) == kept
    with world_database.writing() as session:
        a_year(World(session, clock))
    assert faults(world_database) == []
    for statement in ("UPDATE ledger_entry SET amount_fen = 1", "DELETE FROM ledger_entry"):
        with world_database.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql(statement)


def booked(world: World) -> None:
    """What a database of 0026 could hold: it could not say yet when something was paid back."""
    received(world)
    spent(world, 123_456)


@pytest.mark.parametrize(
    ("revision", "make"),
    [
        ("0026", booked),
        ("0027", a_year),
    ],
)
def test_what_was_booked_stays_to_the_fen(
    world_database: Database, clock: Clock, revision: str, make: Any
) -> None:
    with world_database.writing() as session:
        make(World(session, clock))
    _downgrade(world_database, revision)
    former = picture(world_database)
    assert not {"certificate_award", "award_rule"} & set(former)
    assert {"ledger_entry", "fund_account", "expenditure"} <= set(columns_of(former))
    upgrade_schema(world_database)
    kept = {name: rows for name, rows in former.items() if rows}
    assert picture(world_database, columns_of(former)) == kept
    assert faults(world_database) == []
    with world_database.writing() as session:
        _goes_on(World(session, clock))
    assert faults(world_database) == []


def _goes_on(world: World) -> None:
    """Book after the upgrade: the triggers keep the balances as before."""
    before = world.session.execute(sa.text("SELECT SUM(balance_fen) FROM fund_account")).scalar()
    spent(world, 4_321, payee="演示升级之后")
    after = world.session.execute(sa.text("SELECT SUM(balance_fen) FROM fund_account")).scalar()
    assert before == after == 0, "each row takes from one account what it gives to another"
