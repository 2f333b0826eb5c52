"""The pages and deeds of the portal, and its pages of help, found by their names and how these sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from portal.access.actor import Actor
from portal.asked import Asked
from portal.doors import Door, Topic
from portal.finding import SHOWN, Group, Hit
from portal.search.queries import EXACT_LABEL
from portal.search.topic_store import text_of
from portal.standards.names import key_of
from portal.standards.sounds import stands_in

Place = TypeVar("Place", str, Topic)

LEAST_IN_A_TEXT = 2
"""Characters that a word has which is looked for in the text of help, beside its titles."""


def with_doors(
    groups: list[Group], actor: Actor, asked: Asked, pages: Iterable[Door], topics: Iterable[Topic]
) -> list[Group]:
    """Return the groups with the pages that the actor may open and whose name has every word.

    They are few and stand first, but for what was named by its code; help stands last.
    """
    hits = [
        Hit("页面", page.label, "打开页面", page.endpoint)
        for page in pages
        if actor.holds(page.permission) and _has_every(asked, page.label, stands_in)
    ]
    exact = [group for group in groups if group.label == EXACT_LABEL]
    rest = [group for group in groups if group.label != EXACT_LABEL]
    found = [*exact, Group("页面", hits), *rest, _help(actor, asked, topics)]
    return [group for group in found if group.hits]


def _help(actor: Actor, asked: Asked, topics: Iterable[Topic]) -> Group:
    """Return the topics with every word: by their title before by their text, the own ones first."""
    found = [topic for topic in topics if _has_every(asked, topic, _is_about)]
    found.sort(
        key=lambda one: (not _has_every(asked, one.title, stands_in), not one.concerns(actor))
    )
    hits = [
        Hit("帮助", one.title, one.summary, "help.show_topic", {"slug": one.slug})
        for one in found[:SHOWN]
    ]
    has_more = len(found) > SHOWN
    return Group("帮助", hits, has_more, ("help.show_index", {}) if has_more else None)


def _is_about(word: str, topic: Topic) -> bool:
    key = key_of(word)
    if stands_in(word, topic.title):
        return True
    texts = (key_of(topic.summary), text_of(topic.template))
    return len(key) >= LEAST_IN_A_TEXT and any(key in text for text in texts)


def _has_every(asked: Asked, place: Place, stands: Callable[[str, Place], bool]) -> bool:
    return all(stands(word, place) for word in asked.words)
