"""What stands of a life in the database: who waits, who has spoken, what was decided together.

What happened: timeline_queries.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import Base
from models.procedures import DecisionRow, OpinionRow
from portal.access.actor import Actor
from portal.access.scope import within
from portal.procedures.review_rules import Opinion
from portal.procedures.rules import Bar, Life, Review

BATCH = 400
"""Subjects a statement."""


def decisions_of(model: type[Any]) -> type[Any]:
    """Return the table that keeps what is decided on a model's subjects."""
    return next(one for one in DecisionRow.__subclasses__() if one.decides is model)


def opinions_of(model: type[Any]) -> type[Any]:
    """Return the table that keeps what the parties say in the reviews of a model's subjects."""
    return next(one for one in OpinionRow.__subclasses__() if one.reviews is model)


def subject_column(rows: type[Any]) -> Any:
    """Return the column by which a decision or an opinion names its subject."""
    return getattr(rows, rows.subject_key)


# ---- who waits


def waits_for(
    life: Life[Any], verb: str, model: type[Base], actor: Actor
) -> sa.ColumnElement[bool] | None:
    """Return the condition of what waits for an actor to take a step; None without the permission.

    In a state from which the step leads, within reach, and not the actor's own: for the first page,
    the count on a door and a queue alike. What the operator may do waits for nobody.
    """
    step = life.step(verb)
    if step.permission is None or not actor.reaches(step.permission):
        return None
    return sa.and_(
        within(model, actor, step.permission),
        in_states(model, step.source),
        not_barred(step.bars, model, actor.persons_for(step.permission)),
    )


def waits_for_opinion(
    review: Review[Any], model: type[Base], actor: Actor
) -> sa.ColumnElement[bool] | None:
    """Return the condition of what an actor may still give an opinion on in this round."""
    if not actor.reaches(review.permission):
        return None
    opinions = opinions_of(model)
    subject: Any = model
    spoken = sa.exists().where(
        subject_column(opinions) == subject.id,
        opinions.round == subject.round,
        opinions.person_id == actor.person_id,
    )
    return sa.and_(
        within(model, actor, review.permission),
        in_states(model, (review.during,)),
        not_barred(review.bars, model, actor.persons_for(review.permission)),
        ~spoken,
    )


def in_states(model: type[Any], states: Collection[Any]) -> sa.ColumnElement[bool]:
    # Equality where there is one: partial indexes are found by it.
    found: sa.ColumnElement[bool] = (
        model.state == next(iter(states)) if len(states) == 1 else model.state.in_(list(states))
    )
    return found


def not_barred(
    bars: Iterable[Bar], model: type[Any], persons: Collection[int]
) -> sa.ColumnElement[bool]:
    """Say in SQL what ``rules.barred`` says of one subject; a deputy is two persons."""
    names = dict.fromkeys(name for bar in bars for name in bar.columns)
    return sa.and_(
        sa.true(),
        *(
            getattr(model, name).is_distinct_from(person)
            for name in names
            for person in sorted(persons)
        ),
    )


def permissions_on(session: Session, actor: Actor, life: Life[Any], subject: Any) -> frozenset[str]:
    """Return the permissions of a life that reach a subject (one query)."""
    model = type(subject)
    names = [name for name in life.permissions if actor.holds(name)]
    if not names:
        return frozenset()
    wanted = sa.select(*(within(model, actor, name) for name in names)).where(
        model.id == subject.id
    )
    reached = session.execute(wanted).one()
    return frozenset(name for name, is_reached in zip(names, reached, strict=True) if is_reached)


def list_opinions(session: Session, subject: Any) -> list[Opinion]:
    """Return what the parties said of a subject, in all rounds."""
    rows = opinions_of(type(subject))
    wanted = (
        sa.select(rows.round, rows.party, rows.person_id, rows.passed)
        .where(subject_column(rows) == subject.id)
        .order_by(rows.id)
    )
    return [Opinion(*row) for row in session.execute(wanted)]


# ---- what was decided together


class Decided(NamedTuple):
    """A decision of a batch, as far as taking it back asks."""

    subject_id: int
    kind: str
    state_before: Any
    version_after: int | None
    at: datetime


def list_batch(session: Session, model: type[Base], actor: Actor, batch: str) -> list[Decided]:
    """Return what an actor decided together; empty if it was somebody else."""
    rows = decisions_of(model)
    wanted = (
        sa.select(subject_column(rows), rows.kind, rows.state_before, rows.version_after, rows.at)
        .where(rows.batch == batch, rows.account_id == actor.account_id)
        .order_by(rows.id)
    )
    return [Decided(*row) for row in session.execute(wanted)]


def find_reached(
    session: Session, model: type[Any], actor: Actor, permission: str, ids: Sequence[int]
) -> list[Any]:
    """Return those of these subjects that a permission reaches, in the order of their ids."""
    ordered = sorted(ids)
    found: list[Any] = []
    for start in range(0, len(ordered), BATCH):
        some = model.id.in_(ordered[start : start + BATCH])
        reached = within(model, actor, permission)
        found += session.scalars(sa.select(model).where(some, reached).order_by(model.id))
    return found
