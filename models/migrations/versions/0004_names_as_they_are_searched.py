"""one stored form of names; the columns by which they are searched and sorted

The forms are those of the portal that runs the migration, on purpose: the columns must equal what
it writes from now on (docs/decisions/0022).
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.names import keys_of_name
from portal.standards.names import stored_name

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PIECE = 1000

BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

TABLES = {
    # With a name of its own kind: the key, further names of people, is it a person.
    "person": ("id", (), True),
    "organisation": ("id", ("legal_representative", "contact_name"), False),
    "region": ("code", (), False),
}


def upgrade() -> None:
    for table, (key, further, is_person) in TABLES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind in (
                ("name_key", sa.Text()),
                ("name_sound", sa.Text()),
                ("name_order", BYTES),
            ):
                batch_op.add_column(sa.Column(name, kind, server_default="", nullable=False))
        _fill(table, key, further, is_person=is_person)
        with op.batch_alter_table(table, schema=None) as batch_op:
            if table != "region":
                batch_op.drop_index(f"ix_{table}_name")
            batch_op.create_index(f"ix_{table}_name_order", ["name_order"], unique=False)


def _fill(table: str, key: str, further: tuple[str, ...], *, is_person: bool) -> None:
    """Write every name in its stored form, and the columns that follow from it."""
    written = ("name", *further, "name_key", "name_sound", "name_order")
    rows = sa.table(table, sa.column(key), *map(sa.column, written))
    change = (
        sa.update(rows)
        .where(rows.c[key] == sa.bindparam("this"))
        .values({name: sa.bindparam(f"new_{name}") for name in written})
    )
    connection = op.get_bind()
    for piece in _pieces(connection, rows, key, further):
        connection.execute(
            change,
            [
                {"this": this, **_new(name, values, further, is_person=is_person)}
                for this, name, *values in piece
            ],
        )


def _pieces(
    connection: sa.Connection, rows: sa.TableClause, key: str, further: tuple[str, ...]
) -> Iterator[list[Any]]:
    wanted = sa.select(rows.c[key], rows.c.name, *(rows.c[name] for name in further))
    wanted = wanted.order_by(rows.c[key]).limit(PIECE)
    piece = list(connection.execute(wanted))
    while piece:
        yield piece
        piece = list(connection.execute(wanted.where(rows.c[key] > piece[-1][0])))


def _new(
    name: str, values: list[str | None], further: tuple[str, ...], *, is_person: bool
) -> dict[str, str | None]:
    # A name of which nothing would be left, or that would need more room, stays as it is.
    stored = stored_name(name)
    if not 0 < len(stored) <= len(name):
        stored = name
    others = {
        one: stored_name(value) or None if value else None
        for one, value in zip(further, values, strict=True)
    }
    new = {"name": stored, **others, **keys_of_name(stored, is_person=is_person)}
    return {f"new_{column}": value for column, value in new.items()}


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f"ix_{table}_name_order")
            if table != "region":
                batch_op.create_index(f"ix_{table}_name", ["name"], unique=False)
            for name in ("name_order", "name_sound", "name_key"):
                batch_op.drop_column(name)
