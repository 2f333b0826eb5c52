"""Reading places: names, lists for choosing, key counties and authorities on a date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Authority, KeyCounty, Region, Township
from models.database import run
from models.types import NATION, AuthorityLevel, AuthorityLine, RegionLevel, TownshipKind

NATION_NAME = "全国"

DEPARTMENTS = ("CN-MCA-CSW", "CN-NRRA-SA")
"""Departments inside the two ministries: addressees of the plan, never its signatories."""

_KNOWN_CODES = "known_region_codes"
"""Under this name a session carries the known codes, which an import asks for every row."""


class CodeAndName(NamedTuple):
    """A code with its name: a pair as a select field takes it."""

    code: str
    name: str


class TownshipRow(NamedTuple):
    """A township (乡镇、街道) with its 9-digit code."""

    code: str
    name: str
    kind: TownshipKind


def region_name(session: Session, code: str) -> str:
    """Return a region's name, a withdrawn one's too; 全国 for ``CN``; an unknown code itself."""
    return region_names(session, [code]).get(code, code)


def region_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the names of regions by code, in one query; unknown codes are left out."""
    rows = session.execute(sa.select(Region.code, Region.name).where(Region.code.in_(codes)))
    names = {row.code: row.name for row in rows}
    return {**names, NATION: NATION_NAME} if NATION in codes else names


_PARENT, _TOP = aliased(Region), aliased(Region)
_CODES: sa.BindParameter[Any] = sa.bindparam("codes", expanding=True)
_FULL_NAMES = (
    sa.select(Region.code, _TOP.name, _PARENT.name, Region.name)
    .outerjoin(_PARENT, _PARENT.code == Region.parent_code)
    .outerjoin(_TOP, _TOP.code == _PARENT.parent_code)
    .where(Region.code.in_(_CODES))
)


def full_region_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return names with what they lie in, such as 福建省福州市鼓楼区, by code, in one query."""
    rows = run(session, _FULL_NAMES, {_CODES.key: list(codes)})
    return {code: "".join(filter(None, names)) for code, *names in rows}


_PROVINCES = (
    sa.select(Region.code, Region.name)
    .where(Region.level == RegionLevel.PROVINCE, Region.is_withdrawn.is_(False))
    .order_by(Region.sort_no)
)


def list_provinces(session: Session) -> list[CodeAndName]:
    """Return the provinces in force, in the order of the standard."""
    return [CodeAndName(*row) for row in run(session, _PROVINCES)]


_TOWNSHIPS = (
    sa.select(Township.code, Township.name, Township.kind)
    .where(Township.county_code == sa.bindparam("county_code"))
    .order_by(Township.code)
)


def list_townships(session: Session, county_code: str) -> list[TownshipRow]:
    """Return the statutory units of a key county by code; empty for other counties (B32)."""
    rows = run(session, _TOWNSHIPS, {"county_code": county_code})
    return [TownshipRow(*row) for row in rows]


_TOWNSHIP_NAME = sa.select(Township.name).where(Township.code == sa.bindparam("code"))


def township_name(session: Session, code: str) -> str | None:
    """Return the name of a township, or None if there is no such code."""
    return run(session, _TOWNSHIP_NAME, {"code": code}).scalar()


def known_region_codes(session: Session) -> frozenset[str]:
    """Return every code with which an ID number may begin: those in force and the withdrawn.

    The session keeps them; whoever writes regions calls :func:`forget_known_region_codes`.
    """
    if _KNOWN_CODES not in session.info:
        session.info[_KNOWN_CODES] = frozenset(session.scalars(sa.select(Region.code)))
    known: frozenset[str] = session.info[_KNOWN_CODES]
    return known


def forget_known_region_codes(session: Session) -> None:
    """Have the next :func:`known_region_codes` read them anew."""
    session.info.pop(_KNOWN_CODES, None)


def authority_on(
    session: Session, line: AuthorityLine, level: AuthorityLevel, region_code: str, day: date
) -> str | None:
    """Return the name that an authority had on a date, or None (decisions B36, B37).

    ``region_code`` is ``CN`` for the nation. Open ends mean that the date is not known.
    """
    return session.scalar(
        sa.select(Authority.name)
        .where(
            Authority.line == line,
            Authority.level == level,
            Authority.region_code == region_code,
            Authority.code.not_in(DEPARTMENTS),
            sa.or_(Authority.valid_from.is_(None), Authority.valid_from <= day),
            sa.or_(Authority.valid_to.is_(None), Authority.valid_to >= day),
        )
        # Of several the one that began last; SQLite and PostgreSQL sort NULL differently.
        .order_by(Authority.valid_from.is_(None), Authority.valid_from.desc(), Authority.code)
        .limit(1)
    )


def count_key_counties(session: Session, day: date, province_code: str | None = None) -> int:
    """Count the key counties of a date, in the nation or in a province (decision B39)."""
    return len(key_county_codes(session, day, province_code))


def key_county_codes(
    session: Session, day: date, province_code: str | None = None
) -> frozenset[str]:
    """Return the codes of the key counties of a date, in the nation or in a province."""
    wanted = (
        sa.select(KeyCounty.county_code)
        .join(Region, Region.code == KeyCounty.county_code)
        .where(
            KeyCounty.valid_from <= day,
            sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= day),
        )
    )
    if province_code is not None:
        wanted = wanted.where(Region.province_code == province_code)
    return frozenset(session.scalars(wanted))


class Suggestion(NamedTuple):
    """One line of a list of suggestions: what it fills in, and what stands beside it."""

    value: str
    note: str


def suggest_counties(session: Session) -> list[Suggestion]:
    """Return the counties of the key-county list, in order of their code."""
    province = aliased(Region)
    rows = session.execute(
        sa.select(Region.name, Region.code, province.name)
        .join(province, province.code == Region.province_code)
        .where(Region.code.in_(sa.select(KeyCounty.county_code)))
        .order_by(Region.code)
    )
    return [Suggestion(f"{name}（{code}）", above) for name, code, above in rows]
