"""标准地图: outlines of provinces that an administrator uploads with their approval number."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, intpk, public_id


class ApprovedMap(Base):
    """A map with its 审图号; at most one stands, a withdrawn one keeps who withdrew it and when.

    The portal brings no map of its own: none may be published without such a number.
    """

    __tablename__ = "approved_map"
    __table_args__ = (
        sa.CheckConstraint("length(approval_number) > 0", name="has_approval_number"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_account_id IS NULL)",
            name="withdrawal_names_who_and_when",
        ),
        sa.CheckConstraint(
            "is_standing = (withdrawn_at IS NULL)",
            name="stands_until_withdrawn",
        ),
        sa.Index(
            "uq_approved_map_standing",
            "is_standing",
            unique=True,
            sqlite_where=sa.text("is_standing"),
            postgresql_where=sa.text("is_standing"),
        ),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    approval_number: Mapped[str] = mapped_column(sa.String(60))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    geojson: Mapped[str] = mapped_column(sa.Text)
    uploaded_at: Mapped[datetime]
    uploaded_by_account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"))
    is_standing: Mapped[bool] = mapped_column(default=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))
