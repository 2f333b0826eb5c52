"""The logged days that an expenditure pays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Expenditure,
    ExpenditureWorkday,
    Person,
    Workday,
)
from models.types import ExpenseCategory, WorkdayState
from portal.spending.eligibility_rules import (
    PaidDay,
)
from portal.spending.ground_queries import Rows, pieces
from portal.spending.rules import STANDING

SHOWN = 20
"""Characters of a day's work that the form shows."""


class LoggedDay(NamedTuple):
    """A logged day as the form offers it."""

    id: int
    worked_on: date
    half_days: int
    person_id: int
    person_name: str
    description: str
    state: WorkdayState

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"

    @property
    def label(self) -> str:
        said = f"{self.worked_on} {self.days} 天 {self.person_name}：{self.description[:SHOWN]}"
        return f"{said}（{self.state.label}）" if self.state != WorkdayState.APPROVED else said


MOST_DAYS = 62
"""Days that the form offers at once: of two months."""


def logged_days(
    session: Session,
    pairing_id: int,
    people: Collection[int],
    first: date,
    last: date,
    *,
    only_approved: bool,
) -> list[LoggedDay]:
    """Return the days that these people logged for a pairing between two dates, latest first."""
    states = (
        [WorkdayState.APPROVED]
        if only_approved
        else [
            WorkdayState.SUBMITTED,
            WorkdayState.CONFIRMED,
            WorkdayState.APPROVED,
        ]
    )
    rows = session.execute(
        _days()
        .where(
            Workday.pairing_id == pairing_id,
            Workday.person_id.in_(sorted(people)),
            Workday.worked_on.between(first, last),
            Workday.state.in_(states),
            Workday.half_days > 0,
        )
        .order_by(Workday.worked_on.desc(), Person.name_order, Workday.id.desc())
        .limit(MOST_DAYS)
    )
    return [LoggedDay(*row) for row in rows]


def already_paid(session: Session, ids: Collection[int], besides: int | None) -> set[int]:
    """Return those of these days that other wages pay already."""
    wanted = (
        sa.select(ExpenditureWorkday.workday_id)
        .join(Expenditure, Expenditure.id == ExpenditureWorkday.expenditure_id)
        .where(
            ExpenditureWorkday.workday_id.in_(sorted(ids)),
            Expenditure.category == ExpenseCategory.WAGES,
            Expenditure.state.in_(STANDING),
            Expenditure.id.is_distinct_from(besides),
        )
    )
    return set(session.scalars(wanted))


def days_of(session: Session, expenditure_id: int) -> list[LoggedDay]:
    """Return the days that an expenditure pays, in order."""
    rows = session.execute(
        _days()
        .join(ExpenditureWorkday, ExpenditureWorkday.workday_id == Workday.id)
        .where(ExpenditureWorkday.expenditure_id == expenditure_id)
        .order_by(Workday.worked_on, Workday.id)
    )
    return [LoggedDay(*row) for row in rows]


def _days() -> Rows:
    return sa.select(
        Workday.id,
        Workday.worked_on,
        Workday.half_days,
        Workday.person_id,
        Person.name,
        Workday.description,
        Workday.state,
    ).join(Person, Person.id == Workday.person_id)


def paid_days(session: Session, pairing_id: int, ids: Collection[int]) -> list[PaidDay]:
    """Return those of these days that belong to a pairing."""
    found = []
    for some in pieces(ids):
        rows = session.execute(
            sa.select(Workday.id, Workday.worked_on, Workday.person_id, Workday.state)
            .where(Workday.id.in_(some), Workday.pairing_id == pairing_id)
            .order_by(Workday.worked_on, Workday.id)
        )
        found += [PaidDay(*row[:3], row[3] == WorkdayState.APPROVED) for row in rows]
    return found
