"""The logged days that an expenditure pays, or for which somebody travelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Expenditure, ExpenditureWorkday, Person, Workday
from models.types import ExpenseCategory, WorkdayState
from portal.access.loading import LARGEST_ID
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import PaidDay
from portal.spending.ground_queries import Rows, pieces
from portal.spending.rules import OPEN, STANDING

HANDED_IN = (WorkdayState.SUBMITTED, WorkdayState.CONFIRMED, WorkdayState.APPROVED)
"""A draft is nobody's but its author's; what was returned is written anew."""

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
    states = (WorkdayState.APPROVED,) if only_approved else HANDED_IN
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


def paid_days(
    session: Session, claim: SpendingClaim, *, of_person: int | None = None
) -> list[PaidDay]:
    """Return those of the days of a claim that its organisation's people handed in for its pairing.

    ``of_person`` keeps it to the days of one of them: whoever does not claim for all.
    """
    found = []
    for some in pieces(one for one in claim.workday_ids if one <= LARGEST_ID):
        wanted = (
            sa.select(Workday.id, Workday.worked_on, Workday.person_id, Workday.state)
            .join(Assignment, Assignment.id == Workday.assignment_id)
            .where(
                Workday.id.in_(some),
                Workday.pairing_id == claim.pairing_id,
                Assignment.organisation_id == claim.organisation_id,
                Workday.state.in_(HANDED_IN),
                Workday.half_days > 0,
            )
            .order_by(Workday.worked_on, Workday.id)
        )
        if of_person is not None:
            wanted = wanted.where(Workday.person_id == of_person)
        rows = session.execute(wanted)
        found += [PaidDay(*row[:3], row[3] == WorkdayState.APPROVED) for row in rows]
    return found


def unapproved_days(
    session: Session, expenditures: Sequence[Expenditure]
) -> dict[int, list[PaidDay]]:
    """Return the days of wages that are not approved any more, by expenditure; one query for each 400.

    A day is approved when it is claimed; it may be returned or corrected before the claim is booked.
    """
    found: dict[int, list[PaidDay]] = defaultdict(list)
    wages = [
        one.id
        for one in expenditures
        if one.state in OPEN and one.category == ExpenseCategory.WAGES
    ]
    for some in pieces(wages):
        rows = session.execute(
            sa.select(
                ExpenditureWorkday.expenditure_id, Workday.id, Workday.worked_on, Workday.person_id
            )
            .join(Workday, Workday.id == ExpenditureWorkday.workday_id)
            .where(
                ExpenditureWorkday.expenditure_id.in_(some),
                Workday.state != WorkdayState.APPROVED,
            )
            .order_by(Workday.worked_on, Workday.id)
        )
        for number, workday_id, worked_on, person_id in rows:
            found[number].append(PaidDay(workday_id, worked_on, person_id, is_approved=False))
    return found
