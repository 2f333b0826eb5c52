"""the ledger: allocations, disbursements, income, expenditure, settlements"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


OLD_KINDS = (
    "organisations",
    "people",
    "allocations",
    "pairings",
    "assignments",
    "workdays",
    "accounts",
)


def _kinds_are(*kinds: str) -> None:
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_import_batch_kind"), sa.column("kind").in_(kinds))


def upgrade() -> None:
    _kinds_are(*OLD_KINDS, "funds")
    op.create_table(
        "fund_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
            "kind",
            sa.Enum(
                "outside",
                "difference",
                "approved",
                "transit",
                "cash",
                "spent",
                "to_repay",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "balance_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "balance_fen >= 0 OR kind IN ('outside', 'difference')",
            name=op.f("ck_fund_account_never_below_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_account")),
        sa.UniqueConstraint(
            "organisation_id", "year", "source", "kind", name="uq_fund_account_one_of_a_kind"
        ),
    )
    op.create_table(
        "fund_year_total",
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "approved_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "disbursed_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "subsidy_received_fen",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "province_received_fen",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "received_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "spent_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "to_repay_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "balance_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_fund_year_total_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", name=op.f("pk_fund_year_total")),
    )
    op.create_table(
        "eligibility_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("province_code", sa.String(length=6), nullable=False),
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
            "category",
            sa.Enum(
                "activity",
                "transport",
                "meals",
                "wages",
                "insurance",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_by_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_eligibility_rule_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["region.code"], name=op.f("fk_eligibility_rule_province_code")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_account_id"],
            ["account.id"],
            name=op.f("fk_eligibility_rule_recorded_by_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_rule")),
        sa.UniqueConstraint(
            "province_code",
            "source",
            "category",
            "valid_from",
            "recorded_at",
            name=op.f("uq_eligibility_rule_province_code_source_category_valid_from_recorded_at"),
        ),
    )
    op.create_table(
        "settlement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "pairing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "received_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "spent_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "balance_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "wish",
            sa.Enum(
                "carried_over",
                "returned_to_payer",
                name="wish",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "carried_over",
                "returned_to_payer",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("voucher_number", sa.String(length=60), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "settled",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "submitted_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "settled_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned') OR balance_fen = 0 OR outcome IS NOT NULL",
            name=op.f("ck_settlement_what_is_left_is_decided_on"),
        ),
        sa.CheckConstraint("balance_fen >= 0", name=op.f("ck_settlement_nothing_below_zero")),
        sa.CheckConstraint(
            "submitted_by_person_id <> settled_by_person_id", name=op.f("ck_settlement_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_settlement_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_settlement_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_person_id"], ["person.id"], name=op.f("fk_settlement_settled_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_person_id"],
            ["person.id"],
            name=op.f("fk_settlement_submitted_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("organisation_id", "year", name="uq_settlement_one_a_year"),
        sa.UniqueConstraint("public_id", name=op.f("uq_settlement_public_id")),
    )
    with op.batch_alter_table("settlement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settlement_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "settlement_decision",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state_before",
            sa.Enum(
                "submitted",
                "returned",
                "settled",
                "closed",
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
                "submitted",
                "returned",
                "settled",
                "closed",
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
            ["account_id"], ["account.id"], name=op.f("fk_settlement_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_settlement_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_settlement_decision_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_decision_settlement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_decision")),
    )
    with op.batch_alter_table("settlement_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_settlement_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_settlement_decision_history", ["settlement_id", "id"], unique=False
        )

    op.create_table(
        "expenditure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
            "category",
            sa.Enum(
                "activity",
                "transport",
                "meals",
                "wages",
                "insurance",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "task",
            sa.Enum(
                "t1",
                "t2",
                "t3",
                "t4",
                name="task",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("invoice_number", sa.String(length=60), nullable=True),
        sa.Column("other_reason", sa.Text(), nullable=True),
        sa.Column("route", sa.String(length=120), nullable=True),
        sa.Column("travelled_from", sa.Date(), nullable=True),
        sa.Column("travelled_until", sa.Date(), nullable=True),
        sa.Column(
            "paid_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "returned",
                "withdrawn",
                "booked",
                "sampled",
                "disallowed",
                "repaid",
                "reversed",
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
            "approved_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "booked_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "reviewed_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "import_id IS NOT NULL OR (category = 'other') = (other_reason IS NOT NULL)",
            name=op.f("ck_expenditure_other_has_its_reason"),
        ),
        sa.CheckConstraint(
            "import_id IS NOT NULL OR (category = 'transport') = (route IS NOT NULL) AND (route IS NULL) = (travelled_from IS NULL) AND (route IS NULL) = (travelled_until IS NULL)",
            name=op.f("ck_expenditure_travel_has_its_route_and_dates"),
        ),
        sa.CheckConstraint(
            "import_id IS NOT NULL OR (category = 'wages') = (paid_person_id IS NOT NULL)",
            name=op.f("ck_expenditure_wage_of_somebody"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_expenditure_of_some_amount")),
        sa.CheckConstraint(
            "claimed_by_person_id <> approved_by_person_id",
            name=op.f("ck_expenditure_approved_by_another"),
        ),
        sa.CheckConstraint(
            "claimed_by_person_id <> booked_by_person_id",
            name=op.f("ck_expenditure_booked_by_another"),
        ),
        sa.CheckConstraint(
            "claimed_by_person_id <> reviewed_by_person_id AND booked_by_person_id <> reviewed_by_person_id",
            name=op.f("ck_expenditure_reviewed_by_another"),
        ),
        sa.CheckConstraint(
            "travelled_until >= travelled_from",
            name=op.f("ck_expenditure_travel_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_person_id"],
            ["person.id"],
            name=op.f("fk_expenditure_approved_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["booked_by_person_id"], ["person.id"], name=op.f("fk_expenditure_booked_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_person_id"],
            ["person.id"],
            name=op.f("fk_expenditure_claimed_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_expenditure_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_expenditure_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_person_id"], ["person.id"], name=op.f("fk_expenditure_paid_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_expenditure_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_person_id"],
            ["person.id"],
            name=op.f("fk_expenditure_reviewed_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenditure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_expenditure_public_id")),
    )
    with op.batch_alter_table("expenditure", schema=None) as batch_op:
        batch_op.create_index("ix_expenditure_alike", ["amount_fen", "spent_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_expenditure_claimed_by_person_id"),
            ["claimed_by_person_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_expenditure_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "ix_expenditure_of_a_year", ["year", "organisation_id", "spent_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expenditure_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_expenditure_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "fund_allocation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
        sa.Column("payer", sa.String(length=120), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=True),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "disbursed_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "reduced_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "approved",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "planned_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "approved_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'approved' OR disbursed_fen + reduced_fen = 0",
            name=op.f("ck_fund_allocation_paid_once_it_is_approved"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_allocation_of_some_amount")),
        sa.CheckConstraint(
            "disbursed_fen >= 0 AND reduced_fen >= 0 AND disbursed_fen + reduced_fen <= amount_fen",
            name=op.f("ck_fund_allocation_paid_within_what_is_approved"),
        ),
        sa.CheckConstraint(
            "planned_by_person_id <> approved_by_person_id",
            name=op.f("ck_fund_allocation_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_person_id"],
            ["person.id"],
            name=op.f("fk_fund_allocation_approved_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_fund_allocation_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_fund_allocation_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_fund_allocation_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_person_id"],
            ["person.id"],
            name=op.f("fk_fund_allocation_planned_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_allocation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fund_allocation_public_id")),
    )
    with op.batch_alter_table("fund_allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_allocation_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index(
            "ix_fund_allocation_of_a_year", ["year", "organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fund_allocation_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fund_allocation_pairing_id"), ["pairing_id"], unique=False
        )

    op.create_table(
        "fund_income",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
        sa.Column("payer", sa.String(length=120), nullable=False),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("voucher_number", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "source <> 'mca_subsidy'", name=op.f("ck_fund_income_raised_by_the_organisation")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_income_of_some_amount")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_fund_income_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_income_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_fund_income_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_person_id"],
            ["person.id"],
            name=op.f("fk_fund_income_recorded_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_income")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fund_income_public_id")),
    )
    with op.batch_alter_table("fund_income", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_income_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_fund_income_of_a_year", ["year", "organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_fund_income_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_fund_income_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "disbursement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "allocation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("voucher_number", sa.String(length=60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column(
            "received_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("difference_reason", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "paid",
                "received",
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
            "received_by_person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'received') = (received_on IS NOT NULL) AND (received_on IS NULL) = (received_fen IS NULL)",
            name=op.f("ck_disbursement_received_on_a_day"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_disbursement_of_some_amount")),
        sa.CheckConstraint(
            "paid_by_person_id <> received_by_person_id",
            name=op.f("ck_disbursement_received_by_another"),
        ),
        sa.CheckConstraint("received_fen > 0", name=op.f("ck_disbursement_some_of_it_arrived")),
        sa.CheckConstraint(
            "received_fen IS NULL OR received_fen = amount_fen OR length(difference_reason) > 0",
            name=op.f("ck_disbursement_difference_is_explained"),
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["fund_allocation.id"], name=op.f("fk_disbursement_allocation_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_disbursement_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_person_id"], ["person.id"], name=op.f("fk_disbursement_paid_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_person_id"],
            ["person.id"],
            name=op.f("fk_disbursement_received_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disbursement_public_id")),
    )
    with op.batch_alter_table("disbursement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disbursement_allocation_id"), ["allocation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disbursement_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "uq_disbursement_one_a_voucher",
            ["allocation_id", "voucher_number"],
            unique=True,
            sqlite_where=sa.text("state <> 'reversed'"),
            postgresql_where=sa.text("state <> 'reversed'"),
        )

    op.create_table(
        "expenditure_decision",
        sa.Column(
            "expenditure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state_before",
            sa.Enum(
                "claimed",
                "returned",
                "withdrawn",
                "booked",
                "sampled",
                "disallowed",
                "repaid",
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
                "claimed",
                "returned",
                "withdrawn",
                "booked",
                "sampled",
                "disallowed",
                "repaid",
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
            ["account_id"], ["account.id"], name=op.f("fk_expenditure_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_expenditure_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"],
            ["expenditure.id"],
            name=op.f("fk_expenditure_decision_expenditure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_expenditure_decision_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenditure_decision")),
    )
    with op.batch_alter_table("expenditure_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_expenditure_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_expenditure_decision_history", ["expenditure_id", "id"], unique=False
        )

    op.create_table(
        "expenditure_file",
        sa.Column(
            "expenditure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "stored_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "added_by_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["added_by_account_id"],
            ["account.id"],
            name=op.f("fk_expenditure_file_added_by_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditure.id"], name=op.f("fk_expenditure_file_expenditure_id")
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_expenditure_file_stored_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenditure_file")),
        sa.UniqueConstraint(
            "expenditure_id",
            "stored_file_id",
            name=op.f("uq_expenditure_file_expenditure_id_stored_file_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_expenditure_file_public_id")),
    )
    with op.batch_alter_table("expenditure_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expenditure_file_stored_file_id"), ["stored_file_id"], unique=False
        )

    op.create_table(
        "fund_allocation_decision",
        sa.Column(
            "allocation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state_before",
            sa.Enum(
                "planned",
                "approved",
                "declined",
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
                "planned",
                "approved",
                "declined",
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
            ["account_id"], ["account.id"], name=op.f("fk_fund_allocation_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["fund_allocation.id"],
            name=op.f("fk_fund_allocation_decision_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_fund_allocation_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_fund_allocation_decision_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_allocation_decision")),
    )
    with op.batch_alter_table("fund_allocation_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fund_allocation_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_fund_allocation_decision_history", ["allocation_id", "id"], unique=False
        )

    op.create_table(
        "disbursement_decision",
        sa.Column(
            "disbursement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state_before",
            sa.Enum(
                "paid",
                "received",
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
                "received",
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
            ["account_id"], ["account.id"], name=op.f("fk_disbursement_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_person_id"],
            ["person.id"],
            name=op.f("fk_disbursement_decision_deputy_for_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["disbursement_id"],
            ["disbursement.id"],
            name=op.f("fk_disbursement_decision_disbursement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_disbursement_decision_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_decision")),
    )
    with op.batch_alter_table("disbursement_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_disbursement_decision_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_disbursement_decision_history", ["disbursement_id", "id"], unique=False
        )

    op.create_table(
        "expenditure_workday",
        sa.Column(
            "expenditure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "workday_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"],
            ["expenditure.id"],
            name=op.f("fk_expenditure_workday_expenditure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workday_id"], ["workday.id"], name=op.f("fk_expenditure_workday_workday_id")
        ),
        sa.PrimaryKeyConstraint(
            "expenditure_id", "workday_id", name=op.f("pk_expenditure_workday")
        ),
    )
    with op.batch_alter_table("expenditure_workday", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expenditure_workday_workday_id"), ["workday_id"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
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
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "debit_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "credit_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "allocation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "disbursement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("income_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "expenditure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "reversal_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(CASE WHEN allocation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN disbursement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN income_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN expenditure_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN settlement_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_ledger_entry_of_one_subject"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_ledger_entry_of_some_amount")),
        sa.CheckConstraint(
            "debit_account_id <> credit_account_id",
            name=op.f("ck_ledger_entry_between_two_accounts"),
        ),
        sa.CheckConstraint("reversal_of_id <> id", name=op.f("ck_ledger_entry_reverses_another")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ledger_entry_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["fund_allocation.id"], name=op.f("fk_ledger_entry_allocation_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_id"],
            ["fund_account.id"],
            name=op.f("fk_ledger_entry_credit_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_id"], ["fund_account.id"], name=op.f("fk_ledger_entry_debit_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["disbursement_id"], ["disbursement.id"], name=op.f("fk_ledger_entry_disbursement_id")
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditure.id"], name=op.f("fk_ledger_entry_expenditure_id")
        ),
        sa.ForeignKeyConstraint(
            ["income_id"], ["fund_income.id"], name=op.f("fk_ledger_entry_income_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_of_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reversal_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_ledger_entry_settlement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("reversal_of_id", name="uq_ledger_entry_reversed_once"),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entry_credit", ["credit_account_id", "id"], unique=False)
        batch_op.create_index("ix_ledger_entry_debit", ["debit_account_id", "id"], unique=False)
        batch_op.create_index("ix_ledger_entry_of_allocation", ["allocation_id"], unique=False)
        batch_op.create_index("ix_ledger_entry_of_disbursement", ["disbursement_id"], unique=False)
        batch_op.create_index("ix_ledger_entry_of_expenditure", ["expenditure_id"], unique=False)
        batch_op.create_index("ix_ledger_entry_of_income", ["income_id"], unique=False)
        batch_op.create_index("ix_ledger_entry_of_settlement", ["settlement_id"], unique=False)


def downgrade() -> None:
    # No import of money may be left: the CHECK of before does not know it.
    _kinds_are(*OLD_KINDS)
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_of_settlement")
        batch_op.drop_index("ix_ledger_entry_of_income")
        batch_op.drop_index("ix_ledger_entry_of_expenditure")
        batch_op.drop_index("ix_ledger_entry_of_disbursement")
        batch_op.drop_index("ix_ledger_entry_of_allocation")
        batch_op.drop_index("ix_ledger_entry_debit")
        batch_op.drop_index("ix_ledger_entry_credit")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("expenditure_workday", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expenditure_workday_workday_id"))

    op.drop_table("expenditure_workday")
    with op.batch_alter_table("disbursement_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_disbursement_decision_history")
        batch_op.drop_index(
            "ix_disbursement_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("disbursement_decision")
    with op.batch_alter_table("fund_allocation_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_allocation_decision_history")
        batch_op.drop_index(
            "ix_fund_allocation_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("fund_allocation_decision")
    with op.batch_alter_table("expenditure_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expenditure_file_stored_file_id"))

    op.drop_table("expenditure_file")
    with op.batch_alter_table("expenditure_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_expenditure_decision_history")
        batch_op.drop_index(
            "ix_expenditure_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("expenditure_decision")
    with op.batch_alter_table("disbursement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_disbursement_one_a_voucher",
            sqlite_where=sa.text("state <> 'reversed'"),
            postgresql_where=sa.text("state <> 'reversed'"),
        )
        batch_op.drop_index(batch_op.f("ix_disbursement_import_id"))
        batch_op.drop_index(batch_op.f("ix_disbursement_allocation_id"))

    op.drop_table("disbursement")
    with op.batch_alter_table("fund_income", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_income_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_fund_income_organisation_id"))
        batch_op.drop_index("ix_fund_income_of_a_year")
        batch_op.drop_index(batch_op.f("ix_fund_income_import_id"))

    op.drop_table("fund_income")
    with op.batch_alter_table("fund_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_allocation_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_fund_allocation_organisation_id"))
        batch_op.drop_index("ix_fund_allocation_of_a_year")
        batch_op.drop_index(batch_op.f("ix_fund_allocation_import_id"))

    op.drop_table("fund_allocation")
    with op.batch_alter_table("expenditure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expenditure_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_expenditure_organisation_id"))
        batch_op.drop_index("ix_expenditure_of_a_year")
        batch_op.drop_index(batch_op.f("ix_expenditure_import_id"))
        batch_op.drop_index(batch_op.f("ix_expenditure_claimed_by_person_id"))
        batch_op.drop_index("ix_expenditure_alike")

    op.drop_table("expenditure")
    with op.batch_alter_table("settlement_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_settlement_decision_history")
        batch_op.drop_index(
            "ix_settlement_decision_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )

    op.drop_table("settlement_decision")
    with op.batch_alter_table("settlement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlement_pairing_id"))

    op.drop_table("settlement")
    op.drop_table("eligibility_rule")
    op.drop_table("fund_year_total")
    op.drop_table("fund_account")
