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


def _function(name: str, statement: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN {statement}; RETURN NULL; END $$"
    )
