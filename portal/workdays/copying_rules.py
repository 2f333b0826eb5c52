"""Filling a form from what was entered before: the week, the last stay, a text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import Task, WorkMode

WEEK = timedelta(days=7)
SHORTEST_STAY = 2
MOST_TEXTS = 5


class Source(NamedTuple):
    """An entry as far as another is written like it."""

    id: int
    pairing_id: int
    day: date
    half_days: int
    mode: WorkMode
    task: Task | None
    township_code: str | None
    description: str


Copy = dict[date, Source]
"""What is to be entered like what, by its date."""


def next_week(sources: Sequence[Source], today: date, is_open: Callable[[date], bool]) -> Copy:
    """Say what this week would be like last week; else last week like the one before.

    ``sources`` are the latest first. What is still to come of a week is not proposed.
    """
    monday = today - timedelta(days=today.weekday())
    for begins in (monday - WEEK, monday - 2 * WEEK):
        found = _shifted(sources, (begins, begins + WEEK), WEEK, is_open)
        if found:
            return found
    return {}


def next_stay(sources: Sequence[Source], today: date, is_open: Callable[[date], bool]) -> Copy:
    """Say what a stay like the last one, ending today, would be like.

    A stay is a stretch of dates one after the other, two at least. What is still to be entered of it
    comes after the last: no date before is proposed.
    """
    days = sorted({one.day for one in sources}, reverse=True)
    if not days:
        return {}
    begins = ends = days[0]
    for day in days[1:]:
        if begins - day != timedelta(days=1):
            if (ends - begins).days + 1 >= SHORTEST_STAY:
                break
            ends = day
        begins = day
    if (ends - begins).days + 1 < SHORTEST_STAY:
        return {}
    return _shifted(sources, (begins, ends + timedelta(days=1)), today - ends, is_open)


def _shifted(
    sources: Sequence[Source],
    span: tuple[date, date],
    by: timedelta,
    is_open: Callable[[date], bool],
) -> Copy:
    """Return the entries of a span, its end not included, so many days later."""
    found: Copy = {}
    for one in reversed(sources):
        day = one.day + by
        if by and span[0] <= one.day < span[1] and day > one.day and is_open(day):
            found[day] = one
    return dict(sorted(found.items()))


def different_texts(sources: Sequence[Source]) -> list[Source]:
    """Return the latest entry of each text, the latest texts first."""
    found: dict[str, Source] = {}
    for one in sources:
        if one.description:
            found.setdefault(one.description, one)
    return list(found.values())[:MOST_TEXTS]


def are_alike(copy: Copy) -> bool:
    """Do all say the same, so that one sentence does for all?"""
    said = {(one.half_days, one.mode, one.task, one.description) for one in copy.values()}
    return len(said) <= 1
