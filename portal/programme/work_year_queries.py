"""Reading the programmes with their work years, and what closing one leaves undone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    FundYearTotal,
    Pairing,
    PairingYear,
    PairingYearTotal,
    Person,
    Programme,
    Region,
    Settlement,
    Workday,
    WorkYear,
    WorkYearDecision,
)
from models.types import NATION, NATION_NAME, SettlementState, WorkdayState, WorkYearState
from portal.access.actor import OPERATOR, Actor
from portal.access.loading import Unseen
from portal.procedures.offer_rules import Offer, offers
from portal.procedures.timeline_queries import Event, Track, timeline
from portal.programme.closing_rules import LIFE, ClosingFacts
from portal.programme.period_rules import Moved

PREPARED_BEFORE = timedelta(days=60)
"""So long before the last work year ends the next one is asked for."""

UNFINISHED = (
    WorkdayState.CONFIRMED,
    WorkdayState.SUBMITTED,
    WorkdayState.RETURNED,
    WorkdayState.DRAFT,
)
"""States in which an entry of a closed year stays for good, the nearest to counting first."""


class WorkYearRow(NamedTuple):
    """A work year, or a province's dates for it; ``closed_*`` are None while it is open."""

    programme_id: int
    year: int
    region_code: str
    region_name: str
    starts_on: date
    ends_on: date
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None
    state: WorkYearState

    def offers(self, actor: Actor) -> list[Offer]:
        """Return what somebody may do with it now."""
        facts = ClosingFacts(self.state, self.title)
        held = [name for name in LIFE.permissions if actor.holds(name)]
        return offers(LIFE, facts, person_id=actor.person_id, permissions=held)

    @property
    def is_own(self) -> bool:
        """Are these the dates of one province only?"""
        return self.region_code != NATION

    @property
    def title(self) -> str:
        """Return 2022 工作年度, with the province whose dates these are."""
        return title_of(self.year, self.region_name if self.is_own else None)


def title_of(year: int, province: str | None) -> str:
    """Return the name of a work year, with the province whose dates it has, if it has its own."""
    return f"{year} 工作年度" + (f"（{province}）" if province else "")


class ProgrammeRow(NamedTuple):
    """A programme with its common work years and those of provinces with dates of their own."""

    code: str
    name: str
    document_number: str | None
    starts_on: date
    ends_on: date
    is_demo: bool
    years: list[WorkYearRow]
    own_years: list[WorkYearRow]

    @property
    def is_open(self) -> bool:
        """Does any of its work years take entries?"""
        return any(one.closed_at is None for one in (*self.years, *self.own_years))


class Unfinished(NamedTuple):
    """Entries of one state: how many, and how many half days they hold."""

    state: WorkdayState
    entries: int
    half_days: int


class WorkYearContents(NamedTuple):
    """What a work year holds: its effective pairings, how many comply, and what is not finished."""

    pairings: int
    compliant: int
    unfinished: list[Unfinished]
    unsettled: int
    """Organisations that had money in it, and whose settlement is not closed."""

    @property
    def waiting(self) -> int:
        """Return how many entries wait for a confirmation or an approval."""
        return sum(
            row.entries
            for row in self.unfinished
            if row.state in (WorkdayState.SUBMITTED, WorkdayState.CONFIRMED)
        )


def list_programmes(session: Session) -> list[ProgrammeRow]:
    """Return all programmes, latest first, with their work years in order (two queries)."""
    years: dict[int, list[WorkYearRow]] = defaultdict(list)
    for row in _work_years(session, sa.true()):
        years[row.programme_id].append(row)
    return [
        ProgrammeRow(
            one.code,
            one.name,
            one.document_number,
            one.starts_on,
            one.ends_on,
            one.is_demo,
            [row for row in years[one.id] if not row.is_own],
            [row for row in years[one.id] if row.is_own],
        )
        for one in session.scalars(sa.select(Programme).order_by(Programme.starts_on.desc()))
    ]


def find_work_year(session: Session, year: int, region_code: str) -> WorkYearRow | None:
    """Return a work year of exactly this scope: ``CN`` or a province with its own dates."""
    found = _work_years(session, (WorkYear.year == year) & (WorkYear.region_code == region_code))
    return found[0] if found else None


def chosen(session: Session, year: int, region_code: str) -> WorkYearRow:
    """Return the work year that an address names; raise :class:`Unseen` if there is none."""
    found = find_work_year(session, year, region_code)
    if found is None:
        raise Unseen("work_year")
    return found


def closing_facts(session: Session, work_year: WorkYear) -> ClosingFacts:
    """Return what closing a work year, and opening it again, ask of it."""
    name = region_name(session, work_year.region_code)
    return ClosingFacts(work_year.state, title_of(work_year.year, name))


def history_of(session: Session, year: int, region_code: str) -> list[Event]:
    """Return what was decided on a work year, latest first."""
    which = sa.and_(WorkYear.year == year, WorkYear.region_code == region_code)
    return timeline(session, Track(LIFE, WorkYear, which))


def years_in_force(session: Session, region_code: str) -> list[WorkYearRow]:
    """Return the work years that hold in a scope: of each year its own dates, else the common ones."""
    rows = _work_years(session, WorkYear.region_code.in_([NATION, region_code]))
    found = {row.year: row for row in rows if not row.is_own}
    return sorted((found | {row.year: row for row in rows if row.is_own}).values())


def region_name(session: Session, region_code: str) -> str | None:
    """Return the name of a province; None for the nation."""
    return session.scalar(sa.select(Region.name).where(Region.code == region_code))


def moved_by(
    session: Session, year: int, starts_on: date, ends_on: date, region_code: str
) -> Moved:
    """Count what a province's own dates of a year would tear apart: days, and pairings left out."""
    inside = Workday.worked_on.between(starts_on, ends_on)
    of_year = Workday.year == year
    workdays = session.scalar(
        sa.select(sa.func.count())
        .select_from(Workday)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .where(
            Pairing.receiving_province_code == region_code,
            sa.or_(inside & ~of_year, ~inside & of_year),
        )
    )
    pairings = session.scalar(
        sa.select(sa.func.count())
        .select_from(PairingYear)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(
            Pairing.receiving_province_code == region_code,
            PairingYear.year == year,
            sa.or_(Pairing.ends_on < starts_on, Pairing.starts_on > ends_on),
        )
    )
    return Moved(workdays or 0, pairings or 0)


def first_day_missing(session: Session, today: date) -> date | None:
    """Return the first day from today on, within the time to prepare, that no work year has."""
    last = today + PREPARED_BEFORE
    day = today
    for row in _work_years(session, (WorkYear.region_code == NATION) & (WorkYear.ends_on >= day)):
        if row.starts_on > day:
            break
        day = max(day, row.ends_on + timedelta(days=1))
    return day if day <= last else None


def first_day_free(session: Session) -> tuple[date | None, int]:
    """Return the day after the last programme, and how many years that one touched."""
    last = session.scalars(
        sa.select(Programme).order_by(Programme.ends_on.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return None, 0
    return last.ends_on + timedelta(days=1), last.ends_on.year - last.starts_on.year + 1


def standing_of(session: Session, work_year: WorkYearRow) -> WorkYearContents:
    """Return what a work year holds; the common one leaves out provinces with own dates.

    A pairing that is not confirmed is none of its pairings, as everywhere (decision 0018); what
    waits is counted whosever it is, since it stays as it is for good.
    """
    province = PairingYearTotal.receiving_province_code
    own = sa.select(WorkYear.region_code).where(
        WorkYear.year == work_year.year, WorkYear.region_code != NATION
    )
    inside = province == work_year.region_code if work_year.is_own else province.not_in(own)
    of_year = (PairingYearTotal.year == work_year.year) & inside
    pairings, compliant = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.cast(PairingYearTotal.is_compliant, sa.Integer)), 0),
        )
        .join(Pairing, Pairing.id == PairingYearTotal.pairing_id)
        .where(of_year, Pairing.confirmed_at.is_not(None))
    ).one()
    rows = session.execute(
        sa.select(Workday.state, sa.func.count(), sa.func.sum(Workday.half_days))
        .where(
            Workday.year == work_year.year,
            Workday.state.in_(UNFINISHED),
            Workday.pairing_id.in_(sa.select(PairingYearTotal.pairing_id).where(of_year)),
        )
        .group_by(Workday.state)
    )
    found = {state: Unfinished(state, entries, int(halves)) for state, entries, halves in rows}
    return WorkYearContents(
        pairings,
        int(compliant),
        [found[state] for state in UNFINISHED if state in found],
        _unsettled(session, work_year.year),
    )


def _unsettled(session: Session, year: int) -> int:
    """Count the organisations that had money in a year, and whose settlement of it is not closed."""
    money = FundYearTotal
    is_closed = sa.exists().where(
        Settlement.organisation_id == money.organisation_id,
        Settlement.year == money.year,
        Settlement.state == SettlementState.CLOSED,
    )
    wanted = (
        sa.select(sa.func.count())
        .select_from(money)
        .where(
            money.year == year,
            sa.or_(money.received_fen != 0, money.disbursed_fen != 0, money.balance_fen != 0),
            ~is_closed,
        )
    )
    return session.scalar(wanted) or 0


def _work_years(session: Session, condition: sa.ColumnElement[bool]) -> list[WorkYearRow]:
    closer = sa.case(
        (WorkYear.closed_at.is_(None), None),
        else_=sa.func.coalesce(Person.name, Account.login, OPERATOR.name),
    )
    last = (
        sa.select(sa.func.max(WorkYearDecision.id))
        .where(WorkYearDecision.work_year_id == WorkYear.id)
        .correlate(WorkYear)
        .scalar_subquery()
    )
    closing = sa.and_(WorkYear.closed_at.is_not(None), WorkYearDecision.id == last)
    rows = session.execute(
        sa.select(
            WorkYear.programme_id,
            WorkYear.year,
            WorkYear.region_code,
            sa.func.coalesce(Region.name, NATION_NAME),
            WorkYear.starts_on,
            WorkYear.ends_on,
            WorkYear.closed_at,
            closer,
            WorkYearDecision.reason,
            WorkYear.state,
        )
        .outerjoin(Region, Region.code == WorkYear.region_code)
        .outerjoin(WorkYearDecision, closing)
        .outerjoin(Account, Account.id == WorkYearDecision.account_id)
        .outerjoin(Person, Person.id == WorkYearDecision.person_id)
        .where(condition)
        .order_by(WorkYear.year, WorkYear.region_code)
    )
    return [WorkYearRow(*row) for row in rows]
