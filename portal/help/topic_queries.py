"""What a page of help says of whom it concerns, and how the index puts the pages together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from models.types import Role
from portal.access.actor import Actor
from portal.access.policy import POLICY
from portal.doors import Chapter, Topic
from portal.help.reach_words import REACHES


class Who(NamedTuple):
    """Who may do one thing: the permission's label, and each role with how far it reaches."""

    what: str
    roles: list[tuple[Role, str]]
    is_everybody: bool


def who_may(topic: Topic) -> list[Who]:
    """Return who may do a task, as the policy table says it now."""
    found = []
    for name in topic.permissions:
        permission = POLICY[name]
        roles = [(role, REACHES[reach]) for role, reach in permission.reaches.items()]
        found.append(Who(permission.label, roles, len(roles) == len(Role)))
    return found


class Group(NamedTuple):
    """Topics under one heading."""

    title: str
    topics: list[Topic]


def grouped(topics: Iterable[Topic]) -> list[Group]:
    """Return topics by what they are about, empty groups left out."""
    found = list(topics)
    groups = [
        Group(one.value, [topic for topic in found if topic.chapter == one]) for one in Chapter
    ]
    return [group for group in groups if group.topics]


def own_first(topics: Iterable[Topic], actor: Actor | None) -> tuple[list[Topic], list[Group]]:
    """Return what concerns the actor's roles in the order of the work, and all the rest by group."""
    every = list(topics)
    own = [one for one in every if actor is not None and one.concerns(actor)]
    return own, grouped(one for one in every if one not in own)
