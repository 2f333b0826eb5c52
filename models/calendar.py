"""The statutory calendar: only the dates that differ from plain Monday to Friday are stored."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column
from models.types import DayKind


class CalendarYear(Base):
    """A year whose official notice is loaded; a year without a row falls back to Monday–Friday."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    recorded_at: Mapped[datetime]


class CalendarDay(Base):
    """节假日 or 调休 working day of one date."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_column(DayKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str]
