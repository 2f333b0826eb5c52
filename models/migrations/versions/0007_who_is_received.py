"""received people who do not count as professionals, beside those who do"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pairing_year_total") as batch_op:
        # Everybody counted until now: the rule came with this release.
        batch_op.add_column(
            sa.Column(
                "unqualified_received_staff", sa.Integer(), nullable=False, server_default="0"
            )
        )
    with op.batch_alter_table("pairing_year_total") as batch_op:
        batch_op.alter_column("unqualified_received_staff", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("pairing_year_total") as batch_op:
        batch_op.drop_column("unqualified_received_staff")
