"""Regions, townships, the dated key-county list, and the authorities with their successors."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, intpk, region_code
from models.names import Named
from models.types import AuthorityLevel, AuthorityLine, RegionLevel, TownshipKind


class Region(Named, Base):
    """行政区划, GB/T 2260: provinces, prefectures, counties; withdrawn codes kept for old papers."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(sa.String(6), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    level: Mapped[RegionLevel] = mapped_column(enum_column(RegionLevel, "level"))
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("region.code"))
    province_code: Mapped[region_code] = mapped_column(index=True)
    sort_no: Mapped[int]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)


class Township(Base):
    """乡镇（街道）, GB/T 10114: the statutory units of a key county (decision B32)."""

    __tablename__ = "township"

    code: Mapped[str] = mapped_column(sa.String(9), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[TownshipKind] = mapped_column(enum_column(TownshipKind, "kind"))
    county_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"), index=True)


class KeyCounty(Base):
    """国家乡村振兴重点帮扶县: a county's dated membership in the list (decision B39)."""

    __tablename__ = "key_county"
    __table_args__ = (
        sa.UniqueConstraint("county_code", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )

    id: Mapped[intpk]
    county_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    list_status: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str]


class Authority(Base):
    """主管部门: name, line, level and place, valid between dates, with its successor (B36, B37)."""

    __tablename__ = "authority"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    line: Mapped[AuthorityLine] = mapped_column(enum_column(AuthorityLine, "line"))
    level: Mapped[AuthorityLevel] = mapped_column(enum_column(AuthorityLevel, "level"))
    region_code: Mapped[region_code] = mapped_column(index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_code: Mapped[str | None] = mapped_column(sa.String(40))
    note: Mapped[str] = mapped_column(default="")
