"""What the other side has handed in, and which days are disputed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Pairing, Person, Workday, WorkdayDecision
from models.database import Moment
from models.types import Side, Task, WorkdayState, WorkMode
from portal.access.actor import Actor
from portal.access.scope import within
from portal.calendar.queries import load_calendar
from portal.calendar.rules import Calendar
from portal.causes import Rows
from portal.clock import date_of, end_of
from portal.disputes.rules import (
    HandedIn,
    PartnerScope,
    first_day_to_dispute,
    is_consented,
    last_day_to_dispute,
)
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.programme.policy import Policy
from portal.programme.queries import policies_on, policy_on
from portal.workdays.life_rules import LIFE
from portal.workdays.list_queries import of_people_called

OPEN = LIFE.step("disputed").source
"""The states in which a day may be disputed, and in which a dispute waits for the day's own side."""

HANDED_IN = ("entered", "submitted", "resubmitted", "imported")
LONGEST = timedelta(days=120)
"""So far ahead the calendar is read to say until when a day may be disputed."""


class PartnerDay(NamedTuple):
    """A day as the other side, or whoever deals with a dispute, sees it.

    ``until`` is the last day on which it may be disputed; None while it is not approved.
    """

    id: int
    version: int
    worked_on: date
    person_name: str
    pairing_code: str
    side: Side
    half_days: int
    mode: WorkMode
    task: Task | None
    description: str
    state: WorkdayState
    is_disputed: bool
    reason: str | None
    until: date | None
    is_consented: bool
    is_dismissed: bool

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"

    @property
    def label(self) -> str:
        return f"{self.person_name} {self.worked_on}"

    @property
    def shown(self) -> str:
        """The entry in the version that is shown."""
        return f"{self.id}-{self.version}"

    @property
    def token(self) -> str | None:
        """None of what cannot be disputed any more, or is."""
        is_settled = self.is_disputed or self.is_consented or self.is_dismissed
        if is_settled or self.state not in OPEN:
            return None
        return self.shown


def handed_in_at() -> sa.ColumnElement[datetime]:
    """Return when an entry was last handed in by its side."""
    last = (
        sa.select(sa.func.max(WorkdayDecision.at))
        .where(
            WorkdayDecision.workday_id == Workday.id,
            WorkdayDecision.kind.in_(HANDED_IN),
        )
        .correlate(Workday)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, Workday.entered_at)


def was_dismissed() -> sa.ColumnElement[bool]:
    """Say that the county called a dispute groundless since the entry was last handed in."""
    said, last = aliased(WorkdayDecision), aliased(WorkdayDecision)
    handed_in = (
        sa.select(sa.func.coalesce(sa.func.max(last.id), 0))
        .where(last.workday_id == Workday.id, last.kind.in_(HANDED_IN))
        .correlate(Workday)
        .scalar_subquery()
    )
    return (
        sa.select(said.id)
        .where(said.workday_id == Workday.id, said.kind == "dispute_dismissed", said.id > handed_in)
        .correlate(Workday)
        .exists()
    )


def _reason() -> sa.ScalarSelect[str | None]:
    said = aliased(WorkdayDecision)
    return (
        sa.select(said.reason)
        .where(said.workday_id == Workday.id, said.kind == "disputed")
        .order_by(said.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )


def is_disputed() -> sa.ColumnElement[bool]:
    return sa.and_(
        Workday.disputed_by_person_id.is_not(None), Workday.state != WorkdayState.SUPERSEDED
    )


_COLUMNS: tuple[Any, ...] = (
    Workday.id,
    Workday.version,
    Workday.worked_on,
    Person.name,
    Pairing.code,
    Workday.side,
    Workday.half_days,
    Workday.mode,
    Workday.task,
    Workday.description,
    Workday.state,
)


def list_days(
    session: Session,
    actor: Actor,
    permission: str,
    today: date,
    *,
    pairing: str = "",
    person: str = "",
    scope: PartnerScope = PartnerScope.ALL,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[PartnerDay]:
    """Return a page of the days that a permission reaches, the latest first."""
    wanted: sa.Select[Any] = (
        sa.select(*_COLUMNS, is_disputed(), _reason(), handed_in_at(), was_dismissed())
        .select_from(Workday)
        .join(Person, Person.id == Workday.person_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .where(within(Workday, actor, permission), Workday.state != WorkdayState.SUPERSEDED)
    )
    if scope is PartnerScope.DISPUTED:
        wanted = wanted.where(is_disputed())
    elif scope is PartnerScope.OPEN:
        wanted = wanted.where(_is_open(session, today))
    if pairing:
        wanted = wanted.where(bears_code([normalise_code(pairing)]))
    if person:
        wanted = wanted.where(of_people_called(session, person).condition)
    orders = (Order(Workday.worked_on, descending=True), Order(Workday.id, descending=True))
    found: Slice[Any] = read_slice(session, wanted, orders, cursor=cursor, make=tuple, size=size)
    days = {row[2] for row in found.rows}
    policies, calendar = policies_on(session, days), _calendar(session, days, today)
    rows = [_row(row, policies, calendar, today) for row in found.rows]
    return replace(found, rows=rows)


def _is_open(session: Session, today: date) -> sa.ColumnElement[bool]:
    """Return the condition of what is not agreed by silence: handed in late enough, or not approved."""
    days = int(policy_on(session, today)["dispute_days"])
    calendar = load_calendar(session, today - LONGEST, today)
    first = first_day_to_dispute(today, days, calendar)
    is_open = sa.or_(
        Workday.state != WorkdayState.APPROVED,
        is_disputed(),
        handed_in_at() >= end_of(first - timedelta(days=1)),
    )
    return sa.and_(is_open, ~was_dismissed())


def _calendar(session: Session, days: Collection[date], today: date) -> Calendar:
    return load_calendar(session, min(days, default=today), today + LONGEST)


def _row(
    row: Sequence[Any], policies: Mapping[date, Policy], calendar: Calendar, today: date
) -> PartnerDay:
    columns, (disputed, reason, at, dismissed) = row[: len(_COLUMNS)], row[len(_COLUMNS) :]
    worked_on, state = columns[2], columns[10]
    day = HandedIn("", state, date_of(at), policies[worked_on]["dispute_days"])
    last = last_day_to_dispute(day.handed_in_on, int(day.days), calendar)
    agreed = is_consented(day, today=today, calendar=calendar)
    until = last if state is WorkdayState.APPROVED else None
    said = reason if disputed else None
    return PartnerDay._make((*columns, bool(disputed), said, until, agreed, bool(dismissed)))


def list_handed_in(session: Session, workdays: Sequence[Workday], labels: Sequence[str],
                   today: date) -> tuple[list[HandedIn], Calendar]:  # fmt: skip
    """Return of days what their consent asks, and the calendar by which it is reckoned."""
    ids = [one.id for one in workdays]
    wanted = sa.select(Workday.id, handed_in_at(), was_dismissed()).where(Workday.id.in_(ids))
    rows = session.execute(wanted).all()
    at: dict[int, datetime] = {row[0]: row[1] for row in rows}
    dismissed = {row[0] for row in rows if row[2]}
    days = {one.worked_on for one in workdays}
    policies = policies_on(session, days)
    found = [
        HandedIn(
            label,
            one.state,
            date_of(at[one.id]),
            policies[one.worked_on]["dispute_days"],
            is_dismissed=one.id in dismissed,
        )
        for one, label in zip(workdays, labels, strict=True)
    ]
    return found, _calendar(session, {*days, *(one.handed_in_on for one in found)}, today)


def disputed_within(
    condition_for: Callable[[Actor], sa.ColumnElement[bool] | None],
) -> Callable[[Actor, Moment], Rows]:
    """Select the days with an open dispute that meet the condition of an actor."""

    def rows(actor: Actor, _moment: Moment) -> Rows:
        said = aliased(WorkdayDecision)
        last = (
            sa.select(sa.func.max(said.id))
            .where(said.workday_id == Workday.id, said.kind == "disputed")
            .correlate(Workday)
            .scalar_subquery()
        )
        condition = condition_for(actor)
        return (
            sa.select(
                WorkdayDecision.at.label("since"),
                Person.name.label("who"),
                Workday.worked_on.label("day"),
                WorkdayDecision.reason.label("why"),
                Workday.id.label("one"),
            )
            .join(Person, Person.id == Workday.person_id)
            .join(WorkdayDecision, WorkdayDecision.id == last)
            .where(sa.false() if condition is None else condition)
        )

    return rows
