"""names of files that were kept before numbers of people were left out of them

The rule is that of the portal that runs the migration: what stands is what it would write today.
"""

import sqlalchemy as sa
from alembic import op

from portal.standards.numbers_of_people import holds_number, without_numbers

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NAMES = {
    "certificate_file": "name",
    "person_file": "name",
    "organisation_file": "name",
    "pairing_file": "name",
    "workday_file": "name",
    "import_batch": "file_name",
    "approved_map": "file_name",
}
"""Every table that keeps the name of somebody's file, and its column."""


def upgrade() -> None:
    connection = op.get_bind()
    for table, name in NAMES.items():
        rows = sa.table(table, sa.column("id"), sa.column(name))
        change = (
            sa.update(rows)
            .where(rows.c.id == sa.bindparam("this"))
            .values({name: sa.bindparam("mended")})
        )
        found = [
            {"this": key, "mended": without_numbers(text)}
            for key, text in connection.execute(sa.select(rows.c.id, rows.c[name]))
            if holds_number(text)
        ]
        if found:
            connection.execute(change, found)


def downgrade() -> None:
    """What was left out is kept nowhere."""
