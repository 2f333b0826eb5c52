"""who closed a work year and opened it again, when and why: a row for each, none is erased"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TOGETHER = sa.text("batch IS NOT NULL")
KINDS = {"work_year.closed": ("closed", "open"), "work_year.reopened": ("reopened", "closed")}

work_years = sa.table(
    "work_year",
    sa.column("id", KEY),
    sa.column("year", sa.Integer),
    sa.column("region_code", sa.String),
    sa.column("state", sa.String),
    sa.column("closed_at", INSTANT),
    sa.column("closed_by_account_id", KEY),
    sa.column("closed_reason", sa.String),
)
decisions = sa.table(
    "work_year_decision",
    sa.column("id", KEY),
    sa.column("work_year_id", KEY),
    sa.column("kind", sa.String),
    sa.column("state_before", sa.String),
    sa.column("state_after", sa.String),
    sa.column("at", INSTANT),
    sa.column("account_id", KEY),
    sa.column("person_id", KEY),
    sa.column("reason", sa.Text),
)
accounts = sa.table("account", sa.column("id", KEY), sa.column("person_id", KEY))
events = sa.table(
    "audit_event",
    sa.column("id", KEY),
    sa.column("at", INSTANT),
    sa.column("account_id", KEY),
    sa.column("event", sa.String),
    sa.column("subject", sa.String),
    sa.column("facts", sa.Text),
)


def state(name: str) -> sa.Enum:
    return sa.Enum(
        "open", "closed", name=name, native_enum=False, create_constraint=True, length=24
    )


def upgrade() -> None:
    op.create_table(
        "work_year_decision",
        sa.Column("work_year_id", KEY, nullable=False),
        sa.Column("state_before", state("state_before"), nullable=True),
        sa.Column("state_after", state("state_after"), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(16), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_year_decision")),
        sa.ForeignKeyConstraint(
            ["work_year_id"], ["work_year.id"], name=op.f("fk_work_year_decision_work_year_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_work_year_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_year_decision_person_id")
        ),
    )
    op.create_index("ix_work_year_decision_history", "work_year_decision", ["work_year_id", "id"])
    op.create_index(
        "ix_work_year_decision_batch",
        "work_year_decision",
        ["batch"],
        sqlite_where=TOGETHER,
        postgresql_where=TOGETHER,
    )
    with op.batch_alter_table("work_year") as batch_op:
        batch_op.add_column(
            sa.Column("state", state("state"), nullable=False, server_default="open")
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        work_years.update().where(work_years.c.closed_at.is_not(None)).values(state="closed")
    )
    _tell_what_was_decided()
    with op.batch_alter_table("work_year") as batch_op:
        batch_op.alter_column("state", server_default=None)
        batch_op.alter_column("version", server_default=None)
        batch_op.drop_constraint(op.f("ck_work_year_closing_has_a_reason"), type_="check")
        batch_op.drop_constraint(op.f("fk_work_year_closed_by_account_id"), type_="foreignkey")
        batch_op.drop_column("closed_by_account_id")
        batch_op.drop_column("closed_reason")
        batch_op.create_check_constraint(
            op.f("ck_work_year_closed_since"), "(state = 'closed') = (closed_at IS NOT NULL)"
        )


def _tell_what_was_decided() -> None:
    """Write the closings that stand, and from the trail those that reopening erased."""
    bind = op.get_bind()
    person_of = dict(bind.execute(sa.select(accounts.c.id, accounts.c.person_id)).all())
    rows = bind.execute(sa.select(work_years)).all()
    known = {(row.year, row.region_code): row.id for row in rows}
    standing = {
        (row.id, row.closed_at): (row.closed_by_account_id, row.closed_reason)
        for row in rows
        if row.closed_at is not None
    }
    found = []
    for event in bind.execute(
        sa.select(events).where(events.c.event.in_(list(KINDS))).order_by(events.c.id)
    ):
        facts = json.loads(event.facts)
        year = int(event.subject.partition(":")[2])
        work_year_id = known.get((year, facts.get("region_code", "CN")))
        if work_year_id is None or (work_year_id, event.at) in standing:
            continue
        kind, before = KINDS[event.event]
        found.append((event.at, work_year_id, kind, before, event.account_id, facts.get("reason")))
    found += [
        (at, work_year_id, "closed", "open", account_id, reason)
        for (work_year_id, at), (account_id, reason) in standing.items()
    ]
    for at, work_year_id, kind, before, account_id, reason in sorted(
        found, key=lambda one: (one[0], one[1])
    ):
        bind.execute(
            decisions.insert().values(
                work_year_id=work_year_id,
                kind=kind,
                state_before=before,
                state_after="closed" if kind == "closed" else "open",
                at=at,
                account_id=account_id,
                person_id=person_of.get(account_id),
                reason=reason,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("work_year") as batch_op:
        batch_op.drop_constraint(op.f("ck_work_year_closed_since"), type_="check")
        batch_op.add_column(sa.Column("closed_by_account_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("closed_reason", sa.String(200), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_work_year_closed_by_account_id"), "account", ["closed_by_account_id"], ["id"]
        )
    for column, name in (("account_id", "closed_by_account_id"), ("reason", "closed_reason")):
        last = (
            sa.select(decisions.c[column])
            .where(decisions.c.work_year_id == work_years.c.id, decisions.c.kind == "closed")
            .order_by(decisions.c.id.desc())
            .limit(1)
            .correlate(work_years)
            .scalar_subquery()
        )
        op.execute(
            work_years.update().where(work_years.c.closed_at.is_not(None)).values({name: last})
        )
    with op.batch_alter_table("work_year") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_work_year_closing_has_a_reason"),
            "(closed_at IS NULL) = (closed_reason IS NULL)",
        )
        batch_op.drop_constraint(op.f("ck_work_year_state"), type_="check")
        batch_op.drop_column("state")
        batch_op.drop_column("version")
    op.drop_table("work_year_decision")
