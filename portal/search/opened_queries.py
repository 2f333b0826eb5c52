"""Reading the objects that were opened last, as they are called now: one query a kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.finding import Hit, ObjectPage


def list_opened(
    session: Session,
    actor: Actor,
    opened: Sequence[tuple[str, str]],
    pages: Iterable[ObjectPage],
) -> list[Hit]:
    """Return those of the objects (kind, key) that the actor may read, in the same order."""
    found: dict[tuple[str, str], Hit] = {}
    for page in pages:
        keys = [key for kind, key in opened if kind == page.kind]
        if keys and actor.holds(page.permission):
            found |= {(page.kind, key): hit for key, hit in page.read(session, actor, keys)}
    return [found[one] for one in map(tuple, opened) if one in found]
