"""代理: a role lent for some dates, and in whose place a decision was taken"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = "state IN ('proposed', 'confirmed')"
LIVE_OWN = "state IN ('proposed', 'confirmed') AND deputy_of_grant_id IS NULL"
LIVE_DEPUTY = "state = 'confirmed' AND deputy_of_grant_id IS NOT NULL"
DECISIONS = (
    "assignment_decision",
    "pairing_decision",
    "role_grant_decision",
    "work_year_decision",
    "workday_decision",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in DECISIONS:
        key = f"fk_{table}_deputy_for_person_id"
        if is_sqlite:
            # In place: made anew, a table of a hundred thousand decisions would be copied.
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN deputy_for_person_id INTEGER"
                f" CONSTRAINT {key} REFERENCES person (id)"
            )
            continue
        op.add_column(table, sa.Column("deputy_for_person_id", KEY, nullable=True))
        op.create_foreign_key(op.f(key), table, "person", ["deputy_for_person_id"], ["id"])
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.add_column(sa.Column("deputy_of_grant_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_role_grant_deputy_of_grant_id"), "role_grant", ["deputy_of_grant_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_role_grant_a_deputy_has_dates"),
            "(deputy_of_grant_id IS NULL) = (starts_on IS NULL)"
            " AND (deputy_of_grant_id IS NULL) = (ends_on IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_role_grant_deputy_ends_after_it_starts"), "starts_on <= ends_on"
        )
        batch_op.create_check_constraint(
            op.f("ck_role_grant_a_deputy_is_somebody_else"),
            "deputy_of_grant_id IS NULL OR person_id <> proposed_by_person_id",
        )
        batch_op.drop_index("uq_role_grant_live")
        batch_op.create_index(
            "uq_role_grant_live",
            ["account_id", "role", "scope_code"],
            unique=True,
            sqlite_where=sa.text(LIVE_OWN),
            postgresql_where=sa.text(LIVE_OWN),
        )
        batch_op.create_index(
            "uq_role_grant_one_deputy",
            ["deputy_of_grant_id"],
            unique=True,
            sqlite_where=sa.text(LIVE_DEPUTY),
            postgresql_where=sa.text(LIVE_DEPUTY),
        )


def downgrade() -> None:
    # A former release knows no deputies: what was lent is held by nobody any more.
    op.execute(
        "DELETE FROM role_grant_decision WHERE role_grant_id IN"
        " (SELECT id FROM role_grant WHERE deputy_of_grant_id IS NOT NULL)"
    )
    op.execute("DELETE FROM role_grant WHERE deputy_of_grant_id IS NOT NULL")
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.drop_index("uq_role_grant_one_deputy")
        batch_op.drop_index("uq_role_grant_live")
        for name in (
            "a_deputy_has_dates",
            "deputy_ends_after_it_starts",
            "a_deputy_is_somebody_else",
        ):
            batch_op.drop_constraint(op.f(f"ck_role_grant_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_role_grant_deputy_of_grant_id"), type_="foreignkey")
        for name in ("deputy_of_grant_id", "starts_on", "ends_on"):
            batch_op.drop_column(name)
        batch_op.create_index(
            "uq_role_grant_live",
            ["account_id", "role", "scope_code"],
            unique=True,
            sqlite_where=sa.text(LIVE),
            postgresql_where=sa.text(LIVE),
        )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in DECISIONS:
        with op.batch_alter_table(table) as batch_op:
            if not is_sqlite:  # there the key goes with its column
                batch_op.drop_constraint(
                    op.f(f"fk_{table}_deputy_for_person_id"), type_="foreignkey"
                )
            batch_op.drop_column("deputy_for_person_id")
