"""a message may tell of a role that was lent, or ended"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE = "ck_message_tells_one_thing"
FORMER = "(job_id IS NULL) <> (workday_decision_id IS NULL)"
TELLS_ONE = (
    "CASE WHEN job_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN workday_decision_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN role_grant_decision_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("role_grant_decision_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_message_role_grant_decision_id"),
            "role_grant_decision",
            ["role_grant_decision_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_index(op.f("ix_message_role_grant_decision_id"), ["role_grant_decision_id"])
        batch_op.drop_constraint(op.f(ONE), type_="check")
        batch_op.create_check_constraint(op.f(ONE), TELLS_ONE)


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE role_grant_decision_id IS NOT NULL")
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_constraint(op.f(ONE), type_="check")
        batch_op.create_check_constraint(op.f(ONE), FORMER)
        batch_op.drop_index(op.f("ix_message_role_grant_decision_id"))
        batch_op.drop_constraint(op.f("fk_message_role_grant_decision_id"), type_="foreignkey")
        batch_op.drop_column("role_grant_decision_id")
