"""what the pace of days is reckoned with, in the totals of people and pairings"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBERS = (
    "sent_undecided_centidays",
    "received_undecided_centidays",
    "sent_people",
    "received_people",
    "working_days_before",
    "working_days_through",
)
# Whoever upgrades adds all totals up anew (portal/commands.py): what stands here is never read.
LONG_AGO = "1970-01-01"


def upgrade() -> None:
    with op.batch_alter_table("person_year_total") as batch_op:
        batch_op.add_column(
            sa.Column("undecided_centidays", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("pairing_year_total") as batch_op:
        for name in NUMBERS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("ends_on", sa.Date(), nullable=False, server_default=LONG_AGO)
        )
    with op.batch_alter_table("person_year_total") as batch_op:
        batch_op.alter_column("undecided_centidays", server_default=None)
    with op.batch_alter_table("pairing_year_total") as batch_op:
        for name in (*NUMBERS, "ends_on"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("pairing_year_total") as batch_op:
        for name in (*NUMBERS, "ends_on"):
            batch_op.drop_column(name)
    with op.batch_alter_table("person_year_total") as batch_op:
        batch_op.drop_column("undecided_centidays")
