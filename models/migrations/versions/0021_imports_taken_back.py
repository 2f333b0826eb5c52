"""what an import wrote can be taken back: when it was, and which assignments a file brought"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_import_batch_undone_after_it_was_applied"),
            "undone_at IS NULL OR applied_at IS NOT NULL",
        )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.add_column(sa.Column("import_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_assignment_import_id"), "import_batch", ["import_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint(op.f("fk_assignment_import_id"), type_="foreignkey")
        batch_op.drop_column("import_id")
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_undone_after_it_was_applied"), type_="check")
        batch_op.drop_column("undone_at")
