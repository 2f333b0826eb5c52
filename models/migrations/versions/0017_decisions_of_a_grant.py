"""the life of a grant: its state, the persons who stand in it, and a row for each decision"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TOGETHER = sa.text("batch IS NOT NULL")
LIVE = sa.text("state IN ('proposed', 'confirmed')")
NOT_REVOKED = sa.text("revoked_at IS NULL")
PERSONS = ("person_id", "proposed_by_person_id", "confirmed_by_person_id")
ACCOUNTS = ("proposed_by_account_id", "confirmed_by_account_id")

grants = sa.table(
    "role_grant",
    sa.column("id", KEY),
    sa.column("account_id", KEY),
    sa.column("state", sa.String),
    sa.column("proposed_at", INSTANT),
    sa.column("confirmed_at", INSTANT),
    sa.column("revoked_at", INSTANT),
    sa.column("version", sa.Integer),
    *(sa.column(name, KEY) for name in (*PERSONS, *ACCOUNTS)),
)
decisions = sa.table(
    "role_grant_decision",
    sa.column("id", KEY),
    sa.column("role_grant_id", KEY),
    sa.column("kind", sa.String),
    sa.column("state_before", sa.String),
    sa.column("state_after", sa.String),
    sa.column("at", INSTANT),
    sa.column("account_id", KEY),
    sa.column("person_id", KEY),
)
accounts = sa.table("account", sa.column("id", KEY), sa.column("person_id", KEY))
events = sa.table(
    "audit_event",
    sa.column("id", KEY),
    sa.column("account_id", KEY),
    sa.column("event", sa.String),
    sa.column("facts", sa.Text),
)


def state(name: str) -> sa.Enum:
    return sa.Enum(
        "proposed",
        "confirmed",
        "declined",
        "revoked",
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
    )


def upgrade() -> None:
    op.create_table(
        "role_grant_decision",
        sa.Column("role_grant_id", KEY, nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant_decision")),
        sa.ForeignKeyConstraint(
            ["role_grant_id"], ["role_grant.id"], name=op.f("fk_role_grant_decision_role_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_decision_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_decision_person_id")
        ),
    )
    op.create_index(
        op.f("ix_role_grant_decision_role_grant_id"), "role_grant_decision", ["role_grant_id"]
    )
    op.create_index(
        "ix_role_grant_decision_batch",
        "role_grant_decision",
        ["batch"],
        sqlite_where=TOGETHER,
        postgresql_where=TOGETHER,
    )
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.add_column(
            sa.Column("state", state("state"), nullable=False, server_default="proposed")
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        for name in PERSONS:
            batch_op.add_column(sa.Column(name, KEY, nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_role_grant_{name}"), "person", [name], ["id"])
    _tell_what_was_decided()
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.drop_index("uq_role_grant_live")
        batch_op.drop_constraint(op.f("ck_role_grant_confirmed_by_another"), type_="check")
        for name in ACCOUNTS:
            batch_op.drop_constraint(op.f(f"fk_role_grant_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("revoked_at")
        batch_op.alter_column("state", server_default=None)
        batch_op.alter_column("version", server_default=None)
        batch_op.alter_column("person_id", existing_type=KEY, nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_role_grant_not_confirmed_by_who_proposed"),
            "confirmed_by_person_id <> proposed_by_person_id",
        )
        batch_op.create_check_constraint(
            op.f("ck_role_grant_not_confirmed_by_the_holder"), "confirmed_by_person_id <> person_id"
        )
        batch_op.create_index(op.f("ix_role_grant_person_id"), ["person_id"])
        batch_op.create_index(
            "uq_role_grant_live",
            ["account_id", "role", "scope_code"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )


def _tell_what_was_decided() -> None:
    """Write the state, the persons and the decisions of every grant; who revoked it says the trail."""
    bind = op.get_bind()
    person_of = dict(bind.execute(sa.select(accounts.c.id, accounts.c.person_id)).all())
    revoked_by = {
        json.loads(facts).get("grant"): account_id
        for facts, account_id in bind.execute(
            sa.select(events.c.facts, events.c.account_id)
            .where(events.c.event == "grant.revoked")
            .order_by(events.c.id)
        )
    }
    for row in bind.execute(sa.select(grants).order_by(grants.c.id)).all():
        holder = person_of[row.account_id]
        proposer = person_of.get(row.proposed_by_account_id)
        confirmer = person_of.get(row.confirmed_by_account_id)
        is_at_once = row.confirmed_at is not None and row.proposed_by_account_id is None
        steps: list[tuple[str, str | None, str, datetime, int | None]] = [
            ("granted", None, "confirmed", row.proposed_at, None)
            if is_at_once
            else ("proposed", None, "proposed", row.proposed_at, row.proposed_by_account_id)
        ]
        if row.confirmed_at is not None and not is_at_once:
            by = row.confirmed_by_account_id
            steps.append(("confirmed", "proposed", "confirmed", row.confirmed_at, by))
        if row.revoked_at is not None:
            held = steps[-1][2]
            end, last = ("revoked", "revoked") if held == "confirmed" else ("ended", "declined")
            steps.append((end, held, last, row.revoked_at, revoked_by.get(row.id)))
        for kind, before, after, at, account_id in steps:
            bind.execute(
                decisions.insert().values(
                    role_grant_id=row.id,
                    kind=kind,
                    state_before=before,
                    state_after=after,
                    at=at,
                    account_id=account_id,
                    person_id=person_of.get(account_id),
                )
            )
        bind.execute(
            grants.update()
            .where(grants.c.id == row.id)
            .values(
                state=steps[-1][2],
                version=len(steps),
                person_id=holder,
                proposed_by_person_id=proposer,
                # A former release let one person confirm by a second account: that was no second.
                confirmed_by_person_id=None if confirmer in (proposer, holder) else confirmer,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("role_grant") as batch_op:
        for name in ACCOUNTS:
            batch_op.add_column(sa.Column(name, KEY, nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_role_grant_{name}"), "account", [name], ["id"])
        batch_op.add_column(sa.Column("confirmed_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("revoked_at", INSTANT, nullable=True))
    for column, kinds, name in (
        ("account_id", ("proposed",), "proposed_by_account_id"),
        ("account_id", ("confirmed",), "confirmed_by_account_id"),
        ("at", ("confirmed", "granted"), "confirmed_at"),
        ("at", ("declined", "withdrawn", "ended", "revoked"), "revoked_at"),
    ):
        last = (
            sa.select(decisions.c[column])
            .where(decisions.c.role_grant_id == grants.c.id, decisions.c.kind.in_(kinds))
            .order_by(decisions.c.id.desc())
            .limit(1)
            .correlate(grants)
            .scalar_subquery()
        )
        op.execute(grants.update().values({name: last}))
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.drop_index("uq_role_grant_live")
        batch_op.drop_index(op.f("ix_role_grant_person_id"))
        for name in ("not_confirmed_by_who_proposed", "not_confirmed_by_the_holder", "state"):
            batch_op.drop_constraint(op.f(f"ck_role_grant_{name}"), type_="check")
        for name in PERSONS:
            batch_op.drop_constraint(op.f(f"fk_role_grant_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
        batch_op.drop_column("state")
        batch_op.drop_column("version")
        batch_op.create_check_constraint(
            op.f("ck_role_grant_confirmed_by_another"),
            "confirmed_by_account_id IS NULL OR proposed_by_account_id IS NULL"
            " OR confirmed_by_account_id <> proposed_by_account_id",
        )
        batch_op.create_index(
            "uq_role_grant_live",
            ["account_id", "role", "scope_code"],
            unique=True,
            sqlite_where=NOT_REVOKED,
            postgresql_where=NOT_REVOKED,
        )
    op.drop_table("role_grant_decision")
