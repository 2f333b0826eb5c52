"""What waits for somebody: one line a cause, with how many, the newest and the oldest.

A cause is a state in the database; when the state goes, the line goes. All causes of an actor are
asked in one statement, whatever waits. What stands behind a door of the navigation is counted on
that door; the door of the first page counts the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.database import Moment, run
from portal.access.actor import Actor
from portal.access.scope import built_once
from portal.causes import NO_NUMBER, Agenda, Cause, Latest, Rows, Waiting
from portal.clock import date_of
from portal.home.rules import note_of


class _Asked(NamedTuple):
    """The one statement for all causes of an actor; built once, it costs every page a tenth less."""

    statement: sa.CompoundSelect[Any] | None
    moment: Moment


def inbox(session: Session, actor: Actor, now: datetime, agenda: Agenda) -> list[Waiting]:
    """Return what waits for an actor in all their roles; empty if nothing does."""
    return [
        *_lines(session, actor, now, agenda.causes, agenda),
        *_wants(session, actor, now, agenda),
    ]


def count_behind_no_door(session: Session, actor: Actor, now: datetime, agenda: Agenda) -> int:
    """Count what waits for an actor and is counted on no other door."""
    some = tuple(cause for cause in agenda.causes if not cause.door)
    lines = [*_lines(session, actor, now, some, agenda), *_wants(session, actor, now, agenda)]
    return sum(line.count for line in lines)


def _lines(
    session: Session, actor: Actor, now: datetime, causes: tuple[Cause, ...], agenda: Agenda
) -> list[Waiting]:
    asked = _asked(actor, causes)
    if asked.statement is None:
        return []
    today = date_of(now)
    return [
        _line(
            causes[position], count, oldest, _in_words(causes[position], latest, agenda), today, one
        )
        for position, count, oldest, one, *latest in run(
            session, asked.statement, asked.moment.at(now)
        )
    ]


@built_once
def _asked(actor: Actor, causes: tuple[Cause, ...]) -> _Asked:
    moment, parts = Moment(), []
    for position, cause in enumerate(causes):
        rows = cause.rows(actor, moment) if any(map(actor.holds, cause.permissions)) else None
        if rows is not None:
            parts.append(_newest(position, rows))
    return _Asked(sa.union_all(*parts) if parts else None, moment)


def _newest(position: int, rows: Rows) -> Rows:
    """Return one row of a cause, or none: how many wait, since when, and the newest of them."""
    found = rows.subquery()
    newest = (
        sa.select(
            sa.literal(position).label("cause"),
            sa.func.count().over().label("how_many"),
            sa.func.min(found.c.since).over().label("oldest"),
            found.c.get("one", NO_NUMBER).label("one"),
            found.c.who,
            found.c.day,
            found.c.why,
        )
        .order_by(found.c.since.desc(), found.c.who)
        .limit(1)
        .subquery()
    )
    return sa.select(newest)


def _in_words(cause: Cause, latest: Sequence[Any], agenda: Agenda) -> Latest:
    who, day, why = latest
    return Latest(who, day, agenda.of_subject(why) if cause.of_subject else why)


def _line(
    cause: Cause, count: int, oldest: datetime, latest: Latest, today: date, one: int | None
) -> Waiting:
    note = note_of(cause.words(latest), date_of(oldest), count, today)
    endpoint, values = cause.endpoint, cause.values
    if cause.single and count == 1:
        endpoint, argument = cause.single
        values = {argument: str(one)}
    return Waiting(
        cause.label,
        count,
        endpoint,
        cause.action_label,
        f"{note}。{cause.hint}" if cause.hint else note,
        values,
        cause.door,
    )


def _wants(session: Session, actor: Actor, now: datetime, agenda: Agenda) -> list[Waiting]:
    """What is asked for before the day on which its want would stop the work."""
    asked = [want.line(session, now) for want in agenda.wants if actor.reaches(want.permission)]
    return [line for line in asked if line is not None]
