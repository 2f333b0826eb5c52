"""months that a person declares complete; days that the other side of a pairing disputes"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
DISPUTED = sa.text("disputed_by_person_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "month_declaration",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("pairing_id", KEY, nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "sent",
                "received",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_declaration")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_month_declaration_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_month_declaration_pairing_id")
        ),
        sa.UniqueConstraint(
            "person_id", "pairing_id", "month", name="uq_month_declaration_one_a_month"
        ),
        sa.CheckConstraint(
            "last_day > month", name=op.f("ck_month_declaration_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "withdrawn_at >= declared_at",
            name=op.f("ck_month_declaration_withdrawn_after_it_was_declared"),
        ),
    )
    op.create_index(
        "ix_month_declaration_of_a_pairing", "month_declaration", ["pairing_id", "month"]
    )
    with op.batch_alter_table("workday") as batch_op:
        batch_op.add_column(sa.Column("disputed_by_person_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_workday_disputed_by_person_id"), "person", ["disputed_by_person_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_workday_not_disputed_by_the_person"), "disputed_by_person_id <> person_id"
        )
        batch_op.create_index(
            "ix_workday_disputed",
            ["pairing_id", "person_id"],
            sqlite_where=DISPUTED,
            postgresql_where=DISPUTED,
        )


def downgrade() -> None:
    with op.batch_alter_table("workday") as batch_op:
        batch_op.drop_index("ix_workday_disputed")
        batch_op.drop_constraint(op.f("ck_workday_not_disputed_by_the_person"), type_="check")
        batch_op.drop_constraint(op.f("fk_workday_disputed_by_person_id"), type_="foreignkey")
        batch_op.drop_column("disputed_by_person_id")
    op.drop_table("month_declaration")
