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
from portal.paging import COUNT_CAP, PAGE_SIZE, Order, Slice, count_capped, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.procedures.queries import in_states
from portal.programme.policy import Policy
from portal.totals.queries import HALVES, WAITING, standing_under
from portal.workdays.month_rules import TO_MEND
from portal.workdays.rules import States

WIDE = frozenset({Reach.NATION, Reach.PROVINCE})
FEW_PEOPLE = 50
"""How many people of a name are looked up one by one."""

FEW_PAIRINGS = 50
"""In how many pairings a province's days are looked up by these, and not row by row."""

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
    """Return a page of the days that an actor may see.

    Two queries, and one each for a name and for the pairings of a province. What is asked for is counted
    first, by which it is known how to read the page (:class:`_Asked`).
    """
    standing = standing_under(policy)
    order = ORDERS[sort if sort in ORDERS else DEFAULT_ORDER]
    along_ids = order[0][0] is Workday.id
    asked = _asked(session, actor, filters)
    count = count_capped(session, asked.days())
    days = asked.days_by_state() if asked.is_rare else [asked.days()]
    if asked.is_narrow or count <= COUNT_CAP or (asked.is_rare and along_ids):
        order = tuple((_not_by_index(column), descending) for column, descending in order)
    elif along_ids:
        days = [asked.days(_not_by_index(Workday.year))]
    return read_slice(
        session,
        joined(sa.select(*ROW_COLUMNS, standing.counts, standing.waits)),
        [Order(column, descending) for column, descending in order],
        cursor=cursor,
        make=_list_row,
        size=size,
        among=days,
        count=count,
    )


def _list_row(row: Sequence[Any]) -> ListRow:
    return ListRow(WorkdayRow(*row[:-2]), bool(row[-2]), bool(row[-1]))


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
        .where(Workday.id.in_(_asked(session, actor, filters).days().limit(COUNT_CAP + 1)))
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
    """What is asked for as conditions on days; narrow is what lies in few pairings.

    Few days, however many there are beside them, are found by the index of their pairings, their dates
    or their state, and sorted afterwards; many are read along the index of their order, until the
    page is full. Left to itself a database takes the order's index for both, and reads the year of
    the whole country to find one person's days, or that there are none.
    """

    parts: Sequence[sa.ColumnElement[bool] | sa.TextClause]
    year: int
    states: Sequence[WorkdayState] | None
    is_narrow: bool

    @property
    def is_rare(self) -> bool:
        """Days that are not approved have an index of their own: state by state, by date."""
        return self.states is not None and WorkdayState.APPROVED not in self.states

    def days(self, year: Any = Workday.year) -> sa.Select[Any]:
        """Select the numbers of the days; of one year, as the column or by an expression."""
        wanted = sa.select(Workday.id).where(*self.parts, year == self.year)
        if self.states is None:
            return wanted.where(Workday.state != WorkdayState.SUPERSEDED)
        return wanted.where(*self._in(*self.states))

    def days_by_state(self) -> list[sa.Select[Any]]:
        wanted = sa.select(Workday.id).where(*self.parts, Workday.year == self.year)
        return [wanted.where(*self._in(one)) for one in self.states or ()]

    def _in(self, *states: WorkdayState) -> Sequence[sa.ColumnElement[bool] | sa.TextClause]:
        if not self.is_rare or self.is_narrow:
            return [in_states(Workday, states)]
        # The second says nothing new, but SQLite takes the index of these states only so.
        return [in_states(Workday, states), sa.text(f"workday.{NOT_APPROVED}")]


def _asked(session: Session, actor: Actor, filters: Filters) -> _Asked:
    parts: list[sa.ColumnElement[bool] | sa.TextClause] = [within(Workday, actor, "workday.read")]
    reaches = {reach for reach, _ in actor.reaches("workday.read")}
    is_narrow = not actor.is_operator and not reaches & WIDE
    if filters.state is WorkdayState.DRAFT:
        # By the pairing as well: working days are indexed by it.
        own = sa.select(Assignment.pairing_id).where(Assignment.person_id == actor.person_id)
        parts += [Workday.person_id == actor.person_id, Workday.pairing_id.in_(own)]
        is_narrow = True
    else:
        is_own = Workday.person_id == actor.person_id
        parts.append(sa.or_(Workday.state != WorkdayState.DRAFT, is_own))
    if filters.pairing:
        # By the id: the index of working days begins with it.
        code = sa.select(Pairing.id).where(bears_code([normalise_code(filters.pairing)]))
        parts.append(Workday.pairing_id.in_(code))
        is_narrow = True
    if filters.person:
        called = of_people_called(session, filters.person)
        named = sa.exists().where(Person.id == Workday.person_id, called.condition)
        parts.append(called.condition if called.are_few else named)
        is_narrow = is_narrow or called.are_few
    if not is_narrow and reaches & WIDE and Reach.NATION not in reaches:
        few = _few_pairings(session, actor)
        parts += [] if few is None else [Workday.pairing_id.in_(few)]
        is_narrow = few is not None
    if filters.side:
        parts.append(Workday.side == filters.side)
    if filters.first_day:
        parts.append(Workday.worked_on >= filters.first_day)
    if filters.last_day:
        parts.append(Workday.worked_on <= filters.last_day)
    return _Asked(parts, filters.year, _states(filters.state), is_narrow)


def _states(asked: WorkdayState | States | None) -> Sequence[WorkdayState] | None:
    if isinstance(asked, States):
        return WAITING
    return None if asked is None else [asked]


def _few_pairings(session: Session, actor: Actor) -> Sequence[int] | None:
    """Return the pairings in which all days lie that an actor may read; None if these are many."""
    within_reach = sa.select(Pairing.id).where(within(Pairing, actor, "workday.read"))
    found = session.scalars(within_reach.limit(FEW_PAIRINGS + 1)).all()
    return None if len(found) > FEW_PAIRINGS else found


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
