"""issued documents and the counters of their numbers"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_counter",
        sa.Column(
            "kind",
            sa.Enum("service", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_document_counter")),
    )
    op.create_table(
        "issued_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("service", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("number_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "issued_by_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "issued_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'service') = (assignment_id IS NOT NULL) AND (kind = 'service') = (person_id IS NOT NULL)",
            name=op.f("ck_issued_document_subject_fits_the_kind"),
        ),
        sa.CheckConstraint(
            "(version = 1) = (reason IS NULL)",
            name=op.f("ck_issued_document_superseded_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(version = 1) = (supersedes_id IS NULL)",
            name=op.f("ck_issued_document_first_version_supersedes_nothing"),
        ),
        sa.CheckConstraint(
            "issued_by_person_id <> person_id", name=op.f("ck_issued_document_issued_by_another")
        ),
        sa.CheckConstraint(
            "length(facts_hash) = 32", name=op.f("ck_issued_document_hash_is_sha256")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_issued_document_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_issued_document_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_account_id"],
            ["account.id"],
            name=op.f("fk_issued_document_issued_by_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_person_id"],
            ["person.id"],
            name=op.f("fk_issued_document_issued_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_issued_document_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["issued_document.id"], name=op.f("fk_issued_document_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("assignment_id", "version", name="uq_issued_document_version"),
        sa.UniqueConstraint("kind", "number_year", "number", name="uq_issued_document_number"),
        sa.UniqueConstraint("public_id", name=op.f("uq_issued_document_public_id")),
        sa.UniqueConstraint("supersedes_id", name="uq_issued_document_superseded_once"),
    )
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_issued_document_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_document_person_id"))

    op.drop_table("issued_document")
    op.drop_table("document_counter")
