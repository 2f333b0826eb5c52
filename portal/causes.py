"""What asks somebody to do something: a state in the database, or a want that is worked out.

A room declares its causes in its ``room.py``; ``portal/home`` asks all of them of one actor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.database import Moment
from portal.access.actor import Actor

Rows: TypeAlias = sa.Select[*tuple[Any, ...]]

NO_DAY = sa.cast(sa.null(), sa.Date)
NO_NUMBER = sa.cast(sa.null(), sa.BigInteger)
NO_WORDS = sa.cast(sa.null(), sa.Text)


class Urgency(IntEnum):
    """What others wait for comes before what one may put off; rooms in the order of the house."""

    ALARM = 1
    OWN_WORK = 2
    """What does not count until its own author has mended or sent it."""
    DECISION = 3
    UPKEEP = 4


class Latest(NamedTuple):
    """The newest thing that waits: whose or which, its date, its reason; ``more`` dates share it."""

    who: str
    day: date | None
    why: str | None
    more: tuple[date, ...] = ()

    @property
    def day_words(self) -> str:
        """8月5日, or 8月4日、8月5日; only of what has a date."""
        assert self.day is not None
        return "、".join(f"{day.month}月{day.day}日" for day in sorted((self.day, *self.more)))


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """A state that asks somebody to do something, and the one button for it.

    Asked of whoever holds one of the ``permissions``. ``rows`` selects since (an instant), who, day
    and why of each thing that waits for an actor, or gives None where the actor has no such part.
    ``door`` says that a door counts them already. ``single`` is where the button leads when one
    thing waits: its endpoint, and the argument whose value ``rows`` then selects as ``one``.
    ``shown`` is how many of the newest are told, those of one reason together.
    ``of_subject`` says that ``why`` is a subject of the trail, to be put into words.
    """

    urgency: Urgency
    label: str
    action_label: str
    endpoint: str
    permissions: tuple[str, ...]
    rows: Callable[[Actor, Moment], Rows | None]
    words: Callable[[Latest], str]
    values: dict[str, str] = field(default_factory=dict)
    hint: str = ""
    door: bool = True
    single: tuple[str, str] | None = None
    of_subject: bool = False
    shown: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the inbox; ``door`` says that a door counts it already."""

    label: str
    count: int
    endpoint: str
    action_label: str
    note: str = ""
    values: dict[str, str] = field(default_factory=dict)
    door: bool = False


@dataclass(frozen=True, slots=True)
class Want:
    """What is asked for before its want would stop the work; no door counts it.

    ``line`` works it out for an actor whom the permission reaches; None if nothing is wanted.
    """

    permission: str
    line: Callable[[Session, Actor, datetime], Waiting | None]
    counted: bool = True
    """Is it counted on the door of the first page, and so worked out for every page?"""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What all rooms ask people to do; ``of_subject`` puts a subject of the trail into words."""

    causes: tuple[Cause, ...]
    wants: tuple[Want, ...]
    of_subject: Callable[[str], str]
