"""What the pictures show, read from ready rows: a fixed number of queries, none over working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, PairingMonthTotal, PairingYearTotal, Region, WorkYear
from models.types import AssignmentState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.calendar.rules import Calendar
from portal.compliance.pace_queries import paces_on
from portal.dashboards.money_queries import NO_FLOW, MoneyFlow, money_flow
from portal.dashboards.reach_queries import Reach, reach_of
from portal.dashboards.rules import Curve, Span, curve, months_between, need_of
from portal.pairings.effective_queries import in_year
from portal.programme.policy import Policy
from portal.programme.queries import get_work_year
from portal.programme.regime_queries import regime_of
from portal.summaries.area_rules import (
    Area,
    CountySums,
    areas_of,
    organisations_of,
    planned_by,
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
)
from portal.summaries.money_queries import READ as MONEY_READ
from portal.summaries.money_queries import sees_money_of
from portal.summaries.queries import County, counties_of
from portal.summaries.ready_queries import ReadyLines
from portal.summaries.ready_statement_queries import conditions_of, how_many, ready_statements
from portal.summaries.rules import Filters

READ = "dashboard.read"
SINGLE = 15
"""Up to so many pairings, each has a row of its own in the heat map."""

Total, Month = PairingYearTotal, PairingMonthTotal


class Level(StrEnum):
    """What a row of the heat map stands for."""

    PROVINCE = "province"
    COUNTY = "county"
    PAIRING = "pairing"


class HeatRow(NamedTuple):
    """The counted days of a province, county or pairing, by month; in hundredths of a day."""

    code: str
    name: str
    province_code: str
    months: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.months.values())


class Flow(NamedTuple):
    """The pairings from one province to another."""

    sending_code: str
    receiving_code: str
    pairings: int
    compliant: int
    sent_centidays: int


class Stages(NamedTuple):
    """How many pairings have come how far; each is counted by itself.

    ``allocated`` is None where the allocation table says nothing of the year or of what is asked.
    """

    allocated: int | None
    paired: int
    agreed: int
    staffed: int
    running: int
    compliant: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What all pictures of a page show, of a work year and one set of filters."""

    year: int
    today: date
    span: tuple[date, date]
    months: Sequence[Span]
    policy: Policy
    filters: Filters
    scope: Scope
    names: Mapping[str, str]
    totals: Area
    areas: Sequence[Area]
    curves: Mapping[Side, Curve]
    reach: Mapping[Side, Reach]
    level: Level
    heat: Sequence[HeatRow]
    counties: Sequence[County]
    """Of the one province that is shown; none where several are."""
    flows: Sequence[Flow]
    money: MoneyFlow
    stages: Stages
    unofficial_years: Sequence[int]

    @property
    def shows_coverage(self) -> bool:
        """Does coverage of key counties say something? Not about some of the pairings only."""
        return not self.scope.is_narrow and self.filters.tells_coverage


def dashboard_of(
    session: Session, year: int, *, actor: Actor, today: date, filters: Filters
) -> Dashboard:
    """Return what the pictures show within what an actor may see."""
    work_year = get_work_year(session, year)
    span = (work_year.starts_on, work_year.ends_on)
    regime = regime_of(session)
    policy, calendar = regime.policy_of_year(year), regime.calendar
    visible, scope = within(Pairing, actor, READ), scope_of(actor, READ)
    of_year = in_year(session, year)
    conditions = _effective(year, filters, sa.and_(visible, of_year.is_effective()))
    paces = paces_on(session, year, today, policy)
    asked = ready_statements(actor, READ, year, filters, of_year, today, policy, paces)
    lines = ReadyLines(session, asked)
    counties = lines.sums_by_county()
    received, sent = (lines.organisations_by(side) for side in (Side.RECEIVED, Side.SENT))
    names, key_counties = province_names(session), key_counties_on(session, work_year.ends_on)
    within_reach = key_counties_within(key_counties, scope, filters)
    areas = areas_of(
        counties,
        names=names,
        key_counties=within_reach,
        townships={},
        organisations=received,
        allocated=planned_by(Side.RECEIVED, planned_pairings(session, year, scope, filters)),
        always=always_shown(scope, filters, key_counties.values()),
    )
    totals = whole_of(areas, organisations_of(received, sent))
    pairings = totals.sums.pairings
    level = _level(pairings, len({county.receiving_province_code for county in counties}))
    facts = (pairings, policy, span, calendar, today)
    months = list(months_between(*span))
    return Dashboard(
        year=year,
        today=today,
        span=span,
        months=months,
        policy=policy,
        filters=filters,
        scope=scope,
        names=names,
        totals=totals,
        areas=areas,
        curves=_curves(session, conditions, facts),
        reach=reach_of(session, conditions, facts),
        level=level,
        heat=_heat(session, conditions, level),
        counties=_counties_of_one_province(session, areas, counties, within_reach, filters),
        flows=_flows(session, conditions),
        money=money_flow(session, year, conditions, sees_money_of(actor, year), months)
        if actor.holds(MONEY_READ)
        else NO_FLOW,
        stages=_stages(session, conditions, work_year, totals, filters),
        unofficial_years=calendar.unofficial_years(*span),
    )


def _counties_of_one_province(
    session: Session,
    areas: Sequence[Area],
    sums: Iterable[CountySums],
    key_counties: Mapping[str, str],
    filters: Filters,
) -> list[County]:
    """Return the counties of the only province that is shown; nothing where several are."""
    provinces = {area.code for area in areas if area.sums.pairings or area.key_counties}
    if len(provinces) > 1:
        return []
    found = counties_of(session, sums, key_counties, provinces)
    return [one for one in found if filters.county in (None, one.code)]


def curves_within(
    session: Session, actor: Actor, year: int, today: date, pairings: int
) -> Mapping[Side, Curve]:
    """Return both curves of all pairings that an actor may see; ``pairings`` says how many."""
    work_year = get_work_year(session, year)
    span = (work_year.starts_on, work_year.ends_on)
    asked = sa.and_(within(Pairing, actor, READ), in_year(session, year).is_effective())
    conditions = _effective(year, Filters(), asked)
    regime = regime_of(session)
    facts = (pairings, regime.policy_of_year(year), span, regime.calendar, today)
    return _curves(session, conditions, facts)


def curves_of_pairing(
    session: Session, pairing: Pairing, year: int, today: date
) -> Mapping[Side, Curve] | None:
    """Return both curves of one pairing, or None if it does not take part in that year."""
    if session.get(PairingYearTotal, (pairing.id, year)) is None:
        return None
    work_year = get_work_year(session, year, pairing.receiving_province_code)
    span = (work_year.starts_on, work_year.ends_on)
    conditions = [Total.year == year, Total.pairing_id == pairing.id]
    regime = regime_of(session)
    facts = (1, regime.policy_of_year(year), span, regime.calendar, today)
    return _curves(session, conditions, facts)


def _effective(
    year: int, filters: Filters, asked: sa.ColumnElement[bool]
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the ready rows of the pairings that are asked for."""
    return [*conditions_of(year, filters), Total.pairing_id.in_(sa.select(Pairing.id).where(asked))]


def _level(pairings: int, provinces: int) -> Level:
    if pairings <= SINGLE:
        return Level.PAIRING
    return Level.PROVINCE if provinces > 1 else Level.COUNTY


def _curves(
    session: Session,
    conditions: Sequence[sa.ColumnElement[bool]],
    facts: tuple[int, Policy, tuple[date, date], Calendar, date],
) -> dict[Side, Curve]:
    """Return a curve for each side; ``facts``: pairings, policy, dates of the year, calendar, today."""
    pairings, policy, span, calendar, today = facts
    rows = session.execute(
        sa.select(
            Month.month,
            _sum(Month.sent_centidays),
            _sum(Month.received_centidays),
            _sum(Month.sent_pending_centidays),
            _sum(Month.received_pending_centidays),
        )
        .join(Total, _same(Month))
        .where(*conditions)
        .group_by(Month.month)
    ).all()
    return {
        side: curve(
            side,
            counted={row[0]: row[place] for row in rows},
            waiting={row[0]: row[place + 2] for row in rows},
            need=need_of(side, pairings, policy),
            year=span,
            calendar=calendar,
            today=today,
        )
        for place, side in enumerate((Side.SENT, Side.RECEIVED), 1)
    }


def _heat(
    session: Session, conditions: Sequence[sa.ColumnElement[bool]], level: Level
) -> list[HeatRow]:
    """Return a row for each province, county or pairing, those without a day too; one query."""
    code, region = {
        Level.PROVINCE: (Total.receiving_province_code, Total.receiving_province_code),
        Level.COUNTY: (Total.county_code, Total.county_code),
        Level.PAIRING: (Pairing.code, Total.county_code),
    }[level]
    days = Month.sent_centidays + Month.received_centidays
    rows = session.execute(
        sa.select(code, Region.name, Total.receiving_province_code, Month.month, _sum(days))
        .select_from(Total)
        .join(Pairing, Pairing.id == Total.pairing_id)
        .join(Region, Region.code == region)
        .outerjoin(Month, _same(Month))
        .where(*conditions)
        .group_by(code, Region.name, Total.receiving_province_code, Month.month)
        .order_by(Total.receiving_province_code, code, Month.month)
    )
    found: dict[str, HeatRow] = {}
    for key, name, province, month, centidays in rows:
        shown = f"{key} {name}" if level == Level.PAIRING else name
        months: dict[int, int] = dict(found[key].months) if key in found else {}
        if month is not None:
            months[month] = centidays
        found[key] = HeatRow(key, shown, province, months)
    return list(found.values())


def _flows(session: Session, conditions: Sequence[sa.ColumnElement[bool]]) -> list[Flow]:
    rows = session.execute(
        sa.select(
            Total.sending_province_code,
            Total.receiving_province_code,
            sa.func.count(),
            how_many(Total.is_compliant),
            _sum(Total.sent_centidays),
        )
        .where(*conditions)
        .group_by(Total.sending_province_code, Total.receiving_province_code)
        .order_by(Total.sending_province_code, Total.receiving_province_code)
    )
    return [Flow(*row) for row in rows]


def _stages(
    session: Session,
    conditions: Sequence[sa.ColumnElement[bool]],
    work_year: WorkYear,
    totals: Area,
    filters: Filters,
) -> Stages:
    staffed = sa.and_(*(_has_people(side, work_year) for side in Side))
    running = Total.sent_centidays + Total.received_centidays > 0
    row = session.execute(
        sa.select(how_many(staffed), how_many(running)).select_from(Total).where(*conditions)
    ).one()
    says_nothing = filters.finding or filters.county
    return Stages(
        allocated=None if says_nothing else totals.allocated or None,
        paired=totals.sums.pairings,
        agreed=totals.sums.met("no_agreement"),
        staffed=row[0],
        running=row[1],
        compliant=totals.sums.compliant_pairings,
    )


def _has_people(side: Side, work_year: WorkYear) -> sa.ColumnElement[bool]:
    """Is somebody approved for a side of the pairing at some time of the year?"""
    found: sa.ColumnElement[bool] = (
        sa.exists()
        .where(
            Assignment.pairing_id == Total.pairing_id,
            Assignment.side == side,
            Assignment.state == AssignmentState.APPROVED,
            # Says nothing new, but in these very words the index of pairings has its condition.
            sa.text("assignment.state <> 'rejected'"),
            Assignment.starts_on <= work_year.ends_on,
            Assignment.ends_on >= work_year.starts_on,
        )
        .correlate(Total)
    )
    return found


def _same(month: Any) -> sa.ColumnElement[bool]:
    return sa.and_(month.pairing_id == Total.pairing_id, month.year == Total.year)


# PostgreSQL sums integers into bigint or numeric; the cast keeps one integer type on both.
def _sum(figure: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(figure), 0), sa.BigInteger)
