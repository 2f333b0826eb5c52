"""what a file wrote into people, organisations, pairings and allocations can be taken back, and by whom it was"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

REGISTERS = ("organisation", "person", "pairing", "allocation")


def upgrade() -> None:
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.add_column(sa.Column("undone_by_account_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_import_batch_undone_by_account_id"),
            "account",
            ["undone_by_account_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_import_batch_undone_by_somebody"),
            "undone_by_account_id IS NULL OR undone_at IS NOT NULL",
        )
    op.create_table(
        "imported_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        *(sa.Column(f"{name}_id", KEY, nullable=True) for name in REGISTERS),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("sealed_before", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint("public_id", name=op.f("uq_imported_row_public_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_imported_row_import_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{name}.id"],
                name=op.f(f"fk_imported_row_{name}_id"),
                ondelete="CASCADE",
            )
            for name in REGISTERS
        ),
        sa.CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN allocation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_imported_row_of_one_register"),
        ),
    )
    for name in ("import", *REGISTERS):
        op.create_index(op.f(f"ix_imported_row_{name}_id"), "imported_row", [f"{name}_id"])


def downgrade() -> None:
    op.drop_table("imported_row")
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_undone_by_somebody"), type_="check")
        batch_op.drop_constraint(op.f("fk_import_batch_undone_by_account_id"), type_="foreignkey")
        batch_op.drop_column("undone_by_account_id")
