"""The list of working days that somebody may see, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Person, Workday
from models.types import Hold, Side, Task, WorkdayState, WorkMode
from portal.access.actor import Actor
from portal.access.scope import within
from portal.clock import date_of
from portal.paging import COUNT_CAP, Order, Slice, read_slice
from portal.programme.policy import Policy
from portal.totals.queries import standing_under

SATURDAY = 5
SNIPPET = 60
"""Characters of 工作内容 that a list shows."""

ORDERS: dict[str, tuple[Order, ...]] = {
    "-date": (Order(Workday.worked_on, descending=True), Order(Workday.id, descending=True)),
    "date": (Order(Workday.worked_on), Order(Workday.id)),
    "-entered": (Order(Workday.id, descending=True),),
    "entered": (Order(Workday.id),),
}
"""By the word in the URL. Ids follow the order in which entries were made."""

DEFAULT_ORDER = "-date"


class Filters(NamedTuple):
    """What a list of working days is asked for; None asks for nothing.

    Without a state it holds everything but what is superseded; ``person`` is part of a name. A
    draft is listed for the person alone: nobody else is meant to read it yet.
    """

    year: int
    pairing: str | None = None
    side: Side | None = None
    state: WorkdayState | None = None
    person: str | None = None
    first_day: date | None = None
    last_day: date | None = None


def lag_of(entered_at: datetime, worked_on: date) -> int:
    """Return the days between the work and its entry (补录)."""
    return (date_of(entered_at) - worked_on).days


@dataclass(frozen=True, slots=True)
class WorkdayRow:
    """One line of a list."""

    id: int
    version: int
    worked_on: date
    person_id: int
    person_name: str
    pairing_code: str
    side: Side
    mode: WorkMode
    task: Task | None
    half_days: int
    state: WorkdayState
    is_rest_day: bool
    hold: Hold | None
    worth_centidays: int
    entered_at: datetime
    entered_by_person_id: int | None
    corrects_id: int | None
    snippet: str

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"

    @property
    def lag_days(self) -> int:
        return lag_of(self.entered_at, self.worked_on)

    @property
    def day_kind(self) -> str:
        """The kind of date, where it is not a plain working day."""
        if self.is_rest_day:
            return "休息日"
        return "调休上班" if self.worked_on.weekday() >= SATURDAY else ""


ROW_COLUMNS = (
    Workday.id,
    Workday.version,
    Workday.worked_on,
    Workday.person_id,
    Person.name,
    Pairing.code,
    Workday.side,
    Workday.mode,
    Workday.task,
    Workday.half_days,
    Workday.state,
    Workday.is_rest_day,
    Workday.hold,
    Workday.worth_centidays,
    Workday.entered_at,
    Workday.entered_by_person_id,
    Workday.corrects_id,
    sa.func.substr(Workday.description, 1, SNIPPET),
)


class ListRow(NamedTuple):
    """A working day and how it stands under the policy of its year."""

    day: WorkdayRow
    counts: bool
    waits: bool


class Sums(NamedTuple):
    """What the listed days come to, in days."""

    logged: float
    counted: float
    waiting: float


def list_workdays(
    session: Session,
    actor: Actor,
    filters: Filters,
    policy: Policy,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
) -> Slice[ListRow]:
    """Return a page of the days that an actor may see (two queries)."""
    standing = standing_under(policy)
    wanted = _asked(sa.select(*ROW_COLUMNS, standing.counts, standing.waits), actor, filters)

    def make(row: Sequence[Any]) -> ListRow:
        return ListRow(WorkdayRow(*row[:-2]), bool(row[-2]), bool(row[-1]))

    return read_slice(
        session, wanted, ORDERS.get(sort, ORDERS[DEFAULT_ORDER]), cursor=cursor, make=make
    )


def sums_of(session: Session, actor: Actor, filters: Filters, policy: Policy) -> Sums | None:
    """Return what the listed days come to; None where there are more than ``COUNT_CAP``.

    A date never counts twice: a correction on its way and what it replaces take halves once.
    """
    standing = standing_under(policy)
    halves = sa.case((Workday.takes_first_half, 1), else_=0) + sa.case(
        (Workday.takes_second_half, 1), else_=0
    )
    some = (
        _asked(
            sa.select(
                halves.label("halves"),
                sa.case((standing.counts, Workday.worth_centidays), else_=0).label("counted"),
                sa.case((standing.waits, Workday.worth_centidays), else_=0).label("waiting"),
            ),
            actor,
            filters,
        )
        .limit(COUNT_CAP + 1)
        .subquery()
    )
    count, logged, counted, waiting = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(some.c.halves),
            sa.func.sum(some.c.counted),
            sa.func.sum(some.c.waiting),
        )
    ).one()
    if count > COUNT_CAP:
        return None
    return Sums((logged or 0) / 2, (counted or 0) / 100, (waiting or 0) / 100)


def _asked(wanted: sa.Select[Any], actor: Actor, filters: Filters) -> sa.Select[Any]:
    wanted = joined(wanted).where(
        within(Workday, actor, "workday.read"), Workday.year == filters.year
    )
    wanted = wanted.where(
        sa.or_(Workday.state != WorkdayState.DRAFT, Workday.person_id == actor.person_id)
    )
    if filters.state is None:
        wanted = wanted.where(Workday.state != WorkdayState.SUPERSEDED)
    else:
        wanted = wanted.where(Workday.state == filters.state)
    if filters.pairing:
        # By the id: the index of working days begins with it.
        code = sa.select(Pairing.id).where(Pairing.code == filters.pairing)
        wanted = wanted.where(Workday.pairing_id.in_(code))
    if filters.side:
        wanted = wanted.where(Workday.side == filters.side)
    if filters.person:
        wanted = wanted.where(of_people_called(filters.person))
    if filters.first_day:
        wanted = wanted.where(Workday.worked_on >= filters.first_day)
    if filters.last_day:
        wanted = wanted.where(Workday.worked_on <= filters.last_day)
    return wanted


def joined(wanted: sa.Select[Any]) -> sa.Select[Any]:
    """Join working days with their person, pairing and assignment."""
    return (
        wanted.select_from(Workday)
        .join(Person, Person.id == Workday.person_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .join(Assignment, Assignment.id == Workday.assignment_id)
    )


def of_people_called(text: str) -> sa.ColumnElement[bool]:
    """Return the condition of the days of people whose name contains a text."""
    people = sa.select(Person.id).where(Person.name.contains(text, autoescape=True))
    # Their pairings say nothing new, but working days are indexed by them.
    pairings = sa.select(Assignment.pairing_id).where(Assignment.person_id.in_(people))
    return sa.and_(Workday.pairing_id.in_(pairings), Workday.person_id.in_(people))
