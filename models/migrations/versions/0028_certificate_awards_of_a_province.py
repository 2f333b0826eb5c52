"""certificate awards of a province"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("province_code", sa.String(length=6), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "assistant",
                "intermediate",
                "senior",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_by_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_award_rule_of_some_amount")),
        sa.CheckConstraint(
            "is_given OR amount_fen IS NULL", name=op.f("ck_award_rule_no_amount_of_nothing")
        ),
        sa.CheckConstraint("length(document) > 0", name=op.f("ck_award_rule_by_a_document")),
        sa.CheckConstraint(
            "notice_days BETWEEN 1 AND 60", name=op.f("ck_award_rule_some_days_of_notice")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["region.code"], name=op.f("fk_award_rule_province_code")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_account_id"],
            ["account.id"],
            name=op.f("fk_award_rule_recorded_by_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_rule")),
        sa.UniqueConstraint(
            "province_code",
            "level",
            "valid_from",
            "recorded_at",
            name=op.f("uq_award_rule_province_code_level_valid_from_recorded_at"),
        ),
    )
    op.create_table(
        "certificate_award",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("province_code", sa.String(length=6), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "assistant",
                "intermediate",
                "senior",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("certificate_number", sa.String(length=60), nullable=False),
        sa.Column("certificate_issued_on", sa.Date(), nullable=False),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "verified",
                "publicised",
                "paid",
                "rejected",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "claimed_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "verified_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "publicised_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("publicised_on", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("notice_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "paid_by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("voucher_number", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_on IS NOT NULL) AND (paid_on IS NULL) = (voucher_number IS NULL)",
            name=op.f("ck_certificate_award_paid_on_a_day"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('publicised', 'paid') OR publicised_on IS NOT NULL",
            name=op.f("ck_certificate_award_publicised_before_it_is_paid"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('verified', 'publicised', 'paid') OR verified_at IS NOT NULL",
            name=op.f("ck_certificate_award_verified_before_it_goes_on"),
        ),
        sa.CheckConstraint(
            "(publicised_on IS NULL) = (notice_until IS NULL) AND (notice_until IS NULL) = (notice_ends_at IS NULL)",
            name=op.f("ck_certificate_award_notice_has_an_end"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_certificate_award_of_some_amount")),
        sa.CheckConstraint(
            "claimed_by_person_id <> paid_by_person_id",
            name=op.f("ck_certificate_award_paid_by_another"),
        ),
        sa.CheckConstraint(
            "claimed_by_person_id <> publicised_by_person_id",
            name=op.f("ck_certificate_award_publicised_by_another"),
        ),
        sa.CheckConstraint(
            "claimed_by_person_id <> verified_by_person_id",
            name=op.f("ck_certificate_award_verified_by_another"),
        ),
        sa.CheckConstraint(
            "notice_until > publicised_on",
            name=op.f("ck_certificate_award_notice_ends_after_it_begins"),
        ),
        sa.CheckConstraint(
            "paid_on > notice_until", name=op.f("ck_certificate_award_paid_after_the_notice")
        ),
        sa.CheckConstraint(
            "person_id <> paid_by_person_id",
            name=op.f("ck_certificate_award_not_paid_by_its_person"),
        ),
        sa.CheckConstraint(
            "person_id <> publicised_by_person_id",
            name=op.f("ck_certificate_award_not_publicised_by_its_person"),
        ),
        sa.CheckConstraint(
            "person_id <> verified_by_person_id",
            name=op.f("ck_certificate_award_not_verified_by_its_person"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_person_id"],
            ["person.id"],
            name=op.f("fk_certificate_award_claimed_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_certificate_award_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_person_id"],
            ["person.id"],
            name=op.f("fk_certificate_award_paid_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_award_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["region.code"], name=op.f("fk_certificate_award_province_code")
        ),
        sa.ForeignKeyConstraint(
            ["publicised_by_person_id"],
            ["person.id"],
            name=op.f("fk_certificate_award_publicised_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["award_rule.id"], name=op.f("fk_certificate_award_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_person_id"],
            ["person.id"],
            name=op.f("fk_certificate_award_verified_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_award")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_award_public_id")),
    )
    with op.batch_alter_table("certificate_award", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificate_award_of_a_province", ["province_code", "state", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_award_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_certificate_award_once_a_level",
            ["person_id", "level"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
        )
        batch_op.create_index(
            "uq_certificate_award_once_a_number",
            ["certificate_number"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
        )

    op.create_table(
        "certificate_award_decision",
        sa.Column("award_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state_before",
            sa.Enum(
                "claimed",
                "verified",
                "publicised",
                "paid",
                "rejected",
                "withdrawn",
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
                "claimed",
                "verified",
                "publicised",
                "paid",
                "rejected",
                "withdrawn",
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
            ["account_id"], ["account.id"], name=op.f("fk_certificate_award_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["certificate_award.id"],
            name=op.f("fk_certificate_award_decision_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_certificate_award_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_award_decision_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_award_decision")),
    )
    with op.batch_alter_table("certificate_award_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificate_award_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_certificate_award_decision_history", ["award_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("certificate_award_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_award_decision_history")
        batch_op.drop_index(
            "ix_certificate_award_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("certificate_award_decision")
    with op.batch_alter_table("certificate_award", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_award_once_a_number",
            sqlite_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
        )
        batch_op.drop_index(
            "uq_certificate_award_once_a_level",
            sqlite_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_award_organisation_id"))
        batch_op.drop_index("ix_certificate_award_of_a_province")

    op.drop_table("certificate_award")
    op.drop_table("award_rule")
