"""What waits for somebody: one line a cause, with how many, the newest and the oldest.

A cause is a state in the database; when the state goes, the line goes. All causes of an actor are
asked in one statement, whatever waits. What stands behind a door of the navigation is counted on
that door; the door of the first page counts the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.calendar.queries import list_year_standings
from portal.clock import date_of
from portal.home.cause_queries import CAUSES, NO_NUMBER, Cause, Latest, Rows
from portal.home.rules import note_of
from portal.programme.queries import programme_of
from portal.programme.work_year_queries import first_day_missing


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the inbox."""

    label: str
    count: int
    endpoint: str
    action_label: str
    note: str = ""
    values: dict[str, str] = field(default_factory=dict)


def inbox(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """Return what waits for an actor in all their roles; empty if nothing does."""
    found = _lines(session, actor, now, CAUSES)
    return [*found, *_missing(session, actor, now)]


def count_behind_no_door(session: Session, actor: Actor, now: datetime) -> int:
    """Count what waits for an actor and is counted on no other door."""
    some = [cause for cause in CAUSES if not cause.door]
    tasks = [*_lines(session, actor, now, some), *_missing(session, actor, now)]
    return sum(task.count for task in tasks)


def _lines(session: Session, actor: Actor, now: datetime, causes: Sequence[Cause]) -> list[Task]:
    parts = []
    for position, cause in enumerate(causes):
        rows = cause.rows(actor, now)
        if rows is not None:
            parts.append(_newest(position, rows))
    if not parts:
        return []
    today = date_of(now)
    return [
        _task(causes[position], count, oldest, Latest(*latest), today, one)
        for position, count, oldest, one, *latest in session.execute(sa.union_all(*parts)).all()
    ]


def _newest(position: int, rows: Rows) -> Rows:
    """Return one row of a cause, or none: how many wait, since when, and the newest of them."""
    found = rows.subquery()
    newest = (
        sa.select(
            sa.literal(position).label("cause"),
            sa.func.count().over().label("how_many"),
            sa.func.min(found.c.since).over().label("oldest"),
            found.c.get("workday_id", NO_NUMBER).label("one"),
            found.c.who,
            found.c.day,
            found.c.why,
        )
        .order_by(found.c.since.desc(), found.c.who)
        .limit(1)
        .subquery()
    )
    return sa.select(newest)


def _task(
    cause: Cause, count: int, oldest: datetime, latest: Latest, today: date, one: int | None
) -> Task:
    note = note_of(cause.words(latest), date_of(oldest), count, today)
    endpoint, values = cause.endpoint, cause.values
    if cause.single and count == 1:
        endpoint, values = cause.single, {"workday_id": str(one)}
    return Task(
        cause.label,
        count,
        endpoint,
        cause.action_label,
        f"{note}。{cause.hint}" if cause.hint else note,
        values,
    )


def _missing(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """What is asked for before the day on which its want would stop the work."""
    return [*_missing_period(session, actor, now), *_missing_years(session, actor, now)]


def _missing_period(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """A day that is near and belongs to no work year; its period, if that is missing too."""
    today = date_of(now)
    day = first_day_missing(session, today) if actor.reaches("programme.write") else None
    if day is None:
        return []
    since = "今天起" if day == today else f"{day} 起"
    has_programme = programme_of(session, day) is not None
    return [
        Task(
            "缺少工作年度" if has_programme else "缺少下一期计划",
            1,
            "changes.programme.open_year" if has_programme else "changes.programme.open_period",
            "去设立",
            f"{since}不在任何工作年度内，不能建立结对和填报日志",
        )
    ]


def _missing_years(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """Years up to the next one whose notice of holidays is not loaded; two queries."""
    if not actor.reaches("calendar.write"):
        return []
    today = date_of(now)
    missing = [
        str(one.year)
        for one in list_year_standings(session, today)
        if not one.is_official and one.year <= today.year + 1
    ]
    if not missing:
        return []
    return [
        Task(
            "缺少节假日安排的年份",
            len(missing),
            "calendar.calendar",
            "去录入",
            f"{'、'.join(missing)} 年暂按周一至周五计算",
        )
    ]
