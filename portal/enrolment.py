"""What a capability brings to the house, said once in its ``room.py`` and collected in rooms.py.

    ROOM = Room("feedback", blueprint=blueprint, door=Door("投诉建议", …), events={…}, …)

A ``room.py`` stands on top of its room and is imported by ``portal/rooms.py`` alone. Whoever needs
what the rooms bring gets it as an argument, or asks the app: ``house().doors``. How to add a room:
docs/adding-a-capability.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import Any, cast

import click
import flask
from flask import Blueprint
from sqlalchemy.orm import Session

from models.database import Database
from portal.access.actor import Actor
from portal.asked import Target
from portal.audit.words import AuditWords
from portal.causes import Cause, Want
from portal.checks import OF_EVERY_TABLE, Check, merged
from portal.clock import Now
from portal.finding import Finder, ObjectPage
from portal.stage import Stage


@dataclass(frozen=True, slots=True)
class Door:
    """A page offered to whoever holds the permission.

    In the navigation it shows ``count``: how much waits behind it for an actor, one cheap query.
    """

    label: str
    endpoint: str
    permission: str
    count: Callable[[Session, Actor], int] | None = None


class Chapter(Enum):
    """What a page of help is about, in the order of the index."""

    DAYS = "工作日志"
    PAIRS = "结对和人员"
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


@dataclass(frozen=True, slots=True)
class Nightly:
    """What runs every day by itself, in one transaction, safe to run twice; the hour in Shanghai."""

    name: str
    hour: int
    minute: int
    run: Callable[[Database, Now], None]


@dataclass(frozen=True, slots=True)
class Room:
    """What one capability brings; its name is that of its folder."""

    name: str
    blueprint: Blueprint | None = None
    door: Door | None = None
    further: tuple[Door, ...] = ()
    """Pages one step behind the navigation, which the search finds by their names."""
    events: Mapping[str, str] = field(default_factory=dict)
    """What the room records, in the auditor's words; so are its subjects (by the word before the
    colon), the names of its facts, and the code words that facts hold."""
    subjects: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    code_words: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    wants: tuple[Want, ...] = ()
    checks: tuple[Check, ...] = ()
    finders: tuple[Finder, ...] = ()
    lists: tuple[Target, ...] = ()
    objects: tuple[ObjectPage, ...] = ()
    nightly: tuple[Nightly, ...] = ()
    commands: tuple[click.Command, ...] = ()
    topics: tuple[Topic, ...] = ()
    demonstrate: Callable[[Stage], None] | None = None


class Twice(Exception):
    """Two rooms bring the same thing, or word it differently."""


@dataclass(frozen=True)
class House:
    """All rooms, in the order of the navigation, and what they bring together."""

    rooms: tuple[Room, ...]

    @cached_property
    def blueprints(self) -> tuple[Blueprint, ...]:
        return tuple(room.blueprint for room in self.rooms if room.blueprint)

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """The doors of the navigation."""
        return tuple(room.door for room in self.rooms if room.door)

    @cached_property
    def pages(self) -> tuple[Door, ...]:
        """The pages that the search finds by their names."""
        return (*self.doors, *self._all("further"))

    @cached_property
    def audit_words(self) -> AuditWords:
        return AuditWords(
            events=joined(room.events for room in self.rooms),
            subjects=joined(room.subjects for room in self.rooms),
            facts=joined(room.facts for room in self.rooms),
            code_words=joined(room.code_words for room in self.rooms),
        )

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        return tuple(sorted(self._all("causes"), key=lambda cause: cause.urgency))

    @cached_property
    def wants(self) -> tuple[Want, ...]:
        return tuple(self._all("wants"))

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """In the order in which ``flask verify`` asks them."""
        return merged((*self._all("checks"), OF_EVERY_TABLE))

    @cached_property
    def finders(self) -> tuple[Finder, ...]:
        return tuple(self._all("finders"))

    @cached_property
    def lists(self) -> tuple[Target, ...]:
        return tuple(self._all("lists"))

    @cached_property
    def object_pages(self) -> Mapping[str, ObjectPage]:
        """By kind."""
        return joined({one.kind: one} for one in self._all("objects"))

    @cached_property
    def nightly(self) -> tuple[Nightly, ...]:
        return tuple(self._all("nightly"))

    @cached_property
    def commands(self) -> tuple[click.Command, ...]:
        return tuple(self._all("commands"))

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        """By slug, in the order of the index."""
        chapters = list(Chapter)
        topics = sorted(self._all("topics"), key=lambda topic: chapters.index(topic.chapter))
        return joined({topic.slug: topic} for topic in topics)

    @cached_property
    def topic_of_page(self) -> Mapping[str, Topic]:
        """By the endpoint whose 本页帮助 it is."""
        return joined(dict.fromkeys(topic.pages, topic) for topic in self._all("topics"))

    def demonstrate(self, stage: Stage) -> None:
        """Have every room show itself, in the order of the house."""
        for room in self.rooms:
            if room.demonstrate:
                room.demonstrate(stage)

    def _all(self, name: str) -> Iterator[Any]:
        return chain.from_iterable(getattr(room, name) for room in self.rooms)


def joined(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one mapping of many; what two of them hold differently is refused."""
    found: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if found.setdefault(key, value) != value:
                message = f"two rooms bring {key!r}, and not the same"
                raise Twice(message)
    return found


EXTENSION = "qianshou_house"
"""Under this name the app keeps its house."""


def house() -> House:
    """Return the house of the app that answers now."""
    return cast("House", flask.current_app.extensions[EXTENSION])
