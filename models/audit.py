"""The audit trail: rows are only added, and each carries the seal of the one before."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint


class AuditEvent(Base):
    """One write, sign-in, export or reveal. Facts name people by id, never by number."""

    __tablename__ = "audit_event"

    id: Mapped[bigint] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[bigint | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(sa.String(80))
    event: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)
    facts: Mapped[str] = mapped_column(sa.Text)
    seal: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class AuditHead(Base):
    """The last row of the chain. Locked by every writer, so the order has no gaps and no forks."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_event_id: Mapped[bigint]
    seal: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
