"""The version of what is in force: programmes, policy, work years and calendar."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class RegimeVersion(Base):
    """One row; its token is drawn anew by the database (models/triggers.py) with every change.

    Random and not counted: a token says which state it names even where a database was restored,
    so whatever is kept under it may be kept by any process and for any database.
    """

    __tablename__ = "regime_version"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(sa.String(32))
