"""who brought a record in: a person, or the operator of the server and nobody else"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IMPORTER = """
SELECT account.person_id FROM import_batch JOIN account ON account.id = import_batch.account_id
WHERE import_batch.id = workday.import_id"""

NOTE_SELF_DECIDED = f"""
INSERT INTO workday_decision (workday_id, state_after, at, reason)
SELECT workday.id, workday.state, :now, '系统升级：由导入人自行办结的日志按原状态保留，请抽查'
FROM workday WHERE workday.entered_by_person_id IS NULL
  AND ({IMPORTER}) IN (workday.confirmed_by_person_id, workday.approved_by_person_id)"""  # noqa: S608 - no word of it comes from outside
"""What an importer decided alone, under the rules of then, stands: totals of closed years are not
changed by an upgrade. It stands as the operator's, who upgrades, and its history says so."""

DROP_OWN_SIGNATURE = f"""
UPDATE workday SET {{column}} = NULL
WHERE entered_by_person_id IS NULL AND {{column}} = ({IMPORTER})"""  # noqa: S608 - as above

NAME_IMPORTER = f"""
UPDATE workday SET entered_by_person_id = ({IMPORTER})
WHERE entered_by_person_id IS NULL AND import_id IS NOT NULL"""  # noqa: S608 - as above


STATES = ("draft", "submitted", "confirmed", "approved", "returned", "superseded")
CLAIMED = sa.text("claimed_state IS NOT NULL")


def upgrade() -> None:
    op.add_column("workday", _flag("entered_by_operator"))
    op.add_column("assignment", _flag("nominated_by_operator"))
    now = sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))
    op.execute(sa.text(NOTE_SELF_DECIDED).bindparams(now))
    for column in ("confirmed_by_person_id", "approved_by_person_id"):
        op.execute(DROP_OWN_SIGNATURE.format(column=column))
    op.execute(NAME_IMPORTER)
    op.execute("UPDATE workday SET entered_by_operator = (entered_by_person_id IS NULL)")
    op.execute("UPDATE assignment SET nominated_by_operator = (nominated_by_person_id IS NULL)")
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.alter_column(
            "nominated_by_operator", existing_type=sa.Boolean(), server_default=None
        )
        batch_op.create_check_constraint(
            op.f("ck_assignment_nominated_by_a_person_or_the_operator"),
            "(nominated_by_person_id IS NULL) = nominated_by_operator",
        )
    with op.batch_alter_table("workday") as batch_op:
        batch_op.alter_column(
            "entered_by_operator", existing_type=sa.Boolean(), server_default=None
        )
        batch_op.add_column(
            sa.Column(
                "claimed_state",
                sa.Enum(
                    *STATES,
                    name="claimed_state",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.create_check_constraint(
            op.f("ck_workday_entered_by_a_person_or_the_operator"),
            "(entered_by_person_id IS NULL) = entered_by_operator",
        )
        batch_op.create_check_constraint(
            op.f("ck_workday_claim_waits_for_a_second_person"),
            "claimed_state IS NULL OR (import_id IS NOT NULL AND entered_by_person_id IS NOT NULL"
            " AND state IN ('submitted', 'superseded'))",
        )
        batch_op.create_index(
            "ix_workday_claimed",
            ["import_id", "state"],
            sqlite_where=CLAIMED,
            postgresql_where=CLAIMED,
        )


def downgrade() -> None:
    with op.batch_alter_table("workday") as batch_op:
        batch_op.drop_index("ix_workday_claimed")
        batch_op.drop_constraint(op.f("ck_workday_claim_waits_for_a_second_person"), type_="check")
        batch_op.drop_constraint(
            op.f("ck_workday_entered_by_a_person_or_the_operator"), type_="check"
        )
        batch_op.drop_constraint(op.f("ck_workday_claimed_state"), type_="check")
        batch_op.drop_column("claimed_state")
        batch_op.drop_column("entered_by_operator")
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint(
            op.f("ck_assignment_nominated_by_a_person_or_the_operator"), type_="check"
        )
        batch_op.drop_column("nominated_by_operator")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
