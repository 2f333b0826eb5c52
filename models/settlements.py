"""结算: how the money of an organisation and work year ended."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.procedures import DecisionRow, batch_index
from models.types import SettlementOutcome, SettlementState


class Settlement(Base):
    """结算: handed in by the organisation with its figures, settled by the province of its seat.

    ``received_fen``, ``spent_fen`` and ``balance_fen`` are the ledger's when it was handed in; as long
    as it waits, nothing else is booked in that year. ``outcome`` is what the province decided of what
    is left (B30), None where nothing is.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "year", name="uq_settlement_one_a_year"),
        sa.CheckConstraint("submitted_by_person_id <> settled_by_person_id", name="by_another"),
        sa.CheckConstraint("balance_fen >= 0", name="nothing_below_zero"),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned') OR balance_fen = 0 OR outcome IS NOT NULL",
            name="what_is_left_is_decided_on",
        ),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"))
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    year: Mapped[int]
    received_fen: Mapped[bigint]
    spent_fen: Mapped[bigint]
    balance_fen: Mapped[bigint]
    wish: Mapped[SettlementOutcome | None] = mapped_column(enum_column(SettlementOutcome, "wish"))
    outcome: Mapped[SettlementOutcome | None] = mapped_column(
        enum_column(SettlementOutcome, "outcome")
    )
    note: Mapped[str] = mapped_column(sa.Text, default="")
    returned_on: Mapped[date | None]
    voucher_number: Mapped[str | None] = mapped_column(sa.String(60))
    state: Mapped[SettlementState] = mapped_column(enum_column(SettlementState, "state"))
    submitted_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class SettlementDecision(DecisionRow, Base):
    """That a settlement was handed in, returned, settled, closed."""

    __tablename__ = "settlement_decision"
    __table_args__ = (
        sa.Index("ix_settlement_decision_history", "settlement_id", "id"),
        batch_index("settlement_decision"),
    )
    decides = Settlement
    subject_key = "settlement_id"

    settlement_id: Mapped[bigint] = mapped_column(sa.ForeignKey("settlement.id"))
    state_before: Mapped[SettlementState | None] = mapped_column(
        enum_column(SettlementState, "state_before")
    )
    state_after: Mapped[SettlementState] = mapped_column(
        enum_column(SettlementState, "state_after")
    )
