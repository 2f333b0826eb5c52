"""What a capability brings to the house, said once in its ``room.py`` and collected in rooms.py.

    ROOM = Room("feedback", blueprint=blueprint, door=Door("投诉建议", …), events={…}, …)

A ``room.py`` stands on top of its room and is imported by ``portal/rooms.py`` alone. Whoever needs
what the rooms bring gets it as an argument, or asks the app: ``house().doors``. How to add a room:
docs/adding-a-capability.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, cast

import click
import flask
from flask import Blueprint

from models.database import Database
from portal.asked import Target
from portal.audit.words import AuditWords
from portal.causes import Agenda, Cause, Want
from portal.checks import OF_EVERY_TABLE, Check, merged
from portal.doors import Chapter, Door, Topic
from portal.finding import Finder, ObjectPage
from portal.stage import Stage


@dataclass(frozen=True, slots=True)
class Nightly:
    """What happens every night by itself: an item of the night's job, safe to do twice.

    ``run`` is given a deed of the portal and the folder beside the database, in one transaction;
    ``look`` only reads the database, before it, at an instant.
    """

    name: str
    run: Callable[[Any, Path], None] | None = None
    look: Callable[[Database, datetime], None] | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What one capability brings; its name is that of its folder."""

    name: str
    blueprint: Blueprint | None = None
    door: Door | None = None
    behind: str = ""
    """Where the room has no door: the page of the door behind which its own pages stand."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Pages of the room that stand behind another door: by their endpoint, the page of that door."""
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
    kinds: tuple[Any, ...] = ()
    """Of background jobs: each a Kind of portal/jobs/kind.py, which stands above this."""
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
    def door_of_blueprint(self) -> Mapping[str, str]:
        """The page of the door that is lit on the pages of a blueprint."""
        lit = ((room, room.door.endpoint if room.door else room.behind) for room in self.rooms)
        return {room.blueprint.name: page for room, page in lit if room.blueprint and page}

    @cached_property
    def door_elsewhere(self) -> Mapping[str, str]:
        """The same by endpoint, of pages that stand behind the door of another room."""
        return joined(room.elsewhere for room in self.rooms)

    @cached_property
    def pages(self) -> tuple[Door, ...]:
        """The pages that the search finds by their names."""
        return (*self.doors, *self._all("further"))

    def behind(self, page: str) -> tuple[Door, ...]:
        """The further pages of all rooms behind one door, by the page of that door."""
        own = (
            room
            for room in self.rooms
            if page == (room.door.endpoint if room.door else room.behind)
        )
        return tuple(chain.from_iterable(room.further for room in own))

    @cached_property
    def audit_words(self) -> AuditWords:
        return AuditWords(
            events=joined(room.events for room in self.rooms),
            subjects=joined(room.subjects for room in self.rooms),
            facts=joined(room.facts for room in self.rooms),
            code_words=joined(
                [
                    *(room.code_words for room in self.rooms),
                    {kind.word: kind.label for kind in self.kinds},
                ]
            ),
        )

    @cached_property
    def agenda(self) -> Agenda:
        """What the rooms ask people to do, the urgent first."""
        causes = sorted(self._all("causes"), key=lambda cause: cause.urgency)
        return Agenda(tuple(causes), tuple(self._all("wants")), self.audit_words.of_subject)

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
    def kinds(self) -> tuple[Any, ...]:
        """The kinds of background jobs that the rooms declare."""
        return tuple(self._all("kinds"))

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
