"""The summary of a work year: what it says of the whole, its provinces, its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Allocation,
    CalendarYear,
    KeyCounty,
    Pairing,
    Programme,
    Region,
    Township,
    WorkYear,
)
from models.programme import NATION
from models.types import RegionLevel
from portal.access.actor import OPERATOR, Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.clock import date_of, end_of
from portal.paging import Slice
from portal.programme.policy import Policy
from portal.programme.queries import get_work_year, list_years, policy_of_year, programme_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.summaries.known import known_lines
from portal.summaries.ready import ReadyLines
from portal.summaries.rules import (
    NO_FILTERS,
    Area,
    CountySums,
    Filters,
    Needs,
    PairingLine,
    areas_of,
    refusals_for_as_of,
    whole_of,
)


class Lines(Protocol):
    """The lines of a summary: all of them in order, their sums, or one page."""

    def __iter__(self) -> Iterator[PairingLine]: ...

    def sums_by_county(self) -> list[CountySums]: ...

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]: ...

    def page(self, sort: str, cursor: str | None) -> Slice[PairingLine]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """How far the reader sees: everything, some provinces, or only single pairings."""

    is_nation: bool
    provinces: tuple[str, ...]

    @property
    def is_narrow(self) -> bool:
        """Does the reader see no province as a whole? Then coverage says nothing."""
        return not self.is_nation and not self.provinces


@dataclass(frozen=True, slots=True)
class County:
    """A county of the summary: a key county, or one with pairings, or both."""

    code: str
    name: str
    province_code: str
    is_key: bool
    pairings: int
    compliant_pairings: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands in the summary of a work year, on whatever paper it is written.

    ``pairings`` is read anew by each iteration, in the same snapshot as the sums.
    """

    programme: str
    year: int
    first_day: date
    last_day: date
    as_of: date
    is_past_state: bool
    generated_at: datetime
    policy: Policy
    filters: Filters
    scope: Scope
    is_demo: bool
    totals: Area
    provinces: Sequence[Area]
    counties: Sequence[County]
    pairings: Lines
    province_names: Mapping[str, str]
    townships: Mapping[str, int]


def summary_of(
    session: Session,
    year: int,
    *,
    now: datetime,
    as_of: date | None = None,
    actor: Actor = OPERATOR,
    permission: str = "summary.read",
    filters: Filters = NO_FILTERS,
) -> Summary:
    """Return the summary of a year within what an actor may see; raise :class:`Refused`.

    Of the present it reads the ready totals; ``as_of`` gives the state as it was known at the end
    of that day, added up from the decisions. The number of queries is fixed.
    """
    today = date_of(now)
    work_year = _work_year(session, year)
    provinces = province_names(session)
    refuse_if(refusals_for_as_of(as_of, today))
    refuse_if(_refusals_for_province(filters.either_province, provinces))
    known_before = end_of(as_of) if as_of and as_of < today else None
    policy = policy_of_year(session, year, known_before=known_before)
    visible = within(Pairing, actor, permission)
    lines: Lines = (
        ReadyLines(session, year, visible, filters)
        if known_before is None
        else known_lines(
            session,
            year=year,
            policy=policy,
            known_before=known_before,
            visible=visible,
            filters=filters,
        )
    )
    scope = scope_of(actor, permission)
    key_counties = key_counties_on(session, work_year.ends_on)
    counties = lines.sums_by_county()
    townships = _townships(session)
    areas = areas_of(
        counties,
        names=provinces,
        key_counties=key_counties,
        townships=townships,
        allocated=allocated_pairings(session, year, scope, filters, known_before),
        always=always_shown(scope, filters, key_counties.values()),
    )
    programme = programme_of(session, work_year.ends_on)
    return Summary(
        programme=programme.name if programme else "",
        year=year,
        first_day=work_year.starts_on,
        last_day=work_year.ends_on,
        as_of=as_of or today,
        is_past_state=known_before is not None,
        generated_at=now.astimezone(UTC),
        policy=policy,
        filters=filters,
        scope=scope,
        is_demo=_is_demo(session),
        totals=whole_of(areas),
        provinces=areas,
        counties=_counties(session, counties, key_counties, {area.code for area in areas}),
        pairings=lines,
        province_names=provinces,
        townships=townships,
    )


def scope_of(actor: Actor, permission: str) -> Scope:
    """Return how far an actor sees with a permission."""
    reaches = actor.reaches(permission)
    is_nation = actor.is_operator or any(
        reach == Reach.NATION or (reach == Reach.PROVINCE and grant.scope_code == NATION)
        for reach, grant in reaches
    )
    codes = {grant.scope_code for reach, grant in reaches if reach == Reach.PROVINCE}
    return Scope(is_nation, tuple(sorted(codes - {NATION})))


def sees_province(session: Session, actor: Actor, permission: str, code: str) -> bool:
    """May an actor see a province: as a whole, or because it receives a pairing that is theirs?"""
    scope = scope_of(actor, permission)
    if scope.is_nation or code in scope.provinces:
        return code in province_names(session)
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Pairing.receiving_province_code == code, within(Pairing, actor, permission)
                )
            )
        )
    )


def _work_year(session: Session, year: int) -> WorkYear:
    try:
        return get_work_year(session, year)
    except LookupError:
        known = "、".join(str(one) for one in sorted(list_years(session)))
        sentence = f"没有 {year} 工作年度；现有工作年度：{known}。"
        raise Refused([Refusal("year", "unknown_year", sentence)]) from None


def _refusals_for_province(code: str | None, provinces: Mapping[str, str]) -> Iterable[Refusal]:
    if code and code not in provinces:
        yield Refusal(
            "province",
            "unknown_region",
            f"省份代码“{code}”不存在；请填六位省级区划代码，如 640000。",
        )


def unofficial_years(session: Session, summary: Summary) -> list[int]:
    """Return the years of the summary whose statutory calendar is not loaded: days may change."""
    years = range(summary.first_day.year, summary.last_day.year + 1)
    known = set(session.scalars(sa.select(CalendarYear.year).where(CalendarYear.year.in_(years))))
    return [year for year in years if year not in known]


def _is_demo(session: Session) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Programme.is_demo.is_(True)))))


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


def _townships(session: Session) -> dict[str, int]:
    rows = session.execute(
        sa.select(Township.county_code, sa.func.count()).group_by(Township.county_code)
    )
    return dict(rows.all())


def allocated_pairings(
    session: Session,
    year: int,
    scope: Scope,
    filters: Filters,
    known_before: datetime | None = None,
) -> dict[str, int] | None:
    """Return how many pairings the allocation table gives each receiving province.

    None for a reader who sees no province as a whole.
    """
    if scope.is_narrow:
        return None
    codes = [code for code in (filters.either_province,) if code]
    wanted = sa.select(Allocation.receiving_province_code, sa.func.sum(Allocation.pairs)).where(
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
    rows = session.execute(wanted.group_by(Allocation.receiving_province_code))
    return {code: int(pairs) for code, pairs in rows}


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


def _counties(
    session: Session,
    sums: Iterable[CountySums],
    key_counties: Mapping[str, str],
    provinces: set[str],
) -> list[County]:
    found = {county.county_code: county for county in sums}
    codes = {code for code, province in key_counties.items() if province in provinces}
    wanted = sorted(codes | found.keys())
    names = dict[str, str]()
    if wanted:
        rows = session.execute(sa.select(Region.code, Region.name).where(Region.code.in_(wanted)))
        names = dict(rows.all())
    return [
        County(
            code=code,
            name=names[code],
            province_code=key_counties.get(code) or found[code].receiving_province_code,
            is_key=code in key_counties,
            pairings=found[code].sums.pairings if code in found else 0,
            compliant_pairings=found[code].sums.compliant_pairings if code in found else 0,
        )
        for code in wanted
    ]
