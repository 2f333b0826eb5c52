"""The programme, its work years, its dated policy and the task-allocation table."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, intpk, region_code
from models.types import NATION, Line, Mode


class Programme(Base):
    """牵手计划 of one period; what follows after 2025 is a new row (decision B38)."""

    __tablename__ = "programme"
    __table_args__ = (sa.CheckConstraint("ends_on > starts_on", name="ends_after_start"),)

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str]
    document_number: Mapped[str | None] = mapped_column(sa.String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_demo: Mapped[bool] = mapped_column(default=False)


class WorkYear(Base):
    """工作年度 (decision B3): by default the calendar year; a province may have its own dates.

    ``region_code`` is ``CN`` for the rule and a province for its exception. A closed year takes
    no entries; who closed it and when stands in the row.
    """

    __tablename__ = "work_year"
    __table_args__ = (
        sa.UniqueConstraint("year", "region_code"),
        sa.CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)", name="closing_has_a_reason"
        ),
    )

    id: Mapped[intpk]
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    year: Mapped[int]
    region_code: Mapped[region_code] = mapped_column(default=NATION)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    closed_by_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    closed_reason: Mapped[str | None]


class PolicyParameter(Base):
    """One parameter of the policy from one date on. Rows are only added, never changed.

    The value of a key on a date is the row with the latest ``valid_from`` not after it, and of
    several of these the one recorded last.
    """

    __tablename__ = "policy_parameter"
    __table_args__ = (sa.UniqueConstraint("programme_id", "key", "valid_from", "recorded_at"),)

    id: Mapped[intpk]
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    key: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[str] = mapped_column(sa.Text)
    valid_from: Mapped[date]
    clause: Mapped[str] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_at: Mapped[datetime]
    recorded_by_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Allocation(Base):
    """任务分配表: how many pairings a province sends to a province in a work year (二(二))."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.CheckConstraint("pairs > 0", name="pairs_positive"),
        # NULL counties would never collide, so the county is '' where the row names none.
        sa.UniqueConstraint(
            "year", "sending_province_code", "receiving_province_code", "line", "county_code"
        ),
    )

    id: Mapped[intpk]
    year: Mapped[int]
    sending_province_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"))
    receiving_province_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"))
    mode: Mapped[Mode] = mapped_column(enum_column(Mode, "mode"))
    line: Mapped[Line] = mapped_column(enum_column(Line, "line"))
    county_code: Mapped[str] = mapped_column(sa.String(6), default="")
    pairs: Mapped[int]
    recorded_at: Mapped[datetime]
