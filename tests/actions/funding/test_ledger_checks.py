"""``flask verify`` names the first bad row of the ledger, whichever way it was harmed.

Each fault is planted by the owner of the database, with the triggers and the constraint gone that would
have refused it.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import AuditEvent
from models.types import FundAccountKind, FundSource, LedgerKind
from portal.checks import Outcome, verify
from portal.ledger.check_queries import CHECKS
from portal.ledger.rules import EFFECTS, MOVEMENTS, Book, LedgerRow
from tests.support.books import a_year
from tests.support.money import PAID_ON, approved, paid
from tests.support.world import World


class Harm(NamedTuple):
    """A statement, the check that finds it, the beginning of the row that it names."""

    statement: str
    check: str
    row: str
    constraints: tuple[str, ...] = ()
    """Constraints and unique indexes that would have refused it, as table.name."""


RECEIPT = "(SELECT MIN(id) FROM ledger_entry WHERE kind = 'receipt')"
BOOKED = "(SELECT MIN(id) FROM ledger_entry WHERE kind = 'expenditure')"
CASH = "(SELECT MIN(id) FROM fund_account WHERE kind = 'cash')"
OTHER_CASH = "(SELECT MAX(id) FROM fund_account WHERE kind = 'cash')"

HARMS = {
    "an amount was raised": Harm(
        f"UPDATE ledger_entry SET amount_fen = amount_fen + 1 WHERE id = {RECEIPT}",
        "ledger_balances", "fund_account:",
    ),
    "a row is gone": Harm(
        f"DELETE FROM ledger_entry WHERE id = {RECEIPT}", "ledger_balances", "fund_account:"
    ),
    "a row of nothing": Harm(
        f"UPDATE ledger_entry SET amount_fen = 0 WHERE id = {RECEIPT}",
        "ledger_rows", "ledger_entry:", ("ledger_entry.ck_ledger_entry_of_some_amount",),
    ),
    "a row of two subjects": Harm(
        f"UPDATE ledger_entry SET income_id = 1 WHERE id = {RECEIPT}",
        "ledger_rows", "ledger_entry:", ("ledger_entry.ck_ledger_entry_of_one_subject",),
    ),
    "a row of no subject": Harm(
        f"UPDATE ledger_entry SET disbursement_id = NULL WHERE id = {RECEIPT}",
        "ledger_rows", "ledger_entry:", ("ledger_entry.ck_ledger_entry_of_one_subject",),
    ),
    "from an account to itself": Harm(
        f"UPDATE ledger_entry SET credit_account_id = debit_account_id WHERE id = {RECEIPT}",
        "ledger_rows", "ledger_entry:", ("ledger_entry.ck_ledger_entry_between_two_accounts",),
    ),
    "from one source to another": Harm(
        f"UPDATE ledger_entry SET debit_account_id = {OTHER_CASH} WHERE id = {RECEIPT}",
        "ledger_rows", "ledger_entry:",
    ),
    "of another kind than it moves": Harm(
        f"UPDATE ledger_entry SET kind = 'income' WHERE id = {RECEIPT}",
        "ledger_rows", "ledger_entry:",
    ),
    "taken back by no mirror": Harm(
        "UPDATE ledger_entry SET amount_fen = amount_fen - 1 WHERE reversal_of_id IS NOT NULL",
        "ledger_rows", "ledger_entry:",
    ),
    "taken back twice": Harm(
        "INSERT INTO ledger_entry (at, booked_on, kind, debit_account_id, credit_account_id,"
        " amount_fen, expenditure_id, reversal_of_id, note, account_id)"
        " SELECT at, booked_on, kind, debit_account_id, credit_account_id, amount_fen,"
        " expenditure_id, reversal_of_id, '', account_id FROM ledger_entry"
        " WHERE reversal_of_id IS NOT NULL",
        "ledger_rows", "ledger_entry:", ("ledger_entry.uq_ledger_entry_reversed_once",),
    ),
    "a balance of its own": Harm(
        f"UPDATE fund_account SET balance_fen = balance_fen + 1 WHERE id = {CASH}",
        "ledger_balances", "fund_account:",
    ),
    "a sum of a year": Harm(
        "UPDATE fund_year_total SET spent_fen = spent_fen - 1", "ledger_totals", "fund_year_total:"
    ),
    "a sum that is gone": Harm(
        "DELETE FROM fund_year_total", "ledger_totals", "fund_year_total:"
    ),
    "a sum of a year without rows": Harm(
        "INSERT INTO fund_year_total SELECT organisation_id, year + 1, approved_fen, disbursed_fen,"
        " subsidy_received_fen, province_received_fen, received_fen, spent_fen, to_repay_fen,"
        " balance_fen FROM fund_year_total",
        "ledger_totals", "fund_year_total:",
    ),
    "paid of an allocation": Harm(
        "UPDATE fund_allocation SET disbursed_fen = disbursed_fen - 1",
        "ledger_payments", "fund_allocation:",
    ),
    "paid above what is approved": Harm(
        "UPDATE fund_allocation SET amount_fen = amount_fen - 1",
        "ledger_payments", "fund_allocation:",
        ("fund_allocation.ck_fund_allocation_paid_within_what_is_approved",),
    ),
    "another payment beside the ledger": Harm(
        "UPDATE disbursement SET received_fen = received_fen - 1, difference_reason = 'x'"
        " WHERE id = (SELECT MIN(id) FROM disbursement)",
        "ledger_subjects", "disbursement:",
    ),
    "spent another amount": Harm(
        "UPDATE expenditure SET amount_fen = amount_fen + 1"
        " WHERE id = (SELECT MIN(id) FROM expenditure)",
        "ledger_subjects", "expenditure:",
    ),
    "booked without a row": Harm(
        "UPDATE expenditure SET state = 'booked' WHERE state = 'reversed'",
        "ledger_subjects", "expenditure:",
    ),
    "raised another amount": Harm(
        "UPDATE fund_income SET amount_fen = amount_fen + 1", "ledger_subjects", "fund_income:"
    ),
    "by nobody who left a trace": Harm(
        f"UPDATE ledger_entry SET account_id = (SELECT MAX(id) FROM account) WHERE id = {BOOKED}",
        "ledger_audit", "ledger_entry:",
    ),
    "at an instant of its own": Harm(
        f"UPDATE ledger_entry SET at = '2022-01-05 00:00:00' WHERE id = {BOOKED}",
        "ledger_audit", "ledger_entry:",
    ),
}  # fmt: skip

FIRST_OF_A_CHECK = list({harm.check: name for name, harm in reversed(HARMS.items())}.values())
"""Every check is asked of PostgreSQL as well, and each that asks for a constraint to be gone; the ways
to harm the same rows are SQLite's."""
OF_POSTGRES = [name for name, harm in HARMS.items() if name in FIRST_OF_A_CHECK or harm.constraints]

LEDGER_TRIGGERS = (
    "not_updated", "not_deleted", "not_replaced", "reverses_its_mirror", "keeps_balances",
    "not_changed",
)  # fmt: skip


@pytest.fixture
def booked(world: World) -> World:
    a_year(world)
    world.session.commit()
    return world


def outcomes(session: Session) -> list[Outcome]:
    return list(verify(session, CHECKS))


def faults(session: Session) -> list[str]:
    return [one.check.code for one in outcomes(session) if one.fault]


def plant(session: Session, harm: Harm) -> None:
    """Do what only the owner of the database can: without triggers, constraints, foreign keys."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    on = "" if is_sqlite else " ON ledger_entry"
    for name in LEDGER_TRIGGERS:
        session.execute(sa.text(f"DROP TRIGGER IF EXISTS ledger_entry_{name}{on}"))
    for one in harm.constraints:
        table, name = one.split(".")
        if is_sqlite:
            _without(session, table, name)
        else:
            session.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    session.execute(sa.text(harm.statement))


def _without(session: Session, table: str, name: str) -> None:
    """Leave a constraint of SQLite out, as its own documentation says: it only tests what is written."""
    if name.startswith("ck_"):
        session.execute(sa.text("PRAGMA ignore_check_constraints=ON"))
        return
    sql = session.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table}
    )
    kept = [line for line in str(sql).splitlines() if name not in line]
    bare = "\n".join(kept).replace(table, f"{table}_bare", 1)
    session.execute(sa.text(bare.rstrip().rstrip(")").rstrip().rstrip(",") + ")"))
    session.execute(sa.text(f"INSERT INTO {table}_bare SELECT * FROM {table}"))
    session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
    session.execute(sa.text(f"DROP TABLE {table}"))
    session.execute(sa.text(f"ALTER TABLE {table}_bare RENAME TO {table}"))


def test_finds_nothing_wrong_with_a_year_of_every_kind_of_row(booked: World):
    assert faults(booked.session) == []


@pytest.mark.parametrize(
    ("press", "name"),
    [*(("sqlite", name) for name in HARMS), *(("postgresql", name) for name in OF_POSTGRES)],
    indirect=["press"],
)
def test_names_the_first_bad_row(booked: World, name: str):
    harm, session = HARMS[name], booked.session
    try:
        plant(session, harm)
        found = {one.check.code: one.fault for one in outcomes(session) if one.fault}
    finally:
        session.rollback()
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sa.text("PRAGMA ignore_check_constraints=OFF"))
    assert harm.check in found, f"found {found}"
    fault = found[harm.check]
    assert fault is not None
    assert fault.row.startswith(harm.row)
    assert fault.row.removeprefix(harm.row).partition("/")[0] in fault.sentence


def test_every_change_leaves_one_audit_row(world: World):
    world.session.commit()
    before = world.count(AuditEvent)
    one = paid(world, allocation=approved(world))
    assert world.count(AuditEvent) == before + 2
    assert one.paid_on == PAID_ON


@pytest.mark.parametrize("kind", LedgerKind)
def test_a_row_adds_to_the_sums_what_it_moves_into_the_accounts(kind: LedgerKind):
    """The sums beside the ledger and its accounts say the same of what is held, spent, to be repaid."""
    row = LedgerRow(kind, Book(1, 2022, FundSource.PROVINCIAL), 7, ("x", 1), PAID_ON)
    moved = {row.debit[1]: 7, row.credit[1]: -7}
    if kind in (LedgerKind.CARRY_OVER, LedgerKind.TRANSFER):
        assert EFFECTS[kind] == {"balance_fen": -1}
        return
    for account, name in (
        (FundAccountKind.CASH, "balance_fen"),
        (FundAccountKind.SPENT, "spent_fen"),
        (FundAccountKind.TO_REPAY, "to_repay_fen"),
    ):
        assert 7 * EFFECTS[kind].get(name, 0) == moved.get(account, 0), name
    assert MOVEMENTS[kind].debit in moved
