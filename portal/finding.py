"""What a room lets the search find: rows by a name or code, and what was opened last.

A room declares its finders and object pages in its ``room.py``; ``portal/search`` asks all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.asked import Asked

SHOWN = 8
"""How many hits of a kind are shown; who wants more goes to the list."""

EXACT, BEGINS, ANYWHERE = 0, 1, 2
"""In this order hits of a kind stand: its code, the beginning of its name, anywhere."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: its kind, what it is called, what it is, and the page that shows it."""

    kind: str
    label: str
    note: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of a kind; ``more`` is the list with the rest (endpoint, values), if there is one."""

    label: str
    hits: list[Hit]
    has_more: bool = False
    more: tuple[str, dict[str, Any]] | None = None

    @property
    def count_text(self) -> str:
        return f"{SHOWN} 条以上" if self.has_more else f"{len(self.hits)} 条"


class Finder(NamedTuple):
    """One kind that is searched for: by whom, in words, and one query within the actor's scope."""

    permission: str
    words: str
    find: Callable[[Session, Actor, Asked, date], Group]


def group_of(
    label: str, rows: Sequence[Any], make: Callable[[Any], Hit], more: tuple[str, dict[str, Any]]
) -> Group:
    """Return a group of rows of which one more was read than is shown."""
    hits = [make(row) for row in rows[:SHOWN]]
    has_more = len(rows) > SHOWN
    return Group(label, hits, has_more, more if has_more else None)


def rank(is_exact: Any, begins: Any) -> Any:
    """Return the column by which hits are ordered."""
    return sa.case((is_exact, EXACT), (begins, BEGINS), else_=ANYWHERE).label("rank")


class ObjectPage(NamedTuple):
    """The page of one object, which 最近打开 offers again.

    ``kind`` and the value of the URL's ``argument`` are kept in the reader's browser; ``read`` finds
    what they are called now, by that value, within the scope.
    """

    kind: str
    endpoint: str
    argument: str
    permission: str
    read: Callable[[Session, Actor, Sequence[str]], Iterable[tuple[str, Hit]]]
