"""What a summary stands on: how far its reader sees, key counties, townships, the allocation table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Allocation, KeyCounty, Pairing, Region, Township
from models.types import NATION, RegionLevel
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.documents.reporter_queries import area_in_words
from portal.summaries.area_rules import Planned
from portal.summaries.rules import Filters


@dataclass(frozen=True, slots=True)
class Scope:
    """How far the reader sees: everything, some provinces, or only single pairings; and its name."""

    is_nation: bool
    provinces: tuple[str, ...]
    name: str = ""

    @property
    def is_narrow(self) -> bool:
        """Does the reader see no province as a whole? Then coverage says nothing."""
        return not self.is_nation and not self.provinces


def scope_of(actor: Actor, permission: str) -> Scope:
    """Return how far an actor sees with a permission."""
    reaches = actor.reaches(permission)
    is_nation = actor.is_operator or any(
        reach == Reach.NATION or (reach == Reach.PROVINCE and grant.scope_code == NATION)
        for reach, grant in reaches
    )
    codes = {grant.scope_code for reach, grant in reaches if reach == Reach.PROVINCE}
    return Scope(is_nation, tuple(sorted(codes - {NATION})), area_in_words(actor, permission))


def sees_province(session: Session, actor: Actor, permission: str, code: str) -> bool:
    """May an actor see a province: as a whole, or because it takes part in a pairing of theirs?"""
    scope = scope_of(actor, permission)
    if scope.is_nation or code in scope.provinces:
        return code in province_names(session)
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    sa.or_(
                        Pairing.sending_province_code == code,
                        Pairing.receiving_province_code == code,
                    ),
                    within(Pairing, actor, permission),
                )
            )
        )
    )


def province_names(session: Session) -> dict[str, str]:
    """Return the provinces in force by code, in the order of the standard."""
    rows = session.execute(
        sa.select(Region.code, Region.name)
        .where(Region.level == RegionLevel.PROVINCE, Region.is_withdrawn.is_(False))
        .order_by(Region.sort_no)
    )
    return dict(rows.all())


def key_counties_on(session: Session, day: date) -> dict[str, str]:
    """Return the key counties of a date, each with its province (decision B39)."""
    rows = session.execute(
        sa.select(KeyCounty.county_code, Region.province_code)
        .join(Region, Region.code == KeyCounty.county_code)
        .where(
            KeyCounty.valid_from <= day,
            sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= day),
        )
    )
    return dict(rows.all())


def townships_by_county(session: Session) -> dict[str, int]:
    rows = session.execute(
        sa.select(Township.county_code, sa.func.count()).group_by(Township.county_code)
    )
    return dict(rows.all())


def planned_pairings(
    session: Session,
    year: int,
    scope: Scope,
    filters: Filters,
    known_before: datetime | None = None,
) -> list[Planned] | None:
    """Return the pairings of the allocation table by their two provinces.

    None for a reader who sees no province as a whole, and of pairings that the table cannot tell
    from others: of one county, or by how they stand.
    """
    if scope.is_narrow or filters.county or filters.is_by_outcome:
        return None
    codes = [code for code in (filters.either_province,) if code]
    sides = (Allocation.sending_province_code, Allocation.receiving_province_code)
    wanted = sa.select(*sides, sa.func.sum(Allocation.pairs)).where(
        Allocation.year == year,
        *(_on_either_side([code]) for code in codes),
        *([] if scope.is_nation else [_on_either_side(scope.provinces)]),
        *([Allocation.line == filters.line] if filters.line else []),
        *([Allocation.mode == filters.mode] if filters.mode else []),
        *([Allocation.recorded_at < known_before] if known_before else []),
    )
    if filters.sending_province:
        wanted = wanted.where(Allocation.sending_province_code == filters.sending_province)
    if filters.receiving_province:
        wanted = wanted.where(Allocation.receiving_province_code == filters.receiving_province)
    return [
        Planned(sending, receiving, int(pairs))
        for sending, receiving, pairs in session.execute(wanted.group_by(*sides))
    ]


def _on_either_side(codes: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(
        Allocation.sending_province_code.in_(codes), Allocation.receiving_province_code.in_(codes)
    )


def always_shown(scope: Scope, filters: Filters, with_key_counties: Iterable[str]) -> list[str]:
    """Return the provinces that appear without any pairing: those that have key counties."""
    shown = set(with_key_counties)
    if not scope.is_nation:
        shown &= set(scope.provinces)
    for code in (filters.either_province, filters.receiving_province):
        if code:
            shown &= {code}
    return sorted(shown)


def key_counties_within(
    key_counties: Mapping[str, str], scope: Scope, filters: Filters
) -> dict[str, str]:
    """Return the key counties whose coverage the summary can tell: of provinces seen as a whole.

    What a sending province helps to cover elsewhere, others may cover as well; so may pairings
    that a filter leaves out.
    """
    if not filters.tells_coverage:
        return {}
    asked = filters.receiving_province or filters.either_province
    return {
        county: province
        for county, province in key_counties.items()
        if (scope.is_nation or province in scope.provinces) and asked in (None, province)
    }
