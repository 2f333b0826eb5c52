"""Reading the programmes with their work years, and what closing one leaves undone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, PairingYearTotal, Person, Programme, Region, Workday, WorkYear
from models.programme import NATION, NATION_NAME
from models.types import WorkdayState
from portal.access.actor import OPERATOR

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

    @property
    def is_own(self) -> bool:
        """Are these the dates of one province only?"""
        return self.region_code != NATION

    @property
    def title(self) -> str:
        """Return 2022 工作年度, with the province whose dates these are."""
        return f"{self.year} 工作年度" + (f"（{self.region_name}）" if self.is_own else "")


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


class Unfinished(NamedTuple):
    """Entries of one state: how many, and how many half days they hold."""

    state: WorkdayState
    entries: int
    half_days: int


class Standing(NamedTuple):
    """What a work year holds: its pairings, how many comply, and what is not finished."""

    pairings: int
    compliant: int
    unfinished: list[Unfinished]

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


def standing_of(session: Session, work_year: WorkYearRow) -> Standing:
    """Return what a work year holds; the common one leaves out provinces with own dates."""
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
        ).where(of_year)
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
    return Standing(
        pairings, int(compliant), [found[state] for state in UNFINISHED if state in found]
    )


def _work_years(session: Session, condition: sa.ColumnElement[bool]) -> list[WorkYearRow]:
    closer = sa.case(
        (WorkYear.closed_at.is_(None), None),
        else_=sa.func.coalesce(Person.name, Account.login, OPERATOR.name),
    )
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
            WorkYear.closed_reason,
        )
        .outerjoin(Region, Region.code == WorkYear.region_code)
        .outerjoin(Account, Account.id == WorkYear.closed_by_account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(condition)
        .order_by(WorkYear.year, WorkYear.region_code)
    )
    return [WorkYearRow(*row) for row in rows]
