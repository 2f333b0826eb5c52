"""The summary of a work year: what it says of the whole, its provinces, its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    CalendarYear,
    Region,
    WorkYear,
)
from models.types import Side
from portal.access.actor import OPERATOR, Actor
from portal.clock import date_of, end_of
from portal.compliance.pace_queries import paces_on
from portal.documents.reporter_queries import BLANK
from portal.funding.entitlement_rules import MONEY_TITLES, Entitlement
from portal.ledger.rules import Money
from portal.paging import Slice
from portal.pairings.effective_queries import in_year
from portal.programme.policy import Policy
from portal.programme.queries import (
    get_work_year,
    is_demo,
    list_years,
    policy_of_year,
    programme_of,
)
from portal.refusals import Refusal, Refused, refuse_if
from portal.summaries.area_rules import (
    Area,
    CountySums,
    Needs,
    Organisations,
    Sender,
    Shortage,
    all_senders,
    areas_of,
    needs_of,
    organisations_of,
    planned_by,
    senders_of,
    shortages_of,
    whole_of,
)
from portal.summaries.ground_queries import (
    Scope,
    always_shown,
    key_counties_on,
    key_counties_within,
    planned_pairings,
    province_names,
    scope_of,
    townships_by_county,
)
from portal.summaries.known_queries import known_lines
from portal.summaries.money_queries import READ as MONEY_READ
from portal.summaries.ready_queries import ReadyLines
from portal.summaries.ready_statement_queries import ready_statements
from portal.summaries.rules import (
    NO_FILTERS,
    NOTHING,
    Filters,
    PairingLine,
    Sums,
    due_of,
    refusals_for_as_of,
    total_of,
)


class Lines(Protocol):
    """The lines of a summary: all of them in order, their sums, or one page."""

    def __iter__(self) -> Iterator[PairingLine]: ...

    def count(self) -> int: ...

    def sums_by_county(self) -> list[CountySums]: ...

    def organisations_by(self, side: Side) -> dict[str, Organisations]: ...

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]: ...

    def page(self, sort: str, cursor: str | None, size: int) -> Slice[PairingLine]: ...


@dataclass(frozen=True, slots=True)
class County:
    """A county of the summary: a key county, or one with pairings, or both."""

    code: str
    name: str
    province_code: str
    is_key: bool
    pairings: int
    compliant_pairings: int
    is_covered: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands in the summary of a work year, on whatever paper it is written.

    ``provinces`` are those that receive, ``senders`` those that send: each adds up to the whole.
    ``listed`` counts the lines: those that are not confirmed stand there and count in no sum.
    ``pairings`` is read anew by each iteration, in the same snapshot as the sums. ``knows_money`` says
    whether the reader may read of money at all, ``to_key_counties`` is what went to pairings of theirs.
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
    knows_money: bool
    to_key_counties: Money
    listed: int
    totals: Area
    provinces: Sequence[Area]
    all_sent: Sender
    senders: Sequence[Sender]
    counties: Sequence[County]
    pairings: Lines
    province_names: Mapping[str, str]
    townships: Mapping[str, int]
    reporter: str = BLANK
    """填报单位 of a paper, where it leaves the portal."""

    def due_of(self, sums: Sums) -> Entitlement:
        """Return what is due for the sending organisations of some lines."""
        return due_of(sums, self.policy)

    def money_of(self, sums: Sums) -> Money:
        """Return the money of the sending organisations of some lines."""
        return Money(*sums.money)

    @property
    def money_titles(self) -> Mapping[str, str]:
        """The findings about money."""
        return MONEY_TITLES


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
    day = as_of or today
    lines: Lines = (
        ReadyLines(
            session,
            ready_statements(
                actor,
                permission,
                year,
                filters,
                in_year(session, year),
                day,
                policy,
                paces_on(session, year, day, policy),
            ),
        )
        if known_before is None
        else known_lines(
            session,
            actor,
            permission,
            year=year,
            policy=policy,
            known_before=known_before,
            filters=filters,
        )
    )
    scope = scope_of(actor, permission)
    key_counties = key_counties_on(session, work_year.ends_on)
    counties = lines.sums_by_county()
    townships = townships_by_county(session)
    received, sent = (lines.organisations_by(side) for side in (Side.RECEIVED, Side.SENT))
    organisations = organisations_of(received, sent)
    planned = planned_pairings(session, year, scope, filters, known_before)
    areas = areas_of(
        counties,
        names=provinces,
        key_counties=key_counties_within(key_counties, scope, filters),
        townships=townships,
        organisations=received,
        allocated=planned_by(Side.RECEIVED, planned),
        always=always_shown(scope, filters, key_counties.values()),
    )
    senders = senders_of(
        counties,
        names=provinces,
        organisations=sent,
        allocated=planned_by(Side.SENT, planned),
    )
    programme = programme_of(session, work_year.ends_on)
    return Summary(
        programme=programme.name if programme else "",
        year=year,
        first_day=work_year.starts_on,
        last_day=work_year.ends_on,
        as_of=day,
        is_past_state=known_before is not None,
        generated_at=now.astimezone(UTC),
        policy=policy,
        filters=filters,
        scope=scope,
        is_demo=is_demo(session),
        knows_money=actor.holds(MONEY_READ),
        to_key_counties=Money(
            *total_of(one.sums for one in counties if one.county_code in key_counties).money
        ),
        listed=lines.count(),
        totals=whole_of(areas, organisations),
        provinces=areas,
        all_sent=all_senders(senders, organisations),
        senders=senders,
        counties=counties_of(session, counties, key_counties, {area.code for area in areas}),
        pairings=lines,
        province_names=provinces,
        townships=townships,
    )


def shortages_in(summary: Summary) -> dict[str, Shortage]:
    """Return what each receiving province lacks; nothing where days are asked of each person."""
    needs = needs_of(summary.policy)
    if needs is None:
        return {}
    return shortages_of(summary.provinces, summary.pairings.lacking_by_province(needs), needs)


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


def counties_of(
    session: Session,
    sums: Iterable[CountySums],
    key_counties: Mapping[str, str],
    provinces: set[str],
) -> list[County]:
    """Return the counties with pairings, and the key counties of some provinces; one query."""
    found: dict[str, list[CountySums]] = {}
    for county in sums:
        found.setdefault(county.county_code, []).append(county)
    totals = {code: total_of(one.sums for one in some) for code, some in found.items()}
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
            province_code=key_counties.get(code) or found[code][0].receiving_province_code,
            is_key=code in key_counties,
            pairings=totals.get(code, NOTHING).pairings,
            compliant_pairings=totals.get(code, NOTHING).compliant_pairings,
            is_covered=bool(totals.get(code, NOTHING).covering_pairings),
        )
        for code in wanted
    ]
