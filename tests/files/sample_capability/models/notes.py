"""备忘: what an officer notes about a pairing. A sample: docs/adding-a-capability.md."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, intpk


class Note(Base):
    """One note; it is written once and read within the reach of its pairing."""

    __tablename__ = "note"

    id: Mapped[intpk]
    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
