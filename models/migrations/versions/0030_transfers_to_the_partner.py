"""a sending organisation passes money on to its partner"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OLD_KINDS = (
    "approval",
    "withdrawal",
    "disbursement",
    "receipt",
    "shortfall",
    "surplus",
    "income",
    "expenditure",
    "disallowance",
    "repayment",
    "carry_over",
    "return",
)
OLD_SUBJECTS = ("allocation", "disbursement", "income", "expenditure", "settlement")


def _checks_are(batch_op: BatchOperations, *kinds: str, subjects: tuple[str, ...]) -> None:
    """Say anew of which kinds a row of the ledger is, and that it is of one of some subjects."""
    batch_op.drop_constraint(batch_op.f("ck_ledger_entry_kind"), type_="check")
    batch_op.create_check_constraint(
        batch_op.f("ck_ledger_entry_kind"), sa.column("kind").in_(kinds)
    )
    counted = " + ".join(f"(CASE WHEN {one}_id IS NULL THEN 0 ELSE 1 END)" for one in subjects)
    batch_op.drop_constraint(batch_op.f("ck_ledger_entry_of_one_subject"), type_="check")
    batch_op.create_check_constraint(batch_op.f("ck_ledger_entry_of_one_subject"), f"{counted} = 1")


def upgrade() -> None:
    op.create_table(
        "fund_transfer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "receiving_organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "pairing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "mca_subsidy",
                "provincial",
                "lottery",
                "donation",
                "social",
                "self",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("voucher_number", sa.String(length=60), nullable=False),
        sa.Column("agreement_number", sa.String(length=60), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "paid",
                "confirmed",
                "declined",
                "withdrawn",
                "reversed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "paid_by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "confirmed_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'reversed')) = (received_on IS NOT NULL)",
            name=op.f("ck_fund_transfer_received_on_a_day"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_transfer_of_some_amount")),
        sa.CheckConstraint(
            "length(clause) > 0 AND length(agreement_number) > 0 AND agreed_on <= paid_on",
            name=op.f("ck_fund_transfer_agreed_before_it_is_paid"),
        ),
        sa.CheckConstraint(
            "organisation_id <> receiving_organisation_id",
            name=op.f("ck_fund_transfer_to_another_organisation"),
        ),
        sa.CheckConstraint(
            "paid_by_person_id <> confirmed_by_person_id", name=op.f("ck_fund_transfer_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_person_id"],
            ["person.id"],
            name=op.f("fk_fund_transfer_confirmed_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_transfer_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_person_id"], ["person.id"], name=op.f("fk_fund_transfer_paid_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_fund_transfer_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["receiving_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_fund_transfer_receiving_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_transfer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fund_transfer_public_id")),
    )
    with op.batch_alter_table("fund_transfer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fund_transfer_of_a_year", ["year", "organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fund_transfer_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(
            "ix_fund_transfer_to_a_year", ["year", "receiving_organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_fund_transfer_one_a_voucher",
            ["organisation_id", "year", "voucher_number"],
            unique=True,
            sqlite_where=sa.text("state IN ('paid', 'confirmed')"),
            postgresql_where=sa.text("state IN ('paid', 'confirmed')"),
        )

    op.create_table(
        "fund_transfer_decision",
        sa.Column(
            "transfer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state_before",
            sa.Enum(
                "paid",
                "confirmed",
                "declined",
                "withdrawn",
                "reversed",
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
                "paid",
                "confirmed",
                "declined",
                "withdrawn",
                "reversed",
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
            ["account_id"], ["account.id"], name=op.f("fk_fund_transfer_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_fund_transfer_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_fund_transfer_decision_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["fund_transfer.id"],
            name=op.f("fk_fund_transfer_decision_transfer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_transfer_decision")),
    )
    with op.batch_alter_table("fund_transfer_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fund_transfer_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_fund_transfer_decision_history", ["transfer_id", "id"], unique=False
        )

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "transfer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index("ix_ledger_entry_of_transfer", ["transfer_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_ledger_entry_transfer_id"), "fund_transfer", ["transfer_id"], ["id"]
        )
        _checks_are(batch_op, *OLD_KINDS, "transfer", subjects=(*OLD_SUBJECTS, "transfer"))


def downgrade() -> None:
    # No transfer may be left in the ledger: the CHECK of before does not know it.
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        _checks_are(batch_op, *OLD_KINDS, subjects=OLD_SUBJECTS)
        batch_op.drop_constraint(batch_op.f("fk_ledger_entry_transfer_id"), type_="foreignkey")
        batch_op.drop_index("ix_ledger_entry_of_transfer")
        batch_op.drop_column("transfer_id")

    with op.batch_alter_table("fund_transfer_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_transfer_decision_history")
        batch_op.drop_index(
            "ix_fund_transfer_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("fund_transfer_decision")
    with op.batch_alter_table("fund_transfer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fund_transfer_one_a_voucher",
            sqlite_where=sa.text("state IN ('paid', 'confirmed')"),
            postgresql_where=sa.text("state IN ('paid', 'confirmed')"),
        )
        batch_op.drop_index("ix_fund_transfer_to_a_year")
        batch_op.drop_index(batch_op.f("ix_fund_transfer_pairing_id"))
        batch_op.drop_index("ix_fund_transfer_of_a_year")

    op.drop_table("fund_transfer")
