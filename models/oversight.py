"""审核记录: what was asked of an organisation's year of money, answered and decided."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.procedures import DecisionRow, batch_index
from models.types import FundQuestion, FundReviewState


class FundReview(Base):
    """审核记录: of a question that the portal asks, or a note of the officer's own (``question`` None).

    ``found`` is what was there when it was opened, ``facts`` the hash of the figures behind it: the same
    is not asked again (unique), other figures are. What was said stands in the decisions.
    """

    __tablename__ = "fund_review"
    __table_args__ = (
        sa.UniqueConstraint(
            "organisation_id", "year", "question", "facts", name="uq_fund_review_asked_once"
        ),
        sa.CheckConstraint("(question IS NULL) = (facts IS NULL)", name="question_has_its_facts"),
        sa.CheckConstraint("length(found) > 0", name="says_what_was_found"),
        sa.CheckConstraint("state <> 'to_mend' OR mend_by IS NOT NULL", name="mended_by_a_day"),
        sa.CheckConstraint("answered_by_person_id <> decided_by_person_id", name="by_another"),
        sa.Index("ix_fund_review_of_a_year", "year", "organisation_id", "id"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    year: Mapped[int]
    question: Mapped[FundQuestion | None] = mapped_column(enum_column(FundQuestion, "question"))
    facts: Mapped[str | None] = mapped_column(sa.String(64))
    found: Mapped[str] = mapped_column(sa.Text)
    mend_by: Mapped[date | None]
    state: Mapped[FundReviewState] = mapped_column(enum_column(FundReviewState, "state"))
    opened_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class FundReviewDecision(DecisionRow, Base):
    """That something was asked, answered, accepted, to be mended, referred; with what was said."""

    __tablename__ = "fund_review_decision"
    __table_args__ = (
        sa.Index("ix_fund_review_decision_history", "review_id", "id"),
        batch_index("fund_review_decision"),
    )
    decides = FundReview
    subject_key = "review_id"

    review_id: Mapped[bigint] = mapped_column(sa.ForeignKey("fund_review.id"))
    state_before: Mapped[FundReviewState | None] = mapped_column(
        enum_column(FundReviewState, "state_before")
    )
    state_after: Mapped[FundReviewState] = mapped_column(
        enum_column(FundReviewState, "state_after")
    )
