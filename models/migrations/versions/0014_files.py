"""attached files"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SUBJECTS = ("certificate", "organisation", "pairing", "person", "workday")


def bigint() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", bigint(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "jpeg",
                "png",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_stored_file_is_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_stored_file_content_hash")),
    )
    for subject in SUBJECTS:
        create_files_of(subject)


def create_files_of(subject: str) -> None:
    table, owner = f"{subject}_file", f"{subject}_id"
    op.create_table(
        table,
        sa.Column(owner, bigint(), nullable=False),
        sa.Column("id", bigint(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("stored_file_id", bigint(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_account_id", bigint(), nullable=True),
        sa.ForeignKeyConstraint(
            [owner],
            [f"{subject}.id"],
            name=op.f(f"fk_{table}_{owner}"),
            ondelete="CASCADE" if subject == "workday" else None,
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f(f"fk_{table}_stored_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_account_id"], ["account.id"], name=op.f(f"fk_{table}_added_by_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        sa.UniqueConstraint(
            owner, "stored_file_id", name=op.f(f"uq_{table}_{owner}_stored_file_id")
        ),
    )
    op.create_index(op.f(f"ix_{table}_stored_file_id"), table, ["stored_file_id"])


def downgrade() -> None:
    for subject in reversed(SUBJECTS):
        op.drop_table(f"{subject}_file")
    op.drop_table("stored_file")
