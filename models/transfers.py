"""转付: what a sending organisation gives its partner of the money that it received, by their agreement."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.procedures import DecisionRow, batch_index
from models.types import FundSource, TransferState


class FundTransfer(Base):
    """An amount that the sending organisation of a pairing passed on to the receiving one (B29).

    ``clause`` is the text of the agreement that says so, ``agreed_on`` its date. The ledger has it once
    the receiving organisation found it in its bank (``received_on``), as one row from the one's
    balance into the other's.
    """

    __tablename__ = "fund_transfer"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint(
            "organisation_id <> receiving_organisation_id", name="to_another_organisation"
        ),
        sa.CheckConstraint(
            "length(clause) > 0 AND length(agreement_number) > 0 AND agreed_on <= paid_on",
            name="agreed_before_it_is_paid",
        ),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'reversed')) = (received_on IS NOT NULL)",
            name="received_on_a_day",
        ),
        sa.CheckConstraint("paid_by_person_id <> confirmed_by_person_id", name="by_another"),
        sa.Index(
            "uq_fund_transfer_one_a_voucher",
            "organisation_id",
            "year",
            "voucher_number",
            unique=True,
            sqlite_where=sa.text("state IN ('paid', 'confirmed')"),
            postgresql_where=sa.text("state IN ('paid', 'confirmed')"),
        ),
        sa.Index("ix_fund_transfer_of_a_year", "year", "organisation_id"),
        sa.Index("ix_fund_transfer_to_a_year", "year", "receiving_organisation_id"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"))
    receiving_organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"))
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    year: Mapped[int]
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource, "source"))
    amount_fen: Mapped[bigint]
    paid_on: Mapped[date]
    voucher_number: Mapped[str] = mapped_column(sa.String(60))
    agreement_number: Mapped[str] = mapped_column(sa.String(60))
    agreed_on: Mapped[date]
    clause: Mapped[str] = mapped_column(sa.Text)
    received_on: Mapped[date | None]
    state: Mapped[TransferState] = mapped_column(enum_column(TransferState, "state"))
    paid_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class FundTransferDecision(DecisionRow, Base):
    """That a transfer was made, confirmed, declined, withdrawn, taken back."""

    __tablename__ = "fund_transfer_decision"
    __table_args__ = (
        sa.Index("ix_fund_transfer_decision_history", "transfer_id", "id"),
        batch_index("fund_transfer_decision"),
    )
    decides = FundTransfer
    subject_key = "transfer_id"

    transfer_id: Mapped[bigint] = mapped_column(sa.ForeignKey("fund_transfer.id"))
    state_before: Mapped[TransferState | None] = mapped_column(
        enum_column(TransferState, "state_before")
    )
    state_after: Mapped[TransferState] = mapped_column(enum_column(TransferState, "state_after"))
