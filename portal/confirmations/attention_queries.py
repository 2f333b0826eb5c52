"""What waits for somebody's decision, each entry with the reasons why it needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Pairing, Person, Workday
from models.database import run
from models.types import Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import built_once, within
from portal.confirmations.rules import Attention, Traits, attention
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.procedures.queries import in_states
from portal.procedures.rules import Step
from portal.programme.regime_queries import TOKEN, regime_of
from portal.workdays.life_rules import LIFE, DayFacts
from portal.workdays.list_queries import joined, lag_of, of_people_called

MOST_READ = 5000
"""Entries of a queue that are told apart; who waits behind them comes when these are decided."""

ORDERS: dict[str, tuple[Any, ...]] = {
    "confirmed": (Person.name_order, Workday.person_id, Workday.worked_on, Workday.id),
    "approved": (Pairing.code, Person.name_order, Workday.worked_on, Workday.id),
}
"""By the step: the manager reads by person, the county by pairing."""


class QueueAsked(NamedTuple):
    """What a queue is asked for; None asks for nothing. ``person`` is part of a name."""

    pairing: str | None = None
    person: str | None = None
    side: Side | None = None
    first_day: date | None = None
    last_day: date | None = None
    reason: Attention | None = None


class WaitingDay(NamedTuple):
    """An entry of the queue, and why it needs attention."""

    id: int
    version: int
    half_days: int
    reasons: tuple[Attention, ...]

    @property
    def token(self) -> str:
        return f"{self.id}-{self.version}"


class _Queue(NamedTuple):
    """What a queue asks the database: its days, and the texts that some of them repeat.

    A day's ``bars`` are the people who may not decide on it: so many last columns.
    """

    days: sa.Select[Any]
    repeated: sa.Select[int, int, str]
    bars: int
    permission: str


def list_waiting(session: Session, actor: Actor, verb: str, asked: QueueAsked) -> list[WaitingDay]:
    """Return what waits in the order of the queue, each with its reasons (two queries)."""
    some = asked._replace(person=None, reason=None)
    if asked.person:
        queue = _queue(actor, verb, some, _of_people_called(session, asked.person))
    else:
        queue = _usual_queue(actor, verb, some)
    rows = run(session, queue.days).all()
    if not rows:
        return []
    persons = actor.persons_for(queue.permission)
    regime = regime_of(session, rows[0].regime)
    said = {tuple(row) for row in run(session, queue.repeated)}
    return [
        WaitingDay(
            row.id,
            row.version,
            row.half_days,
            attention(
                Traits(
                    half_days=row.half_days,
                    lag_days=lag_of(row.entered_at, row.worked_on),
                    is_barred=not persons.isdisjoint(row[-queue.bars :]),
                    is_in_effect=bool(row.is_in_effect),
                    is_disputed=bool(row.is_disputed),
                    is_correction=bool(row.is_correction),
                    is_in_two_counties=bool(row.is_in_two_counties),
                    is_rest_day=row.is_rest_day,
                    has_same_text=(row.pairing_id, row.year, row.description) in said,
                ),
                backfill_days=regime.policy_on(row.worked_on)["backfill_days"],
            ),
        )
        for row in rows
    ]


def _queue(actor: Actor, verb: str, asked: QueueAsked, *others: sa.ColumnElement[bool]) -> _Queue:
    step: Step[DayFacts] = LIFE.step(verb)
    assert step.permission is not None  # of every step that a queue waits for
    barring = [getattr(Workday, name) for bar in step.bars for name in bar.columns]
    conditions = [
        within(Workday, actor, step.permission),
        in_states(Workday, step.source),
        *_conditions(asked),
        *others,
    ]
    columns: list[Any] = [
        Workday.id,
        Workday.version,
        Workday.half_days,
        Workday.worked_on,
        Workday.entered_at,
        Workday.is_rest_day,
        Workday.corrects_id.is_not(None).label("is_correction"),
        Pairing.confirmed_at.is_not(None).label("is_in_effect"),
        Workday.disputed_by_person_id.is_not(None).label("is_disputed"),
        Workday.pairing_id,
        Workday.year,
        Workday.description,
        _in_two_counties().label("is_in_two_counties"),
        TOKEN.label("regime"),
        *(column.label(f"barring_{number}") for number, column in enumerate(barring)),
    ]
    days = joined(sa.select(*columns)).where(*conditions).order_by(*ORDERS[verb])
    return _Queue(
        days.limit(MOST_READ + 1), _said_more_than_once(conditions), len(barring), step.permission
    )


_usual_queue = built_once(_queue)


def _of_people_called(session: Session, text: str) -> sa.ColumnElement[bool]:
    called = of_people_called(session, text).condition
    people = sa.select(Person.id).where(Person.id == Workday.person_id, called)
    return people.correlate(Workday).exists()


def _conditions(asked: QueueAsked) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if asked.pairing:
        conditions.append(
            Workday.pairing_id.in_(
                sa.select(Pairing.id).where(bears_code([normalise_code(asked.pairing)]))
            )
        )
    if asked.side:
        conditions.append(Workday.side == asked.side)
    if asked.first_day:
        conditions.append(Workday.worked_on >= asked.first_day)
    if asked.last_day:
        conditions.append(Workday.worked_on <= asked.last_day)
    return conditions


def _said_more_than_once(conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[int, int, str]:
    """Select the texts that several days of a pairing and year bear, where something waits.

    Days that one person wrote at once bear one sentence by intent: several days of a stay, one
    activity of a team. What a file brings is compared row by row. Compared here and not by a join:
    without statistics PostgreSQL compares each with each.
    """
    other = aliased(Workday)
    keys = sa.select(Workday.pairing_id, Workday.year).where(*conditions).correlate(None)
    key = sa.tuple_(other.pairing_id, other.year)
    return (
        sa.select(other.pairing_id, other.year, other.description)
        .where(key.in_(keys), other.description != "", other.state != WorkdayState.SUPERSEDED)
        .group_by(other.pairing_id, other.year, other.description)
        .having(
            sa.func.count() > 1,
            sa.or_(
                sa.func.count(other.entered_at.distinct()) > 1,
                sa.func.count(sa.func.coalesce(other.entered_by_person_id, 0).distinct()) > 1,
                sa.func.count(other.import_id) > 0,
            ),
        )
    )


def _in_two_counties() -> sa.ColumnElement[bool]:
    """Say that the person's other half of the date was spent in another county."""
    beside, its = aliased(Workday), aliased(Pairing)
    # Each half by itself, as in workdays/queries.py: only so its partial index is used.
    halves = (
        sa.select(sa.literal(1))
        .select_from(beside)
        .join(its, its.id == beside.pairing_id)
        .where(
            half,
            beside.person_id == Workday.person_id,
            beside.worked_on == Workday.worked_on,
            beside.id != Workday.id,
            its.county_code != Pairing.county_code,
        )
        .correlate(Workday, Pairing)
        .exists()
        for half in (beside.takes_first_half, beside.takes_second_half)
    )
    return sa.case((Workday.half_days == 1, sa.or_(*halves)), else_=sa.false())
