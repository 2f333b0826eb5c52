"""The pages of the portal, found by their names."""

from __future__ import annotations

from collections.abc import Iterable

from portal.access.actor import Actor
from portal.asked import Asked
from portal.doors import Door
from portal.finding import Group, Hit
from portal.search.queries import EXACT_LABEL


def with_doors(
    groups: list[Group], actor: Actor, asked: Asked, pages: Iterable[Door]
) -> list[Group]:
    """Return the groups with the pages that the actor may open and whose name has every word.

    They are few and stand first, but for what was named by its code.
    """
    hits = [
        Hit("页面", page.label, "打开页面", page.endpoint)
        for page in pages
        if actor.holds(page.permission)
        and all(word.lower() in page.label.lower() for word in asked.words)
    ]
    exact = [group for group in groups if group.label == EXACT_LABEL]
    rest = [group for group in groups if group.label != EXACT_LABEL]
    return [*exact, *([Group("页面", hits)] if hits else []), *rest]
