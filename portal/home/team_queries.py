"""A manager's team: who of the own organisation works this year, month by month, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Person, PersonYearTotal, Workday
from models.database import run
from models.types import AssignmentState, Side
from portal.access.actor import Actor
from portal.access.policy import Reach

SHOWN_TEAM = 50
OWN: sa.BindParameter[Any] = sa.bindparam("own", expanding=True)


class Member(NamedTuple):
    """Somebody of the own organisation who is assigned in the year; days in hundredths."""

    person_id: int
    name: str
    pairing_id: int
    pairing_code: str
    side: Side
    state: AssignmentState
    is_qualified: bool
    counted_centidays: int
    pending_centidays: int


@dataclass(frozen=True, slots=True)
class Row:
    """A member with the days of each month, whatever their state, and the latest date entered."""

    member: Member
    months: Sequence[tuple[str, int]]
    last_day: date | None


def list_team(session: Session, actor: Actor, first: date, last: date, year: int) -> list[Row]:
    """Return who of the own organisation is assigned between two dates, by name (two queries)."""
    own = [
        grant.organisation_id
        for reach, grant in actor.reaches("assignment.read")
        if reach == Reach.ORGANISATION and grant.organisation_id is not None
    ]
    asked = {OWN.key: own, "first": first, "last": last, "the_year": year}
    members = [Member._make(row) for row in run(session, _members(), asked)]
    days = _days_by_month(session, asked)
    months = [month for month in range(1, 13) if first.month <= month <= last.month]
    return [_row(member, days[member.pairing_id, member.person_id], months) for member in members]


@cache
def _members() -> sa.Select[*tuple[Any, ...]]:
    days = PersonYearTotal
    return (
        sa.select(
            Person.id,
            Person.name,
            Pairing.id,
            Pairing.code,
            Assignment.side,
            Assignment.state,
            Assignment.is_qualified,
            sa.func.coalesce(days.counted_centidays, 0),
            sa.func.coalesce(days.pending_centidays, 0),
        )
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .outerjoin(
            days,
            sa.and_(
                days.pairing_id == Assignment.pairing_id,
                days.person_id == Assignment.person_id,
                days.side == Assignment.side,
                days.year == sa.bindparam("the_year"),
            ),
        )
        .where(
            Assignment.organisation_id.in_(OWN),
            Assignment.state != AssignmentState.REJECTED,
            Assignment.starts_on <= sa.bindparam("last"),
            Assignment.ends_on >= sa.bindparam("first"),
        )
        .order_by(Person.name_order, Assignment.id)
        .limit(SHOWN_TEAM)
    )


Months = Mapping[int, tuple[int, date]]
"""By month: hundredths of a day entered, and the latest date."""


def _days_by_month(
    session: Session, asked: Mapping[str, Any]
) -> defaultdict[tuple[int, int], dict[int, tuple[int, date]]]:
    """Return what the organisation's people entered, by (pairing, person) and month."""
    found: defaultdict[tuple[int, int], dict[int, tuple[int, date]]] = defaultdict(dict)
    for pairing_id, person_id, number, centidays, last in run(session, _by_month(), asked):
        found[pairing_id, person_id][int(number)] = (int(centidays), last)
    return found


@cache
def _by_month() -> sa.Select[Any]:
    assigned = sa.select(Assignment.id).where(Assignment.organisation_id.in_(OWN))
    pairings = sa.select(Assignment.pairing_id).where(Assignment.organisation_id.in_(OWN))
    month: Any = sa.extract("month", Workday.worked_on)
    return (
        sa.select(
            Workday.pairing_id,
            Workday.person_id,
            month,
            sa.func.sum(Workday.worth_centidays),
            sa.func.max(Workday.worked_on),
        )
        .where(
            Workday.pairing_id.in_(pairings),
            Workday.year == sa.bindparam("the_year"),
            Workday.assignment_id.in_(assigned),
            sa.or_(Workday.takes_first_half, Workday.takes_second_half),
        )
        .group_by(Workday.pairing_id, Workday.person_id, month)
    )


def _row(member: Member, days: Months, months: Sequence[int]) -> Row:
    return Row(
        member,
        [(f"{month}月", days[month][0] if month in days else 0) for month in months],
        max((last for _, last in days.values()), default=None),
    )
