"""我的视图: the filters and the order of a list, kept under a name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk
from models.types import Role


class SavedView(Base):
    """The query string of one list page. Shared with a role, all of that role see it too.

    It holds what was asked, never what was found: each reader sees it within the own scope.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "page", "name"),
        sa.Index("ix_saved_view_page_shared_with", "page", "shared_with"),
    )

    id: Mapped[intpk]
    account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"))
    page: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.String(40))
    query: Mapped[str] = mapped_column(sa.Text)
    shared_with: Mapped[Role | None] = mapped_column(enum_column(Role, "shared_with"))
    created_at: Mapped[datetime]
