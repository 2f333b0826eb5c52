"""who proposed and who confirmed a pairing; from which state to which each decision on it led"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = ("proposed", "confirmed", "declined", "terminated")
TOGETHER = "batch IS NOT NULL"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _state(name: str) -> sa.Enum:
    return sa.Enum(*STATES, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    with op.batch_alter_table("pairing_decision") as batch_op:
        batch_op.add_column(sa.Column("state_before", _state("state_before"), nullable=True))
        batch_op.add_column(sa.Column("state_after", _state("state"), nullable=True))
        batch_op.add_column(sa.Column("version_after", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("batch", sa.String(16), nullable=True))
    op.execute(
        """
        UPDATE pairing_decision SET state_after = CASE
            WHEN kind IN ('declined', 'withdrawn', 'exception_refused') THEN 'declined'
            WHEN kind = 'terminated' THEN 'terminated'
            WHEN kind <> 'created' AND EXISTS (
                SELECT 1 FROM pairing
                WHERE pairing.id = pairing_decision.pairing_id
                  AND pairing.confirmed_at <= pairing_decision.at
            ) THEN 'confirmed'
            ELSE 'proposed'
        END
        """
    )
    with op.batch_alter_table("pairing_decision") as batch_op:
        batch_op.alter_column("state_after", existing_type=sa.String(24), nullable=False)
        batch_op.create_index(
            "ix_pairing_decision_batch",
            ["batch"],
            sqlite_where=sa.text(TOGETHER),
            postgresql_where=sa.text(TOGETHER),
        )
    with op.batch_alter_table("pairing") as batch_op:
        for name in ("proposed_by_person_id", "confirmed_by_person_id"):
            batch_op.add_column(sa.Column(name, NUMBER, nullable=True))
            batch_op.create_foreign_key(f"fk_pairing_{name}_person", "person", [name], ["id"])
    op.execute(
        """
        UPDATE pairing SET proposed_by_person_id = (
            SELECT person_id FROM pairing_decision
            WHERE pairing_id = pairing.id AND kind = 'created' ORDER BY id LIMIT 1
        )
        """
    )
    op.execute(
        """
        UPDATE pairing SET confirmed_by_person_id = (
            SELECT person_id FROM pairing_decision
            WHERE pairing_id = pairing.id
              AND kind IN ('confirmed_by_sending_side', 'confirmed_by_receiving_side')
              AND (pairing.proposed_by_person_id IS NULL
                   OR person_id <> pairing.proposed_by_person_id)
            ORDER BY id DESC LIMIT 1
        )
        """
    )
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.create_check_constraint(
            "not_confirmed_by_who_proposed", "proposed_by_person_id <> confirmed_by_person_id"
        )


def downgrade() -> None:
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.drop_constraint("not_confirmed_by_who_proposed", type_="check")
        for name in ("confirmed_by_person_id", "proposed_by_person_id"):
            batch_op.drop_constraint(f"fk_pairing_{name}_person", type_="foreignkey")
            batch_op.drop_column(name)
    with op.batch_alter_table("pairing_decision") as batch_op:
        batch_op.drop_index("ix_pairing_decision_batch")
        for name in ("state", "state_before"):
            batch_op.drop_constraint(name, type_="check")
        for name in ("batch", "version_after", "state_after", "state_before"):
            batch_op.drop_column(name)
