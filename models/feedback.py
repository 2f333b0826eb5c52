"""投诉建议: what people tell the administrators of the installation, and what they are answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.types import FeedbackKind, FeedbackState


class Feedback(Base):
    """One message about one page. Whoever cannot sign in may write too: then no account stands here."""

    __tablename__ = "feedback"
    __table_args__ = (
        sa.CheckConstraint("length(text) > 0", name="says_something"),
        sa.Index("ix_feedback_state_sent_at", "state", "sent_at"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    kind: Mapped[FeedbackKind] = mapped_column(enum_column(FeedbackKind, "kind"))
    state: Mapped[FeedbackState] = mapped_column(
        enum_column(FeedbackState, "state"), default=FeedbackState.OPEN
    )
    text: Mapped[str] = mapped_column(sa.Text)
    page_path: Mapped[str] = mapped_column(sa.String(300), default="")
    contact: Mapped[str] = mapped_column(sa.String(100), default="")
    account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    sent_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class FeedbackReply(Base):
    """An answer, with the state that it leaves the message in."""

    __tablename__ = "feedback_reply"
    __table_args__ = (sa.CheckConstraint("length(text) > 0", name="says_something"),)

    id: Mapped[intpk]
    feedback_id: Mapped[bigint] = mapped_column(sa.ForeignKey("feedback.id"), index=True)
    account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(sa.Text)
    state_after: Mapped[FeedbackState] = mapped_column(enum_column(FeedbackState, "state_after"))
