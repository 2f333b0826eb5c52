"""What a closed work year holds fast of an assignment: the days that its state lets count or not.

The totals refuse whatever would change a closed year (decision 0020). Here it is known before: for
the page that gives the reason beside its buttons, and for the import that names the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Workday
from models.types import AssignmentState, Side
from portal.people.rules import CertificateFacts
from portal.programme.policy import Policy
from portal.programme.queries import closed_years_between, in_closed_year, policy_of_year
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal
from portal.staffing.qualification_rules import checks_of_person
from portal.staffing.queries import facts_of
from portal.staffing.rules import Facts
from portal.totals.queries import standing_under

QUALIFIES = sa.and_(
    Assignment.state == AssignmentState.APPROVED,
    Assignment.exception_reason.is_(None),
    Pairing.confirmed_at.is_not(None),
)
"""The condition of assignments of which the days count as soon as the person qualifies."""


QUALIFYING = "改变其资格和已核准的工作日"


class Frozen(NamedTuple):
    """An assignment with decided days in a closed work year."""

    assignment_id: int
    person_id: int
    side: Side
    starts_on: date
    is_qualified: bool
    year: int


def list_frozen(session: Session, some: sa.ColumnElement[bool]) -> list[Frozen]:
    """Return which of some assignments have decided days in closed years (a query a year)."""
    terms = sa.join(Workday, Assignment, Assignment.id == Workday.assignment_id)
    source = terms.join(Pairing, Pairing.id == Workday.pairing_id)
    closed = sa.and_(some, in_closed_year(Workday.year, Pairing.receiving_province_code))
    years = session.scalars(sa.select(Workday.year).select_from(source).where(closed).distinct())
    found: list[Frozen] = []
    for year in sorted(years):
        decided = standing_under(policy_of_year(session, year)).decided
        wanted = (
            sa.select(
                Assignment.id,
                Assignment.person_id,
                Assignment.side,
                Assignment.starts_on,
                Assignment.is_qualified,
                Workday.year,
            )
            .select_from(source)
            .where(closed, Workday.year == year, decided, Workday.worth_centidays > 0)
            .distinct()
        )
        found += [Frozen(*row) for row in session.execute(wanted)]
    return found


def refusals_for_turning(
    frozen: Sequence[Frozen],
    *,
    certificates: Sequence[CertificateFacts],
    service_started_on: date | None,
    policies: Mapping[date, Policy],
) -> list[Refusal]:
    """Say which closed years a person's new facts would turn; ``frozen`` as of ``QUALIFIES``. Pure.

    ``policies`` holds the policy on the first day of each assignment.
    """
    years = set()
    for one in frozen:
        checks = checks_of_person(
            side=one.side,
            certificates=certificates,
            service_started_on=service_started_on,
            first_day=one.starts_on,
            policy=policies[one.starts_on],
        )
        if all(check.is_met for check in checks) != one.is_qualified:
            years.add(one.year)
    return refusals_for_closed_years(years, QUALIFYING)


def facts_for_offers(session: Session, assignment: Assignment, today: date) -> Facts:
    """Return what the steps of an assignment ask, with what closed years forbid of them."""
    facts = facts_of(session, assignment, today=today, workdays=True)
    is_approved = assignment.state == AssignmentState.APPROVED
    if assignment.state == AssignmentState.NOMINATED or (is_approved and not facts.is_qualified):
        facts = facts._replace(years_if_counting=years_if_counting(session, assignment))
    if is_approved:
        facts = facts._replace(years_if_shortened=_years_if_shortened(session, assignment))
    return facts


def years_if_counting(session: Session, assignment: Assignment) -> tuple[int, ...]:
    """Return the closed years whose decided days an approval or an exception would have count."""
    years = {one.year for one in list_frozen(session, Assignment.id == assignment.id)}
    return tuple(sorted(years))


def _years_if_shortened(session: Session, assignment: Assignment) -> tuple[int, ...]:
    """Return the closed year of its last day, if it is: no earlier last day is left."""
    pairing = session.get_one(Pairing, assignment.pairing_id)
    last, province = assignment.ends_on, pairing.receiving_province_code
    return tuple(closed_years_between(session, last, last, province))


def refusals_for_qualifying(session: Session, person_id: int) -> list[Refusal]:
    """Say which closed years keep a person as qualified, or not, as the days of them found it."""
    rows = list_frozen(session, sa.and_(Assignment.person_id == person_id, QUALIFIES))
    return refusals_for_closed_years({one.year for one in rows}, QUALIFYING)
