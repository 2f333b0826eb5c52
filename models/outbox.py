"""消息: what a person is told because something happened, written where it happened."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, exactly_one_of, intpk, public_id


class OutboxMessage(Base):
    """One thing told to one person, once (``key``): a job that ended, a decision on a working day,
    or on a role that was lent.

    ``item_id`` is the part of the background job that delivers it: only then it is shown.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.CheckConstraint(
            exactly_one_of("job_id", "workday_decision_id", "role_grant_decision_id"),
            name="tells_one_thing",
        ),
        sa.Index("ix_message_person_id_delivered_at", "person_id", "delivered_at"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    person_id: Mapped[bigint] = mapped_column(sa.ForeignKey("person.id"))
    item_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("job_item.id", ondelete="SET NULL"), unique=True
    )
    job_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("job.id", ondelete="CASCADE"), index=True
    )
    workday_decision_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("workday_decision.id", ondelete="CASCADE"), index=True
    )
    role_grant_decision_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("role_grant_decision.id", ondelete="CASCADE"), index=True
    )
    caused_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
