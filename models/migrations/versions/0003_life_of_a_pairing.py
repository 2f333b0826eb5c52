"""life of a pairing: proposed, confirmed since an instant, declined; exceptions are requests"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

CONFIRM = """
UPDATE pairing SET confirmed_at = (
  SELECT CASE
    WHEN d.sent IS NULL AND d.received IS NULL THEN pairing.created_at
    WHEN pairing.mode = 'in_province' THEN COALESCE(d.sent, d.received)
    WHEN d.sent > d.received THEN d.sent
    WHEN d.sent IS NOT NULL THEN d.received
  END
  FROM (
    SELECT MIN(CASE WHEN kind = 'confirmed_by_sending_side' THEN at END) AS sent,
           MIN(CASE WHEN kind = 'confirmed_by_receiving_side' THEN at END) AS received
    FROM pairing_decision WHERE pairing_id = pairing.id
  ) d
)"""
"""What its decisions say stands: both provinces', or one in a province; or none at all, which is a
pairing that the operator brought in as agreed on before."""

REQUEST = """
INSERT INTO pairing_exception (pairing_id, side, reason, requested_at, requested_by_person_id)
SELECT p.id, '{side}', d.reason, d.at, d.person_id
FROM pairing_decision d JOIN pairing p ON p.id = d.pairing_id
WHERE d.kind = 'excepted' AND p.state = 'proposed'
  AND d.person_id IS NOT NULL AND length(d.reason) > 0
  AND EXISTS (
    SELECT 1 FROM pairing_year y WHERE y.pairing_id = p.id AND NOT y.{occupies})"""
"""An exception that one officer gave to a pairing that is not confirmed yet is a request now."""


def upgrade() -> None:
    op.create_table(
        "pairing_exception",
        sa.Column("id", BIG, nullable=False),
        sa.Column("pairing_id", BIG, nullable=False),
        sa.Column("side", _words("side", "sent", "received"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_person_id", BIG, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_person_id", BIG, nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decided_by_person_id <> requested_by_person_id",
            name=op.f("ck_pairing_exception_decided_by_another"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_person_id IS NULL)"
            " AND (decided_at IS NULL) = (is_granted IS NULL)",
            name=op.f("ck_pairing_exception_decision_names_who_and_when"),
        ),
        sa.CheckConstraint(
            "is_granted IS NULL OR is_granted OR opinion IS NOT NULL",
            name=op.f("ck_pairing_exception_refused_with_a_reason"),
        ),
        sa.CheckConstraint(
            "length(reason) > 0", name=op.f("ck_pairing_exception_asked_with_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_pairing_exception_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_person_id"],
            ["person.id"],
            name=op.f("fk_pairing_exception_requested_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"],
            ["person.id"],
            name=op.f("fk_pairing_exception_decided_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_exception")),
        sa.UniqueConstraint("pairing_id", "side", name="uq_pairing_exception_side"),
    )
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.drop_constraint(op.f("ck_pairing_state"), type_="check")
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(CONFIRM)
    op.execute(
        "UPDATE pairing SET state ="
        " CASE WHEN confirmed_at IS NULL THEN 'proposed' ELSE 'confirmed' END"
        " WHERE state = 'active'"
    )
    op.execute(REQUEST.format(side="sent", occupies="occupies_sending"))
    op.execute(REQUEST.format(side="received", occupies="occupies_receiving"))
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_pairing_state"),
            "state IN ('proposed', 'confirmed', 'declined', 'terminated')",
        )
        batch_op.create_check_constraint(
            op.f("ck_pairing_confirmed_since_an_instant"),
            "state = 'terminated' OR (state = 'confirmed') = (confirmed_at IS NOT NULL)",
        )


def downgrade() -> None:
    op.drop_table("pairing_exception")
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.drop_constraint(op.f("ck_pairing_confirmed_since_an_instant"), type_="check")
        batch_op.drop_constraint(op.f("ck_pairing_state"), type_="check")
    op.execute("UPDATE pairing SET state = 'active' WHERE state IN ('proposed', 'confirmed')")
    op.execute("UPDATE pairing SET state = 'terminated' WHERE state = 'declined'")
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_pairing_state"), "state IN ('active', 'terminated')"
        )
        batch_op.drop_column("confirmed_at")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)
