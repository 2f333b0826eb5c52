"""What people say of whole months: that nothing is missing."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk
from models.types import Side


class MonthDeclaration(Base):
    """本月已填完: a person says that all days worked in a month, in one pairing, are handed in.

    ``month`` is its first day. ``half_days`` are the halves of dates that were handed in when it was
    said: once there are more, or one was entered after, it no longer holds (portal/months/queries.py:
    stands), whatever wrote them. ``withdrawn_at`` is set by the person; said anew, it is the same row.
    """

    __tablename__ = "month_declaration"
    __table_args__ = (
        sa.UniqueConstraint(
            "person_id", "pairing_id", "month", name="uq_month_declaration_one_a_month"
        ),
        sa.CheckConstraint("last_day > month", name="ends_after_it_begins"),
        sa.CheckConstraint("withdrawn_at >= declared_at", name="withdrawn_after_it_was_declared"),
        sa.Index("ix_month_declaration_of_a_pairing", "pairing_id", "month"),
    )

    id: Mapped[intpk]
    person_id: Mapped[bigint] = mapped_column(sa.ForeignKey("person.id"))
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"))
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    month: Mapped[date]
    last_day: Mapped[date]
    half_days: Mapped[int]
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class
