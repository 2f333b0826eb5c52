"""The lease that lets one scheduler among many processes run the jobs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SchedulerLease(Base):
    """Who runs the jobs until when, in seconds since the epoch by the database's own clock."""

    __tablename__ = "scheduler_lease"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(80))
    token: Mapped[int]
    expires: Mapped[float]
