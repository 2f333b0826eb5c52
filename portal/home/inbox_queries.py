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
from portal.doors import Counts, how_many
from portal.home.rules import note_of


class _Asked(NamedTuple):
    """The one statement for all causes of an actor; built once, it costs every page a tenth less."""

    statement: sa.CompoundSelect[Any] | None
    moment: Moment


def inbox(session: Session, actor: Actor, now: datetime, agenda: Agenda) -> list[Waiting]:
    """Return what waits for an actor in all their roles; empty if nothing does."""
    return [
        *_lines(session, actor, now, agenda),
        *wants(session, actor, now, agenda),
    ]


def counts_behind_no_door(actor: Actor, moment: Moment, agenda: Agenda) -> Counts:
    """Count what waits for an actor and is counted on no other door, cause by cause."""
    causes = (cause for cause in agenda.causes if not cause.door)
    return [how_many(rows) for cause in causes if (rows := _rows(cause, actor, moment)) is not None]


def _rows(cause: Cause, actor: Actor, moment: Moment) -> Rows | None:
    return cause.rows(actor, moment) if any(map(actor.holds, cause.permissions)) else None


def _lines(session: Session, actor: Actor, now: datetime, agenda: Agenda) -> list[Waiting]:
    causes = agenda.causes
    asked = _asked(actor, causes)
    if asked.statement is None:
        return []
    today = date_of(now)
    found = run(session, asked.statement, asked.moment.at(now)).all()
    by_cause: dict[int, list[sa.Row[Any]]] = {}
    for row in found:
        by_cause.setdefault(row.cause, []).append(row)
    return [_line(causes[position], rows, agenda, today) for position, rows in by_cause.items()]


@built_once
def _asked(actor: Actor, causes: tuple[Cause, ...]) -> _Asked:
    moment, parts = Moment(), []
    for position, cause in enumerate(causes):
        rows = _rows(cause, actor, moment)
        if rows is not None:
            parts.append(_newest(position, rows, cause.shown))
    return _Asked(sa.union_all(*parts) if parts else None, moment)


def _newest(position: int, rows: Rows, shown: int) -> Rows:
    """Return the newest rows of a cause, or none, each with how many wait, and since when."""
    found = rows.subquery()
    newest = (
        sa.select(
            sa.literal(position).label("cause"),
            sa.func.count().over().label("how_many"),
            sa.func.min(found.c.since).over().label("oldest"),
            sa.cast(found.c.get("one", NO_NUMBER), sa.Text).label("one"),
            found.c.who,
            found.c.day,
            found.c.why,
        )
        .order_by(found.c.since.desc(), found.c.who, found.c.day.desc())
        .limit(shown)
        .subquery()
    )
    return sa.select(newest)


def _told(cause: Cause, rows: Sequence[sa.Row[Any]], agenda: Agenda) -> list[str]:
    """Return what is told of the newest, the newest first; dates of one reason together."""
    together: dict[tuple[str, str | None], list[Any]] = {}
    for row in rows:
        together.setdefault((row.who, row.why), []).append(row.day)
    told = []
    for (who, why), (day, *more) in together.items():
        reason = agenda.of_subject(why) if cause.of_subject and why is not None else why
        told.append(cause.words(Latest(who, day, reason, tuple(more))))
    return told


def _line(cause: Cause, rows: Sequence[sa.Row[Any]], agenda: Agenda, today: date) -> Waiting:
    first = rows[0]
    count = first.how_many
    note = note_of(
        _told(cause, rows, agenda),
        date_of(first.oldest),
        today,
        count=count,
        untold=count - len(rows),
    )
    endpoint, values = cause.endpoint, cause.values
    if cause.single and count == 1:
        endpoint, argument = cause.single
        values = {argument: str(first.one)}
    return Waiting(
        cause.label,
        count,
        endpoint,
        cause.action_label,
        f"{note}。{cause.hint}" if cause.hint else note,
        values,
        cause.door,
    )


def wants(
    session: Session, actor: Actor, now: datetime, agenda: Agenda, *, counted: bool = False
) -> list[Waiting]:
    """What is asked for before the day on which its want would stop the work; ``counted``: what of it
    every page counts."""
    asked = [
        want.line(session, actor, now)
        for want in agenda.wants
        if actor.reaches(want.permission) and (want.counted or not counted)
    ]
    return [line for line in asked if line is not None]
