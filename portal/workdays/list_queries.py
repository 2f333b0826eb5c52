"""The list of working days that somebody may see, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, Person, Workday, WorkdayDecision
from models.types import Hold, Side, Task, WorkdayState, WorkMode
from models.workdays import NOT_APPROVED
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.calendar.rules import SATURDAY, WEEKDAYS
from portal.clock import date_of
from portal.matching import has_every_word, is_part_of_name
from portal.paging import COUNT_CAP, PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.programme.policy import Policy
from portal.totals.queries import HALVES, WAITING, standing_under
from portal.workdays.month_rules import TO_MEND
from portal.workdays.rules import States

WIDE = frozenset({Reach.NATION, Reach.PROVINCE})
FEW_PEOPLE = 50
"""How many people of a name are looked up one by one."""

SNIPPET = 60
"""Characters of 工作内容 that a list shows."""

ORDERS: dict[str, tuple[tuple[Any, bool], ...]] = {
    "-date": ((Workday.worked_on, True), (Workday.id, True)),
    "date": ((Workday.worked_on, False), (Workday.id, False)),
    "-entered": ((Workday.id, True),),
    "entered": ((Workday.id, False),),
}
"""By the word in the URL: columns, and whether they descend. Ids follow the order of entry."""

DEFAULT_ORDER = "-date"


class Filters(NamedTuple):
    """What a list of working days is asked for; None asks for nothing.

    Without a state it holds everything but what is superseded; ``person`` is part of a name. A
    draft is listed for the person alone: nobody else is meant to read it yet.
    """

    year: int
    pairing: str | None = None
    side: Side | None = None
    state: WorkdayState | States | None = None
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
    disputed_by_person_id: int | None = None

    @property
    def is_disputed(self) -> bool:
        """Has the other side said that it was not so, and is that not settled yet?"""
        return self.disputed_by_person_id is not None

    @property
    def token(self) -> str:
        """The entry in the version that is shown."""
        return f"{self.id}-{self.version}"

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.worked_on.weekday()]

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
    Workday.disputed_by_person_id,
)


class ListRow(NamedTuple):
    """A working day and how it stands under the policy of its year."""

    day: WorkdayRow
    counts: bool
    waits: bool


class Sums(NamedTuple):
    """What the listed days come to, in days; ``unsent`` are drafts and what was returned."""

    logged: float
    counted: float
    waiting: float
    unsent: float


def list_workdays(
    session: Session,
    actor: Actor,
    filters: Filters,
    policy: Policy,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[ListRow]:
    """Return a page of the days that an actor may see (three queries)."""
    standing = standing_under(policy)
    sort = sort if sort in ORDERS else DEFAULT_ORDER
    asked = _asked(session, actor, filters, by_date=sort.endswith("date"))
    wanted = joined(sa.select(*ROW_COLUMNS, standing.counts, standing.waits)).where(*asked.parts)
    orders = [
        Order(_not_by_index(column) if asked.is_narrow else column, descending)
        for column, descending in ORDERS[sort]
    ]

    def make(row: Sequence[Any]) -> ListRow:
        return ListRow(WorkdayRow(*row[:-2]), bool(row[-2]), bool(row[-1]))

    return read_slice(session, wanted, orders, cursor=cursor, make=make, size=size)


class DayText(NamedTuple):
    """What a list does not show of a day: the whole of what was written, the code of the place, and
    why the other side disputes it, None where it does not."""

    description: str
    township_code: str | None
    dispute: str | None


def words_of(session: Session, ids: Collection[int]) -> dict[int, DayText]:
    """Return what was written of days, by their ids."""
    said = (
        sa.select(WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == Workday.id, WorkdayDecision.kind == "disputed")
        .order_by(WorkdayDecision.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )
    is_disputed = sa.and_(
        Workday.disputed_by_person_id.is_not(None), Workday.state != WorkdayState.SUPERSEDED
    )
    rows = session.execute(
        sa.select(
            Workday.id,
            Workday.description,
            Workday.township_code,
            sa.case((is_disputed, said)),
        ).where(Workday.id.in_(ids))
    )
    return {row[0]: DayText(*row[1:]) for row in rows}


def sums_of(session: Session, actor: Actor, filters: Filters, policy: Policy) -> Sums | None:
    """Return what the listed days come to; None where there are more than ``COUNT_CAP``.

    A date never counts twice: a correction on its way and what it replaces take halves once.
    """
    standing = standing_under(policy)
    some = (
        joined(
            sa.select(
                HALVES.label("halves"),
                sa.case((standing.counts, Workday.worth_centidays), else_=0).label("counted"),
                sa.case((standing.waits, Workday.worth_centidays), else_=0).label("waiting"),
                sa.case((Workday.state.in_(TO_MEND), HALVES), else_=0).label("unsent"),
            )
        )
        .where(*_asked(session, actor, filters).parts)
        .limit(COUNT_CAP + 1)
        .subquery()
    )
    count, logged, counted, waiting, unsent = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(some.c.halves),
            sa.func.sum(some.c.counted),
            sa.func.sum(some.c.waiting),
            sa.func.sum(some.c.unsent),
        )
    ).one()
    if count > COUNT_CAP:
        return None
    return Sums((logged or 0) / 2, (counted or 0) / 100, (waiting or 0) / 100, (unsent or 0) / 2)


class _Asked(NamedTuple):
    """What is asked for as conditions; narrow is what lies in few pairings.

    The two are read in different ways: a narrow list by the index of pairings, sorted afterwards;
    a wide one along the index of its order, until the page is full. Left to itself SQLite takes
    the order's index for both, and reads the year of the whole country to find one person's days.
    """

    parts: Sequence[sa.ColumnElement[bool] | sa.TextClause]
    is_narrow: bool


def _asked(session: Session, actor: Actor, filters: Filters, *, by_date: bool = True) -> _Asked:
    parts: list[sa.ColumnElement[bool] | sa.TextClause] = [
        within(Workday, actor, "workday.read"),
        sa.or_(Workday.state != WorkdayState.DRAFT, Workday.person_id == actor.person_id),
    ]
    reaches = {reach for reach, _ in actor.reaches("workday.read")}
    is_narrow = not actor.is_operator and not reaches & WIDE
    if filters.pairing:
        # By the id: the index of working days begins with it.
        code = sa.select(Pairing.id).where(bears_code([normalise_code(filters.pairing)]))
        parts.append(Workday.pairing_id.in_(code))
        is_narrow = True
    if filters.person:
        called = of_people_called(session, filters.person)
        parts.append(called.condition)
        is_narrow = is_narrow or called.are_few
    along_ids = not (is_narrow or by_date)
    parts.append((_not_by_index(Workday.year) if along_ids else Workday.year) == filters.year)
    parts += _about_the_state(filters.state, is_narrow=is_narrow)
    if filters.side:
        parts.append(Workday.side == filters.side)
    if filters.first_day:
        parts.append(Workday.worked_on >= filters.first_day)
    if filters.last_day:
        parts.append(Workday.worked_on <= filters.last_day)
    return _Asked(parts, is_narrow)


def _about_the_state(
    state: WorkdayState | States | None, *, is_narrow: bool
) -> list[sa.ColumnElement[bool] | sa.TextClause]:
    if state is None:
        return [Workday.state != WorkdayState.SUPERSEDED]
    is_one = Workday.state.in_(WAITING) if isinstance(state, States) else Workday.state == state
    if state == WorkdayState.APPROVED or is_narrow:
        return [is_one]
    # The second says nothing new, but SQLite takes the index of these states only so.
    return [is_one, sa.text(f"workday.{NOT_APPROVED}")]


def _not_by_index(column: Any) -> Any:
    """Return a column as an expression that no index serves, on either database."""
    return sa.func.coalesce(column, column)


def joined(wanted: sa.Select[Any]) -> sa.Select[Any]:
    """Join working days with their person, pairing and assignment."""
    return (
        wanted.select_from(Workday)
        .join(Person, Person.id == Workday.person_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .join(Assignment, Assignment.id == Workday.assignment_id)
    )


class Called(NamedTuple):
    condition: sa.ColumnElement[bool]
    are_few: bool


def of_people_called(session: Session, text: str) -> Called:
    """Return the condition of the days of people whose name has every word of a text (one query).

    Few people are looked up by their pairings, by which working days are indexed; of many, such
    as one family name in the whole country, the rows are compared as they come.
    """
    called = sa.and_(sa.true(), *has_every_word(text, lambda word: [is_part_of_name(Person, word)]))
    ids = session.scalars(sa.select(Person.id).where(called).limit(FEW_PEOPLE + 1)).all()
    if len(ids) > FEW_PEOPLE:
        return Called(called, are_few=False)
    pairings = sa.select(Assignment.pairing_id).where(Assignment.person_id.in_(ids))
    some = sa.and_(Workday.pairing_id.in_(pairings), Workday.person_id.in_(ids))
    return Called(some, are_few=True)
