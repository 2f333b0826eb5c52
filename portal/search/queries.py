"""Searching within the actor's scope: one query a kind, however much there is to find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.asked import Asked
from portal.finding import Finder, Group

EXACT_LABEL = "编号一致"
SEARCHED_FOR_ALL = "您能打开的页面和能办的事"


def search(
    session: Session, actor: Actor, asked: Asked, today: date, finders: Iterable[Finder]
) -> list[Group]:
    """Return what is found of each kind that the actor may read: one query each."""
    groups = [
        finder.find(session, actor, asked, today)
        for finder in finders
        if actor.holds(finder.permission) and asked.words
    ]
    exact = [hit for group in groups for hit in group.hits if hit.is_exact]
    rest = [_without_exact(group) for group in groups]
    return [group for group in (Group(EXACT_LABEL, exact), *rest) if group.hits]


def searchable(actor: Actor, finders: Iterable[Finder]) -> list[str]:
    """Return what this actor can search for, in words."""
    own = [finder.words for finder in finders if actor.holds(finder.permission)]
    return [*own, SEARCHED_FOR_ALL]


def _without_exact(group: Group) -> Group:
    hits = [hit for hit in group.hits if not hit.is_exact]
    return Group(group.label, hits, group.has_more, group.more)
