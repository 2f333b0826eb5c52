"""资金: what is planned and approved for a sending organisation, what was paid, and the ledger of it all.

Money is integer fen. What moved stands in the ledger, whose rows are never changed (models/triggers.py);
the balances beside it are kept by the database with each row, and none but those of outside falls
below zero.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.procedures import DecisionRow, batch_index
from models.types import (
    AllocationState,
    DisbursementState,
    FundAccountKind,
    FundSource,
    LedgerKind,
)

UNLIMITED = ("outside", "difference")
"""The kinds of account whose balance may be negative."""

SUBJECTS = ("allocation", "disbursement", "income", "expenditure", "settlement", "transfer")
"""What a row of the ledger may be of: each has exactly one of these keys."""


class FundAllocation(Base):
    """资金安排: what a payer gives a sending organisation in a work year, out of one source.

    ``disbursed_fen`` is what was paid of it and not reversed, ``reduced_fen`` what was cut from it since
    (核减): both change by a conditional UPDATE in the transaction of the payment, and the CHECK is the
    last to say no.
    """

    __tablename__ = "fund_allocation"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint(
            "disbursed_fen >= 0 AND reduced_fen >= 0 AND disbursed_fen + reduced_fen <= amount_fen",
            name="paid_within_what_is_approved",
        ),
        sa.CheckConstraint(
            "state = 'approved' OR disbursed_fen + reduced_fen = 0", name="paid_once_it_is_approved"
        ),
        sa.CheckConstraint("planned_by_person_id <> approved_by_person_id", name="by_another"),
        sa.Index("ix_fund_allocation_of_a_year", "year", "organisation_id"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    year: Mapped[int]
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource, "source"))
    payer: Mapped[str] = mapped_column(sa.String(120))
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    amount_fen: Mapped[bigint]
    disbursed_fen: Mapped[bigint] = mapped_column(default=0)
    reduced_fen: Mapped[bigint] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[AllocationState] = mapped_column(enum_column(AllocationState, "state"))
    planned_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    import_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class FundAllocationDecision(DecisionRow, Base):
    """That an allocation was planned, approved, declined."""

    __tablename__ = "fund_allocation_decision"
    __table_args__ = (
        sa.Index("ix_fund_allocation_decision_history", "allocation_id", "id"),
        batch_index("fund_allocation_decision"),
    )
    decides = FundAllocation
    subject_key = "allocation_id"

    allocation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("fund_allocation.id"))
    state_before: Mapped[AllocationState | None] = mapped_column(
        enum_column(AllocationState, "state_before")
    )
    state_after: Mapped[AllocationState] = mapped_column(
        enum_column(AllocationState, "state_after")
    )


class Disbursement(Base):
    """拨付: one payment out of an allocation; 到账 once the organisation has it in its bank.

    Organisation, work year and source are those of the allocation. A difference between what was paid
    and what arrived is explained by the organisation.
    """

    __tablename__ = "disbursement"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint("received_fen > 0", name="some_of_it_arrived"),
        sa.CheckConstraint(
            "(state = 'received') = (received_on IS NOT NULL)"
            " AND (received_on IS NULL) = (received_fen IS NULL)",
            name="received_on_a_day",
        ),
        sa.CheckConstraint(
            "received_fen IS NULL OR received_fen = amount_fen OR length(difference_reason) > 0",
            name="difference_is_explained",
        ),
        sa.CheckConstraint(
            "paid_by_person_id <> received_by_person_id", name="received_by_another"
        ),
        sa.Index(
            "uq_disbursement_one_a_voucher",
            "allocation_id",
            "voucher_number",
            unique=True,
            sqlite_where=sa.text("state <> 'reversed'"),
            postgresql_where=sa.text("state <> 'reversed'"),
        ),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    allocation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("fund_allocation.id"), index=True)
    amount_fen: Mapped[bigint]
    paid_on: Mapped[date]
    voucher_number: Mapped[str] = mapped_column(sa.String(60))
    received_on: Mapped[date | None]
    received_fen: Mapped[bigint | None]
    difference_reason: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[DisbursementState] = mapped_column(enum_column(DisbursementState, "state"))
    paid_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    received_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    import_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class DisbursementDecision(DecisionRow, Base):
    """That money was paid, arrived, or that the payment was a mistake."""

    __tablename__ = "disbursement_decision"
    __table_args__ = (
        sa.Index("ix_disbursement_decision_history", "disbursement_id", "id"),
        batch_index("disbursement_decision"),
    )
    decides = Disbursement
    subject_key = "disbursement_id"

    disbursement_id: Mapped[bigint] = mapped_column(sa.ForeignKey("disbursement.id"))
    state_before: Mapped[DisbursementState | None] = mapped_column(
        enum_column(DisbursementState, "state_before")
    )
    state_after: Mapped[DisbursementState] = mapped_column(
        enum_column(DisbursementState, "state_after")
    )


class FundIncome(Base):
    """自行筹措: what an organisation of either side raised itself for a pairing (三(三))."""

    __tablename__ = "fund_income"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint("source <> 'mca_subsidy'", name="raised_by_the_organisation"),
        sa.Index("ix_fund_income_of_a_year", "year", "organisation_id"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    year: Mapped[int]
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource, "source"))
    payer: Mapped[str] = mapped_column(sa.String(120))
    amount_fen: Mapped[bigint]
    received_on: Mapped[date]
    voucher_number: Mapped[str] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    import_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)


class FundAccount(Base):
    """One account of the ledger. ``balance_fen`` is written by the database with each row (triggers)."""

    __tablename__ = "fund_account"
    __table_args__ = (
        sa.UniqueConstraint(
            "organisation_id", "year", "source", "kind", name="uq_fund_account_one_of_a_kind"
        ),
        sa.CheckConstraint(
            "balance_fen >= 0 OR kind IN ('outside', 'difference')", name="never_below_zero"
        ),
    )

    id: Mapped[intpk]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"))
    year: Mapped[int]
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource, "source"))
    kind: Mapped[FundAccountKind] = mapped_column(enum_column(FundAccountKind, "kind"))
    balance_fen: Mapped[bigint] = mapped_column(default=0)


class LedgerEntry(Base):
    """A row of the ledger: an amount that went from the credited to the debited account.

    Written once, never changed or deleted. ``reversal_of_id`` names the row that it takes back: the
    same amount the other way round, once. ``booked_on`` is the date of the paper, ``at`` the instant
    from which the portal knew of it, by which ``--as-of`` reads.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint("debit_account_id <> credit_account_id", name="between_two_accounts"),
        sa.CheckConstraint("reversal_of_id <> id", name="reverses_another"),
        sa.CheckConstraint(
            " + ".join(f"(CASE WHEN {one}_id IS NULL THEN 0 ELSE 1 END)" for one in SUBJECTS)
            + " = 1",
            name="of_one_subject",
        ),
        sa.UniqueConstraint("reversal_of_id", name="uq_ledger_entry_reversed_once"),
        sa.Index("ix_ledger_entry_debit", "debit_account_id", "id"),
        sa.Index("ix_ledger_entry_credit", "credit_account_id", "id"),
        *(sa.Index(f"ix_ledger_entry_of_{one}", f"{one}_id") for one in SUBJECTS),
    )

    id: Mapped[intpk]
    at: Mapped[datetime]
    booked_on: Mapped[date]
    kind: Mapped[LedgerKind] = mapped_column(enum_column(LedgerKind, "kind"))
    debit_account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("fund_account.id"))
    credit_account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("fund_account.id"))
    amount_fen: Mapped[bigint]
    allocation_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("fund_allocation.id"))
    disbursement_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("disbursement.id"))
    income_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("fund_income.id"))
    expenditure_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("expenditure.id"))
    settlement_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("settlement.id"))
    transfer_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("fund_transfer.id"))
    reversal_of_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("ledger_entry.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))


class FundYearTotal(Base):
    """What an organisation's accounts of a work year come to, for lists and the summary.

    Kept with each row of the ledger; the accounts are the truth (``flask verify``). ``subsidy`` is
    the ministry's, ``province`` what the province guarantees out of whatever source but self-raised.
    """

    __tablename__ = "fund_year_total"

    organisation_id: Mapped[bigint] = mapped_column(
        sa.ForeignKey("organisation.id"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True)
    approved_fen: Mapped[bigint] = mapped_column(default=0)
    disbursed_fen: Mapped[bigint] = mapped_column(default=0)
    subsidy_received_fen: Mapped[bigint] = mapped_column(default=0)
    province_received_fen: Mapped[bigint] = mapped_column(default=0)
    received_fen: Mapped[bigint] = mapped_column(default=0)
    spent_fen: Mapped[bigint] = mapped_column(default=0)
    to_repay_fen: Mapped[bigint] = mapped_column(default=0)
    balance_fen: Mapped[bigint] = mapped_column(default=0)
