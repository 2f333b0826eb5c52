"""How a person's month stands, who has declared it, and whether a declaration still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Assignment, MonthDeclaration, Organisation, Pairing, Person, Region, Workday
from models.database import Moment
from models.types import AssignmentState, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.calendar.queries import load_calendar
from portal.causes import Rows
from portal.matching import has_every_word, is_part_of_name
from portal.months.rules import Left, OwnTerm, empty_days
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
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


class MonthRow(NamedTuple):
    """A person at work in a month, and whether they have declared it."""

    pairing_code: str
    county_name: str
    organisation: str
    person_name: str
    side: Side
    half_days: int
    declared_at: datetime | None
    holds: bool
    assignment_id: str

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"


class DeclaredShare(NamedTuple):
    """How many people were at work in a month, and how many of them have declared it."""

    people: int
    declared: int

    @property
    def percent(self) -> str:
        return f"{self.declared / self.people:.0%}" if self.people else "—"


@dataclass(frozen=True, slots=True)
class MonthsAsked:
    """What the list is asked for. ``declared`` is yes or no."""

    month: date
    pairing: str = ""
    person: str = ""
    declared: str = ""


def list_people(
    session: Session,
    actor: Actor,
    filters: MonthsAsked,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[MonthRow]:
    """Return a page of the people within an actor's reach who were at work in a month."""
    handed_in = count_handed_in(
        Assignment.person_id, Assignment.pairing_id, filters.month, last_of_month(filters.month)
    )
    holds = _holds()
    columns: tuple[Any, ...] = (
        Pairing.code,
        Region.name,
        Organisation.name,
        Person.name,
        Assignment.side,
        handed_in,
        MonthDeclaration.declared_at,
        holds,
        Assignment.public_id,
    )
    wanted = _at_work(sa.select(*columns), actor, filters)
    if filters.declared:
        wanted = wanted.where(holds if filters.declared == "yes" else sa.not_(holds))
    orders = (Order(Pairing.code), Order(Assignment.side), Order(Person.name_order),
              Order(Assignment.id))  # fmt: skip

    def make(row: Sequence[Any]) -> MonthRow:
        return MonthRow._make((*row[:7], bool(row[7]), row[8]))

    return read_slice(session, wanted, orders, cursor=cursor, make=make, size=size)


def share_of(session: Session, actor: Actor, filters: MonthsAsked) -> DeclaredShare:
    """Return how many of those people have declared, whatever the list asks of that."""
    columns: tuple[Any, ...] = (sa.func.count(), sa.func.count(sa.case((_holds(), 1))))
    people, declared = session.execute(_at_work(sa.select(*columns), actor, filters)).one()
    return DeclaredShare(people, declared)


def _holds() -> sa.ColumnElement[bool]:
    return sa.and_(MonthDeclaration.id.is_not(None), stands())


def _at_work(wanted: sa.Select[Any], actor: Actor, filters: MonthsAsked) -> sa.Select[Any]:
    """Join people with their pairing and month; of several terms in it the last speaks."""
    last, other = last_of_month(filters.month), aliased(Assignment)

    def overlaps(one: Any) -> sa.ColumnElement[bool]:
        return sa.and_(
            one.state == AssignmentState.APPROVED,
            one.starts_on <= last,
            one.ends_on >= filters.month,
        )

    later = sa.exists().where(
        other.person_id == Assignment.person_id,
        other.pairing_id == Assignment.pairing_id,
        other.side == Assignment.side,
        other.id > Assignment.id,
        overlaps(other),
    )
    wanted = (
        wanted.select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .outerjoin(
            MonthDeclaration,
            sa.and_(
                MonthDeclaration.person_id == Assignment.person_id,
                MonthDeclaration.pairing_id == Assignment.pairing_id,
                MonthDeclaration.month == filters.month,
            ),
        )
        .where(
            within(Assignment, actor, "assignment.read"),
            overlaps(Assignment),
            ~later,
            Pairing.confirmed_at.is_not(None),
            Pairing.starts_on <= last,
            Pairing.ends_on >= filters.month,
        )
    )
    if filters.pairing:
        wanted = wanted.where(bears_code([normalise_code(filters.pairing)]))
    if filters.person:
        named = has_every_word(filters.person, lambda word: [is_part_of_name(Person, word)])
        wanted = wanted.where(*named)
    return wanted


def overtaken(actor: Actor, _moment: Moment) -> Rows:
    """Select the own declarations that no longer hold, for something was handed in since."""
    _, condition = overtaken_of(actor)
    return (
        sa.select(
            MonthDeclaration.declared_at.label("since"),
            Pairing.code.label("who"),
            MonthDeclaration.month.label("day"),
            sa.cast(sa.null(), sa.Text).label("why"),
        )
        .join(Pairing, Pairing.id == MonthDeclaration.pairing_id)
        .where(sa.false() if condition is None else condition)
    )


def overtaken_of(actor: Actor) -> tuple[Any, sa.ColumnElement[bool] | None]:
    """Return the key of a declaration, and the condition of an actor's own that no longer hold."""
    if not actor.reaches("workday.write"):
        return MonthDeclaration.id, None
    condition = sa.and_(
        MonthDeclaration.person_id == actor.person_id,
        MonthDeclaration.withdrawn_at.is_(None),
        sa.not_(stands()),
    )
    return MonthDeclaration.id, condition


def reopened_months(session: Session, actor: Actor) -> list[date]:
    """Return the months that an actor has declared complete and that no longer are."""
    _, condition = overtaken_of(actor)
    if condition is None:
        return []
    months = sa.select(MonthDeclaration.month).where(condition).distinct()
    return list(session.scalars(months.order_by(MonthDeclaration.month)))
