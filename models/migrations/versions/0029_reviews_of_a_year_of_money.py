"""reviews of the money of an organisation and year"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "question",
            sa.Enum(
                "idle",
                "early",
                "round",
                "surge",
                "payee",
                "no_invoice",
                "without_days",
                name="question",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("facts", sa.String(length=64), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("mend_by", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                "to_mend",
                "explained",
                "referred",
                "noted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "opened_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "answered_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "decided_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'to_mend' OR mend_by IS NOT NULL", name=op.f("ck_fund_review_mended_by_a_day")
        ),
        sa.CheckConstraint(
            "(question IS NULL) = (facts IS NULL)",
            name=op.f("ck_fund_review_question_has_its_facts"),
        ),
        sa.CheckConstraint(
            "answered_by_person_id <> decided_by_person_id", name=op.f("ck_fund_review_by_another")
        ),
        sa.CheckConstraint("length(found) > 0", name=op.f("ck_fund_review_says_what_was_found")),
        sa.ForeignKeyConstraint(
            ["answered_by_person_id"],
            ["person.id"],
            name=op.f("fk_fund_review_answered_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"],
            ["person.id"],
            name=op.f("fk_fund_review_decided_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_person_id"], ["person.id"], name=op.f("fk_fund_review_opened_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_review_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_review")),
        sa.UniqueConstraint(
            "organisation_id", "year", "question", "facts", name="uq_fund_review_asked_once"
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_fund_review_public_id")),
    )
    with op.batch_alter_table("fund_review", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fund_review_of_a_year", ["year", "organisation_id", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fund_review_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "fund_review_decision",
        sa.Column(
            "review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state_before",
            sa.Enum(
                "asked",
                "answered",
                "to_mend",
                "explained",
                "referred",
                "noted",
                name="state_before",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "state_after",
            sa.Enum(
                "asked",
                "answered",
                "to_mend",
                "explained",
                "referred",
                "noted",
                name="state_after",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "deputy_for_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_fund_review_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_fund_review_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_fund_review_decision_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["fund_review.id"], name=op.f("fk_fund_review_decision_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_review_decision")),
    )
    with op.batch_alter_table("fund_review_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fund_review_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index("ix_fund_review_decision_history", ["review_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fund_review_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_review_decision_history")
        batch_op.drop_index(
            "ix_fund_review_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("fund_review_decision")
    with op.batch_alter_table("fund_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_review_organisation_id"))
        batch_op.drop_index("ix_fund_review_of_a_year")

    op.drop_table("fund_review")
