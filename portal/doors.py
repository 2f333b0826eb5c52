"""Pages that are offered by their name, and pages of help: what a room says of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.database import Moment
from portal.access.actor import Actor

Counts: TypeAlias = Sequence[sa.ScalarSelect[int]]
"""How much waits, as parts of a statement that asks more than that."""


def how_many(wanted: sa.Select[*tuple[Any, ...]]) -> sa.ScalarSelect[int]:
    """Count the rows of a statement, as a part of another."""
    return sa.select(sa.func.count()).select_from(wanted.subquery()).scalar_subquery()


class Menu(Enum):
    """The groups of the navigation, in their order; the first page stands before them."""

    DEEDS = "办理"
    VIEWS = "查看"
    CARE = "管理"


@dataclass(frozen=True, slots=True)
class Door:
    """A page offered to whoever holds the permission.

    In the navigation it stands in its ``menu`` and shows how much waits behind it for an actor:
    ``counts``, or None where the actor has no such part. All doors are asked in one statement;
    ``whole`` makes one number of what a door counts, ``besides`` is what no query counts.
    """

    label: str
    endpoint: str
    permission: str
    counts: Callable[[Actor, Moment], Counts | None] | None = None
    menu: Menu | None = None
    whole: Callable[[Sequence[int]], int] = sum
    besides: Callable[[Session, Actor, datetime], int] | None = None


class Chapter(Enum):
    """What a page of help is about, in the order of the index."""

    DAYS = "工作日志"
    PAIRS = "结对和人员"
    MONEY = "资金"
    FIGURES = "汇总和导入"
    OFFICE = "管理"
    SELF = "使用本平台"


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of help; its text stands in ``templates/help/topics/<slug>.html``.

    ``door`` is the page where it is done, ``pages`` are the endpoints whose 本页帮助 it is.
    """

    slug: str
    title: str
    summary: str
    chapter: Chapter
    permissions: tuple[str, ...]
    door: Door | None = None
    pages: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return f"help/topics/{self.slug}.html"

    def concerns(self, actor: Actor) -> bool:
        """Has the actor something to do with it?"""
        return any(actor.holds(permission) for permission in self.permissions)
