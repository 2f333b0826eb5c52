"""an expenditure says why it has no voucher, when it was approved, when it was paid back"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("expenditure") as batch_op:
        batch_op.add_column(sa.Column("no_voucher_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("repaid_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("repayment_voucher", sa.String(60), nullable=True))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_expenditure_repaid_on_a_day"),
            "(state = 'repaid') = (repaid_on IS NOT NULL)"
            " AND (repaid_on IS NULL) = (repayment_voucher IS NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("expenditure") as batch_op:
        batch_op.drop_constraint(op.f("ck_expenditure_repaid_on_a_day"), type_="check")
        batch_op.drop_column("approved_at")
        batch_op.drop_column("repayment_voucher")
        batch_op.drop_column("repaid_on")
        batch_op.drop_column("no_voucher_reason")
