"""the version of what is in force, drawn anew by the database"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regime_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_regime_version_only_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regime_version")),
    )
    table = sa.table("regime_version", sa.column("id"), sa.column("token"))
    op.bulk_insert(table, [{"id": 1, "token": secrets.token_hex(16)}])


def downgrade() -> None:
    # The triggers that write to it are laid by models/triggers.py, outside the migrations.
    if op.get_bind().dialect.name == "sqlite":
        names = op.get_bind().exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'regime_follows%'"
        )
        for (name,) in names.all():
            op.execute(f'DROP TRIGGER "{name}"')
    else:
        op.execute("DROP FUNCTION IF EXISTS regime_follows CASCADE")
    op.drop_table("regime_version")
