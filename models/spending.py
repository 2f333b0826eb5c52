"""支出: what an organisation spent, on what, out of which source, and what it shows for it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id, region_code
from models.procedures import DecisionRow, batch_index
from models.types import ExpenditureState, ExpenseCategory, FundSource, Task


class Expenditure(Base):
    """支出: claimed by staff or manager, booked by another, looked at by the province.

    Wages name a person and the days they pay (``ExpenditureWorkday``); transport its route and dates;
    其他 its reason, and nobody books it before the province approved it (B27). ``answer`` is what was
    said where the same voucher, or the same amount, day and payee, stands elsewhere;
    ``no_voucher_reason`` why there is no voucher at all. What a file brings in has no column for these
    (contract, section 3): then they may be missing. What was disallowed and paid back has the day and
    the voucher of that.
    """

    __tablename__ = "expenditure"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint(
            "import_id IS NOT NULL OR (category = 'other') = (other_reason IS NOT NULL)",
            name="other_has_its_reason",
        ),
        sa.CheckConstraint(
            "import_id IS NOT NULL OR (category = 'wages') = (paid_person_id IS NOT NULL)",
            name="wage_of_somebody",
        ),
        sa.CheckConstraint(
            "import_id IS NOT NULL OR (category = 'transport') = (route IS NOT NULL)"
            " AND (route IS NULL) = (travelled_from IS NULL)"
            " AND (route IS NULL) = (travelled_until IS NULL)",
            name="travel_has_its_route_and_dates",
        ),
        sa.CheckConstraint("travelled_until >= travelled_from", name="travel_ends_after_it_begins"),
        sa.CheckConstraint(
            "(state = 'repaid') = (repaid_on IS NOT NULL)"
            " AND (repaid_on IS NULL) = (repayment_voucher IS NULL)",
            name="repaid_on_a_day",
        ),
        sa.CheckConstraint("claimed_by_person_id <> booked_by_person_id", name="booked_by_another"),
        sa.CheckConstraint(
            "claimed_by_person_id <> approved_by_person_id", name="approved_by_another"
        ),
        sa.CheckConstraint(
            "claimed_by_person_id <> reviewed_by_person_id"
            " AND booked_by_person_id <> reviewed_by_person_id",
            name="reviewed_by_another",
        ),
        sa.Index("ix_expenditure_of_a_year", "year", "organisation_id", "spent_on", "id"),
        sa.Index("ix_expenditure_alike", "amount_fen", "spent_on"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    year: Mapped[int]
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource, "source"))
    category: Mapped[ExpenseCategory] = mapped_column(enum_column(ExpenseCategory, "category"))
    amount_fen: Mapped[bigint]
    spent_on: Mapped[date]
    payee: Mapped[str] = mapped_column(sa.String(120))
    purpose: Mapped[str] = mapped_column(sa.Text)
    task: Mapped[Task | None] = mapped_column(enum_column(Task, "task"))
    invoice_number: Mapped[str | None] = mapped_column(sa.String(60))
    other_reason: Mapped[str | None] = mapped_column(sa.Text)
    route: Mapped[str | None] = mapped_column(sa.String(120))
    travelled_from: Mapped[date | None]
    travelled_until: Mapped[date | None]
    paid_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    no_voucher_reason: Mapped[str | None] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    repaid_on: Mapped[date | None]
    repayment_voucher: Mapped[str | None] = mapped_column(sa.String(60))
    state: Mapped[ExpenditureState] = mapped_column(enum_column(ExpenditureState, "state"))
    claimed_by_person_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("person.id"), index=True
    )
    approved_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    booked_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    import_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class ExpenditureDecision(DecisionRow, Base):
    """That an expenditure was claimed, returned, approved, booked, looked at, disallowed, repaid."""

    __tablename__ = "expenditure_decision"
    __table_args__ = (
        sa.Index("ix_expenditure_decision_history", "expenditure_id", "id"),
        batch_index("expenditure_decision"),
    )
    decides = Expenditure
    subject_key = "expenditure_id"

    expenditure_id: Mapped[bigint] = mapped_column(sa.ForeignKey("expenditure.id"))
    state_before: Mapped[ExpenditureState | None] = mapped_column(
        enum_column(ExpenditureState, "state_before")
    )
    state_after: Mapped[ExpenditureState] = mapped_column(
        enum_column(ExpenditureState, "state_after")
    )


class ExpenditureWorkday(Base):
    """A working day that an expenditure pays or for which somebody travelled."""

    __tablename__ = "expenditure_workday"

    expenditure_id: Mapped[bigint] = mapped_column(
        sa.ForeignKey("expenditure.id"), primary_key=True
    )
    workday_id: Mapped[bigint] = mapped_column(
        sa.ForeignKey("workday.id"), primary_key=True, index=True
    )


class EligibilityRule(Base):
    """What a province allows of a source, beside the rule of the plan (B28). Rows are only added."""

    __tablename__ = "eligibility_rule"
    __table_args__ = (
        sa.UniqueConstraint("province_code", "source", "category", "valid_from", "recorded_at"),
        sa.CheckConstraint("length(reason) > 0", name="with_a_reason"),
    )

    id: Mapped[intpk]
    province_code: Mapped[region_code] = mapped_column(sa.ForeignKey("region.code"))
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource, "source"))
    category: Mapped[ExpenseCategory] = mapped_column(enum_column(ExpenseCategory, "category"))
    is_allowed: Mapped[bool]
    valid_from: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    recorded_at: Mapped[datetime]
    recorded_by_account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))
