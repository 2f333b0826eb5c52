"""what was done to a working day, from which state, what was decided together, the version it left"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = ("draft", "submitted", "confirmed", "approved", "returned", "superseded")
TOGETHER = "batch IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("workday_decision") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(30), nullable=True))
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
    # A former release kept the state after and, of what was no plain step, a reason of its own.
    op.execute(
        """
        UPDATE workday_decision SET kind = CASE
            WHEN reason = '撤销确认' THEN 'confirmed_undone'
            WHEN reason = '撤销核准' THEN 'approved_undone'
            WHEN reason = '撤销退回' THEN 'returned_undone'
            WHEN reason = '填报人撤回修改' THEN 'recalled'
            WHEN reason = '填报人作废' THEN 'given_up'
            WHEN reason LIKE '批量导入：%' THEN 'imported'
            WHEN reason LIKE '更正条目 % 的核准已撤销' THEN 'reinstated'
            WHEN reason LIKE '系统升级：%' THEN 'kept'
            WHEN state_after = 'draft' THEN 'drafted'
            ELSE state_after
        END
        """
    )
    with op.batch_alter_table("workday_decision") as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(30), nullable=False)
        batch_op.create_index(
            "ix_workday_decision_batch",
            ["batch"],
            sqlite_where=sa.text(TOGETHER),
            postgresql_where=sa.text(TOGETHER),
        )


def downgrade() -> None:
    with op.batch_alter_table("workday_decision") as batch_op:
        batch_op.drop_index("ix_workday_decision_batch")
        batch_op.drop_column("batch")
        batch_op.drop_column("version_after")
        batch_op.drop_constraint(op.f("ck_workday_decision_state_before"), type_="check")
        batch_op.drop_column("state_before")
        batch_op.drop_column("kind")
