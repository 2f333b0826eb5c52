"""The application's own connection cannot change the ledger, however it is spelled: the database says no.

Each statement is valid on its database and would have an effect; what refuses it is the trigger or the
constraint that is named, and afterwards every row of every table of money is as before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.database import Database
from models.triggers import NO_MIRROR, NOT_CHANGED
from tests.support.books import a_year
from tests.support.clock import Clock
from tests.support.world import World

LAST = "(SELECT MAX(id) FROM ledger_entry)"
COLUMNS = (
    "at, booked_on, kind, debit_account_id, credit_account_id, amount_fen, allocation_id,"
    " disbursement_id, income_id, expenditure_id, settlement_id, reversal_of_id, note, account_id"
)
SAME = f"SELECT id, {COLUMNS} FROM ledger_entry"
NEGATIVE = "never_below_zero"


class Try(NamedTuple):
    statement: str
    refused_by: str = NOT_CHANGED


def copy_with(column: str, value: str, where: str) -> str:
    """Write the copy of some rows in which one column is another."""
    chosen = COLUMNS.replace(column, value, 1)
    return f"INSERT INTO ledger_entry ({COLUMNS}) SELECT {chosen} FROM ledger_entry WHERE {where}"


ON_BOTH = (
    Try("UPDATE ledger_entry SET amount_fen = amount_fen + 1"),
    Try("UPDATE ledger_entry SET note = 'x' WHERE id = 1"),
    Try(f"UPDATE ledger_entry SET booked_on = '2021-01-01' WHERE id = {LAST}"),
    Try("UPDATE ledger_entry SET amount_fen = a.balance_fen FROM fund_account a"
        " WHERE a.id = debit_account_id"),
    Try("UPDATE ledger_entry SET reversal_of_id = NULL WHERE reversal_of_id IS NOT NULL"),
    Try("DELETE FROM ledger_entry"),
    Try(f"DELETE FROM ledger_entry WHERE id = {LAST}"),
    Try("DELETE FROM ledger_entry WHERE reversal_of_id IS NOT NULL"),
    Try("WITH bad AS (SELECT MAX(id) AS id FROM ledger_entry)"
        " DELETE FROM ledger_entry WHERE id IN (SELECT id FROM bad)"),
    Try(f"INSERT INTO ledger_entry (id, {COLUMNS}) {SAME} WHERE TRUE"
        " ON CONFLICT (id) DO UPDATE SET amount_fen = 1"),
    Try("UPDATE fund_account SET balance_fen = -1 WHERE kind = 'cash'", NEGATIVE),
    Try("UPDATE fund_account SET balance_fen = balance_fen - 100000000", NEGATIVE),
    Try("DELETE FROM fund_account", "FOREIGN KEY|foreign key|violates"),
    Try("UPDATE fund_allocation SET disbursed_fen = amount_fen + 1", "paid_within_what_is_approved"),
    Try("UPDATE fund_allocation SET reduced_fen = amount_fen", "paid_within_what_is_approved"),
    # Well formed rows: for more than there is, and what takes a row back a second time.
    Try(copy_with("amount_fen", "9000000000", "kind = 'disbursement'"), NEGATIVE),
    Try(copy_with("amount_fen", "9000000000", "kind = 'expenditure' AND reversal_of_id IS NULL"),
        NEGATIVE),
    Try(copy_with("note", "'x'", "reversal_of_id IS NOT NULL"), f"reversed_once|{NOT_CHANGED}"),
    Try(copy_with("amount_fen", "0", "id = 1"), "of_some_amount"),
    Try(copy_with("amount_fen", "-amount_fen", "id = 1"), "of_some_amount|never_below_zero"),
    Try(copy_with("reversal_of_id", "id", "kind = 'receipt'"), NO_MIRROR),
    Try(copy_with("debit_account_id", "credit_account_id", "kind = 'receipt'"),
        "between_two_accounts"),
    Try(copy_with("allocation_id", "1", "kind = 'receipt'"), "of_one_subject"),
)  # fmt: skip

ON_SQLITE = (
    Try(f"INSERT OR REPLACE INTO ledger_entry (id, {COLUMNS}) {SAME}"),
    Try(f"REPLACE INTO ledger_entry (id, {COLUMNS}) {SAME} WHERE id = {LAST}"),
    Try(f"REPLACE INTO ledger_entry ({COLUMNS}) SELECT {COLUMNS} FROM ledger_entry"
        " WHERE reversal_of_id IS NOT NULL"),
    Try(f"INSERT OR IGNORE INTO ledger_entry (id, {COLUMNS}) {SAME}"),
    Try("UPDATE OR REPLACE ledger_entry SET id = 1 WHERE id = 2"),
    Try("UPDATE OR IGNORE ledger_entry SET amount_fen = 1"),
    Try("UPDATE OR ROLLBACK ledger_entry SET amount_fen = 1"),
    Try("UPDATE ledger_entry SET rowid = rowid + 1000"),
)  # fmt: skip

ON_POSTGRESQL = (
    Try("TRUNCATE ledger_entry"),
    Try("TRUNCATE ledger_entry RESTART IDENTITY CASCADE"),
    Try("TRUNCATE fund_account CASCADE"),
    Try("TRUNCATE organisation CASCADE"),
    Try("DELETE FROM ONLY ledger_entry"),
    Try("DELETE FROM ledger_entry e USING fund_account a WHERE a.id = e.debit_account_id"),
    Try("MERGE INTO ledger_entry e USING fund_account a ON a.id = e.debit_account_id"
        " WHEN MATCHED THEN UPDATE SET amount_fen = 1"),
    Try("MERGE INTO ledger_entry e USING fund_account a ON a.id = e.debit_account_id"
        " WHEN MATCHED THEN DELETE"),
    Try(f"INSERT INTO ledger_entry (id, {COLUMNS}) OVERRIDING SYSTEM VALUE {SAME}"
        " ON CONFLICT ON CONSTRAINT pk_ledger_entry DO UPDATE SET note = 'x'"),
)  # fmt: skip

MONEY = ("ledger_entry", "fund_account", "fund_allocation", "fund_year_total")


def all_rows(world: World) -> list[list[tuple[Any, ...]]]:
    return [
        sorted(map(tuple, world.session.execute(sa.text(f"SELECT * FROM {table}"))), key=repr)
        for table in MONEY
    ]


def assert_refuses(world_database: Database, clock: Clock, attempts: tuple[Try, ...]) -> None:
    with world_database.writing() as session:
        a_year(World(session, clock))
    with world_database.open() as session:
        world = World(session, clock)
        before = all_rows(world)
        assert len(before[0]) > 10
        for one in attempts:
            with pytest.raises(DBAPIError, match=one.refused_by):
                session.execute(sa.text(one.statement))
            session.rollback()
            assert all_rows(world) == before, one.statement
            session.rollback()


def test_no_spelling_changes_the_ledger(world_database: Database, clock: Clock):
    own = ON_SQLITE if world_database.is_sqlite else ON_POSTGRESQL
    assert_refuses(world_database, clock, (*ON_BOTH, *own))
