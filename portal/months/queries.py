"""How a person's month stands, who has declared it, and whether a declaration still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, MonthDeclaration, Pairing, Region, Workday
from models.types import AssignmentState, Side, WorkdayState
from portal.calendar.queries import load_calendar
from portal.months.rules import Left, OwnTerm, empty_days
from portal.standards.dates import last_of_month
from portal.totals.queries import HALVES


def stands() -> sa.ColumnElement[bool]:
    """Return the condition under which a declaration still holds.

    Not withdrawn, nothing entered after it, and no more handed in than it knew: so neither an import
    nor a change of a date has to think of it.
    """
    one = MonthDeclaration
    said = (one.person_id, one.pairing_id, one.month, one.last_day)
    is_new = (Workday.corrects_id.is_(None), Workday.entered_at > one.declared_at)
    later = (sa.exists().where(*part, *is_new).correlate(one) for part in _halves_handed_in(*said))
    return sa.and_(
        one.withdrawn_at.is_(None),
        sa.not_(sa.or_(*later)),
        count_handed_in(*said) <= one.half_days,
    )


def count_handed_in(
    person_id: Any, pairing_id: Any, first: Any, last: Any
) -> sa.ColumnElement[int]:
    """Return how many halves of a span of dates a person has handed in for a pairing."""
    counts = [
        sa.select(sa.func.count())
        .select_from(Workday)
        .where(*part)
        .correlate(MonthDeclaration, Assignment)
        .scalar_subquery()
        for part in _halves_handed_in(person_id, pairing_id, first, last)
    ]
    return counts[0] + counts[1]


def _halves_handed_in(
    person_id: Any, pairing_id: Any, first: Any, last: Any
) -> list[tuple[Any, ...]]:
    # Each half by itself: only so both databases use its unique index, by person and date.
    return [
        (
            half,
            Workday.person_id == person_id,
            Workday.worked_on.between(first, last),
            Workday.pairing_id == pairing_id,
            Workday.state.not_in((WorkdayState.DRAFT, WorkdayState.SUPERSEDED)),
        )
        for half in (Workday.takes_first_half, Workday.takes_second_half)
    ]


class Declared(NamedTuple):
    """What a person said of a month; ``holds`` says whether that is still so."""

    declared_at: datetime
    is_withdrawn: bool
    holds: bool


class OwnPlace(NamedTuple):
    """A pairing for which a person works or worked."""

    pairing_id: int
    code: str
    county_name: str
    side: Side

    @property
    def label(self) -> str:
        return f"{self.county_name}（{self.code}，{self.side.label}）"


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A person's month in a pairing: what is handed in, what is left, which working days are empty."""

    place: OwnPlace
    person_id: int
    month: date
    terms: Sequence[OwnTerm]
    half_days: int
    left: Left
    empty: Sequence[date]
    declared: Declared | None
    is_over: bool

    @property
    def holds(self) -> bool:
        return self.declared is not None and self.declared.holds

    @property
    def key(self) -> str:
        return f"{self.month:%Y-%m}"


def list_places(session: Session, person_id: int) -> list[OwnPlace]:
    """Return the pairings in effect for which a person works or worked, the latest first."""
    rows = session.execute(
        sa.select(Pairing.id, Pairing.code, Region.name, Assignment.side)
        .select_from(Assignment)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .where(
            Assignment.person_id == person_id,
            Assignment.state != AssignmentState.REJECTED,
            Pairing.confirmed_at.is_not(None),
        )
        .group_by(Pairing.id, Pairing.code, Region.name, Assignment.side)
        .order_by(sa.func.max(Assignment.ends_on).desc(), Pairing.code)
    )
    return [OwnPlace._make(row) for row in rows]


def own_month(
    session: Session, place: OwnPlace, person_id: int, month: date, today: date
) -> OwnMonth:
    """Return how a month of a person in a pairing stands, in a fixed number of queries."""
    last = last_of_month(month)
    terms = [
        OwnTerm._make(row)
        for row in session.execute(
            sa.select(Assignment.starts_on, Assignment.ends_on)
            .where(
                Assignment.pairing_id == place.pairing_id,
                Assignment.person_id == person_id,
                Assignment.side == place.side,
                Assignment.state != AssignmentState.REJECTED,
            )
            .order_by(Assignment.starts_on)
        )
    ]
    entries = session.execute(
        sa.select(Workday.pairing_id, Workday.worked_on, Workday.state, HALVES).where(
            # By the pairing, too: working days are indexed by it.
            Workday.pairing_id.in_(
                sa.select(Assignment.pairing_id).where(Assignment.person_id == person_id)
            ),
            Workday.person_id == person_id,
            Workday.worked_on.between(month, last),
            Workday.state != WorkdayState.SUPERSEDED,
        )
    ).all()
    here = [row for row in entries if row[0] == place.pairing_id]
    return OwnMonth(
        place=place,
        person_id=person_id,
        month=month,
        terms=terms,
        half_days=sum(row[3] for row in here if row[2] != WorkdayState.DRAFT),
        left=Left(
            drafts=sum(row[2] == WorkdayState.DRAFT for row in here),
            returned=sum(row[2] == WorkdayState.RETURNED for row in here),
        ),
        empty=empty_days(
            month,
            terms=terms,
            taken={row[1] for row in entries},
            calendar=load_calendar(session, month, last),
            today=today,
        ),
        declared=_declared(session, place.pairing_id, person_id, month),
        is_over=last < today,
    )


def _declared(session: Session, pairing_id: int, person_id: int, month: date) -> Declared | None:
    row = session.execute(
        sa.select(
            MonthDeclaration.declared_at, MonthDeclaration.withdrawn_at.is_not(None), stands()
        ).where(
            MonthDeclaration.person_id == person_id,
            MonthDeclaration.pairing_id == pairing_id,
            MonthDeclaration.month == month,
        )
    ).one_or_none()
    return Declared(row[0], bool(row[1]), bool(row[2])) if row else None
