"""What the database does by itself, whoever writes.

Laid anew after every upgrade, on both databases: SQLite loses the triggers of a table that a
migration makes anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

REGIME_TABLES = (
    "programme",
    "policy_parameter",
    "work_year",
    "calendar_day",
    "calendar_year",
)
"""Every write to one of these draws a new token of ``regime_version``."""

CHANGES = ("INSERT", "UPDATE", "DELETE")

NEW_TOKEN = {
    "sqlite": "UPDATE regime_version SET token = lower(hex(randomblob(16)))",
    "postgresql": "UPDATE regime_version SET token = replace(gen_random_uuid()::text, '-', '')",
}
NOT_CHANGED = "the ledger is not changed: a mistake is taken back by a row that reverses it"
APPEND_ONLY = ("fund_review_decision",)
"""What was asked and answered of money stays as it was said."""
SAID = "kind, version_after, batch, at, reason, state_before, state_after"
"""The columns of a decision that stand; by whom follows a person who turns out to be another's account."""
ONLY_ADDED = "what was said is not changed: say more in another step"
NO_MIRROR = "a reversal is the same amount the other way round"
TAKE = "UPDATE fund_account SET balance_fen = balance_fen - NEW.amount_fen WHERE id = NEW.credit_account_id"
GIVE = "UPDATE fund_account SET balance_fen = balance_fen + NEW.amount_fen WHERE id = NEW.debit_account_id"
KEEP_BALANCES = (TAKE, GIVE)
"""What a row of the ledger does to the two accounts it names; their CHECK says no below zero."""

MIRRORED = (
    "SELECT 1 FROM ledger_entry AS mistake WHERE mistake.id = NEW.reversal_of_id"
    " AND mistake.debit_account_id = NEW.credit_account_id"
    " AND mistake.credit_account_id = NEW.debit_account_id"
    " AND mistake.amount_fen = NEW.amount_fen AND mistake.reversal_of_id IS NULL"
)

FOLLOW = "UPDATE audit_head SET last_event_id = NEW.id, seal = NEW.seal WHERE id = 1"
"""The head of the audit chain is its last row."""


def lay_triggers(connection: sa.Connection) -> None:
    """Lay all triggers anew; their tables must be there."""
    of = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}[connection.dialect.name]
    for statement in of():
        connection.exec_driver_sql(statement)


def _of_sqlite() -> Iterator[str]:
    for table in REGIME_TABLES:
        for change in CHANGES:
            name = f"regime_follows_{table}_{change.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {NEW_TOKEN['sqlite']}; END"
            )
    yield "DROP TRIGGER IF EXISTS head_follows_audit_event"
    yield (
        f"CREATE TRIGGER head_follows_audit_event AFTER INSERT ON audit_event BEGIN {FOLLOW}; END"
    )
    yield from _ledger_of_sqlite()
    for table in APPEND_ONLY:
        for when, which in (
            (f"UPDATE OF {SAID}", ""),
            ("DELETE", ""),
            ("INSERT", f" WHERE EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"),  # noqa: S608 - of constants
        ):
            name = f"{table}_only_added_{when[:6].lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {when} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED}'){which}; END"
            )


def _ledger_of_sqlite() -> Iterator[str]:
    """Lay what keeps the ledger.

    REPLACE deletes what stands in its way without asking a trigger, so that a key that is taken is
    refused before.
    """
    refuse = f"SELECT RAISE(ABORT, '{NOT_CHANGED}')"
    is_taken = "SELECT 1 FROM ledger_entry WHERE id = NEW.id OR reversal_of_id = NEW.reversal_of_id"
    is_no_mirror = f"NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({MIRRORED})"
    rows: dict[str, tuple[str, str]] = {
        "not_updated": ("BEFORE UPDATE", refuse),
        "not_deleted": ("BEFORE DELETE", refuse),
        "not_replaced": ("BEFORE INSERT", f"{refuse} WHERE EXISTS ({is_taken})"),
        "reverses_its_mirror": (
            "BEFORE INSERT",
            f"SELECT RAISE(ABORT, '{NO_MIRROR}') WHERE {is_no_mirror}",
        ),
        "keeps_balances": ("AFTER INSERT", "; ".join(KEEP_BALANCES)),
    }
    for name, (when, statement) in rows.items():
        yield f"DROP TRIGGER IF EXISTS ledger_entry_{name}"
        yield (f"CREATE TRIGGER ledger_entry_{name} {when} ON ledger_entry BEGIN {statement}; END")


def _of_postgresql() -> Iterator[str]:
    yield _function("regime_follows", NEW_TOKEN["postgresql"])
    for table in REGIME_TABLES:
        yield f"DROP TRIGGER IF EXISTS regime_follows ON {table}"
        yield (
            f"CREATE TRIGGER regime_follows AFTER {' OR '.join(CHANGES)} OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION regime_follows()"
        )
    yield _function("head_follows", FOLLOW)
    yield "DROP TRIGGER IF EXISTS head_follows ON audit_event"
    yield (
        "CREATE TRIGGER head_follows AFTER INSERT ON audit_event"
        " FOR EACH ROW EXECUTE FUNCTION head_follows()"
    )
    yield from _ledger_of_postgresql()
    yield _function("is_only_added", f"RAISE EXCEPTION '{ONLY_ADDED}'")
    for table in APPEND_ONLY:
        yield f"DROP TRIGGER IF EXISTS {table}_only_added ON {table}"
        yield (
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OF {SAID} OR DELETE OR TRUNCATE"
            f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION is_only_added()"
        )


def _ledger_of_postgresql() -> Iterator[str]:
    yield _function("ledger_is_not_changed", f"RAISE EXCEPTION '{NOT_CHANGED}'")
    yield "DROP TRIGGER IF EXISTS ledger_entry_not_changed ON ledger_entry"
    yield (
        "CREATE TRIGGER ledger_entry_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_not_changed()"
    )
    mirror = (
        f"IF NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({MIRRORED}) THEN"
        f" RAISE EXCEPTION '{NO_MIRROR}'; END IF"
    )
    yield _function("ledger_row", "; ".join((mirror, *KEEP_BALANCES)))
    yield "DROP TRIGGER IF EXISTS ledger_entry_keeps_balances ON ledger_entry"
    yield (
        "CREATE TRIGGER ledger_entry_keeps_balances AFTER INSERT ON ledger_entry"
        " FOR EACH ROW EXECUTE FUNCTION ledger_row()"
    )


def _function(name: str, statement: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN {statement}; RETURN NULL; END $$"
    )
