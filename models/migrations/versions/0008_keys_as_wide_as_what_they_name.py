"""the trail names accounts by numbers as wide as their keys"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    widen(sa.BigInteger(), sa.Integer())


def widen(existing: sa.Integer, wanted: sa.Integer) -> None:
    # SQLite stores a number of any width in an INTEGER; only the other has two kinds of them.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("audit_event", "account_id", existing_type=existing, type_=wanted)
