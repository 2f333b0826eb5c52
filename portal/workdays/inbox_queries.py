"""The entries that wait for somebody: what was returned, what is a draft, what is to be decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from models import Person, Workday, WorkdayDecision
from models.database import Moment
from models.types import WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.causes import Rows
from portal.procedures.queries import waits_for
from portal.workdays.life_rules import LIFE


def waiting_for(verb: str) -> Callable[[Actor, Moment], Rows]:
    """Select the entries that wait for an actor to take a step."""

    def rows(actor: Actor, _moment: Moment) -> Rows:
        waits = waits_for(LIFE, verb, Workday, actor)
        return (
            sa.select(
                _since().label("since"),
                Person.name.label("who"),
                Workday.worked_on.label("day"),
                _reason().label("why"),
                Workday.id.label("one"),
            )
            .join(Person, Person.id == Workday.person_id)
            .where(sa.false() if waits is None else waits)
        )

    return rows


def own_drafts(actor: Actor, moment: Moment) -> Rows:
    """Select the drafts that somebody wrote for themselves and has not handed in."""
    return waiting_for("submitted")(actor, moment).where(sa.not_(is_proposed()))


def proposals(actor: Actor, moment: Moment) -> Rows:
    """Select what somebody else wrote for the actor, until the actor says whether it is so."""
    return waiting_for("submitted")(actor, moment).where(is_proposed())


def is_proposed() -> sa.ColumnElement[bool]:
    """Say in SQL what ``DayFacts.is_proposed`` says of one draft."""
    by_another = Workday.entered_by_person_id != Workday.person_id
    return sa.and_(Workday.state == WorkdayState.DRAFT, sa.func.coalesce(by_another, sa.false()))


OWN_SIDE, OTHER_SIDE = ("workday.write", "workday.confirm"), ("workday.dispute",)
"""By which permissions a dispute waits for the day's own side, and for the side that raised it."""


def disputed_for(actor: Actor, permissions: tuple[str, ...]) -> sa.ColumnElement[bool] | None:
    """Return the condition of the days in dispute that one of these permissions reaches."""
    held = [one for one in permissions if actor.reaches(one)]
    if not held:
        return None
    return sa.and_(
        Workday.disputed_by_person_id.is_not(None),
        Workday.state.in_(LIFE.step("disputed").source),
        sa.or_(*(within(Workday, actor, one) for one in held)),
    )


def to_settle(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of the disputes on which an actor may decide, and which keep a day open."""
    waits = waits_for(LIFE, "dispute_upheld", Workday, actor)
    return None if waits is None else sa.and_(Workday.disputed_by_person_id.is_not(None), waits)


def _since() -> sa.ColumnElement[datetime]:
    """Return since when an entry is in its state: the last decision that led there, else its entry.

    What was decided and taken back has not shortened the wait.
    """
    last = (
        sa.select(sa.func.max(WorkdayDecision.at))
        .where(
            WorkdayDecision.workday_id == Workday.id,
            WorkdayDecision.state_after == Workday.state,
            WorkdayDecision.kind.not_in([one.undone for one in LIFE.steps if one.undo]),
        )
        .correlate(Workday)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, Workday.entered_at)


def _reason() -> sa.ScalarSelect[str | None]:
    return (
        sa.select(WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == Workday.id)
        .order_by(WorkdayDecision.at.desc(), WorkdayDecision.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )
