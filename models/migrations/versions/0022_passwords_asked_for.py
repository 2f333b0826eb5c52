"""a new password is asked for, and accounts come by a file"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WAITING = sa.text("settled_at IS NULL")
FORMER = ("organisations", "people", "allocations", "pairings", "assignments", "workdays")


def upgrade() -> None:
    op.create_table(
        "password_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_request")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_request_account_id")
        ),
    )
    op.create_index(
        "uq_password_request_waiting",
        "password_request",
        ["account_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "imported_account",
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_imported_account")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_imported_account_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_imported_account_import_id")
        ),
    )
    op.create_index(op.f("ix_imported_account_import_id"), "imported_account", ["import_id"])
    _let_imports_be_of((*FORMER, "accounts"))


def _let_imports_be_of(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_import_batch_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    op.drop_table("imported_account")
    op.execute("DELETE FROM import_batch WHERE kind = 'accounts'")
    _let_imports_be_of(FORMER)
    op.drop_table("password_request")
