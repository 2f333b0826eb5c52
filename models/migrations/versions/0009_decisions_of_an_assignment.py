"""what was decided together on assignments, from which state, and the version that it left"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = ("nominated", "approved", "rejected")
TOGETHER = "batch IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("assignment_decision") as batch_op:
        batch_op.add_column(
            sa.Column(
                "state_before",
                sa.Enum(
                    *STATES,
                    name="state_before",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("version_after", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("batch", sa.String(16), nullable=True))
        batch_op.create_index(
            "ix_assignment_decision_batch",
            ["batch"],
            sqlite_where=sa.text(TOGETHER),
            postgresql_where=sa.text(TOGETHER),
        )


def downgrade() -> None:
    with op.batch_alter_table("assignment_decision") as batch_op:
        batch_op.drop_index("ix_assignment_decision_batch")
        batch_op.drop_column("batch")
        batch_op.drop_column("version_after")
        batch_op.drop_constraint(op.f("ck_assignment_decision_state_before"), type_="check")
        batch_op.drop_column("state_before")
