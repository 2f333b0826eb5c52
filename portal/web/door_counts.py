"""What waits behind the doors of the navigation: all of them asked in one statement, once a request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.database import Moment, run
from portal.access.actor import Actor
from portal.access.scope import built_once
from portal.doors import Door
from portal.enrolment import house
from portal.web.frame import db, now, signed_in


def count_behind(door: Door, found: Actor) -> int:
    """Return what a door of the navigation shows."""
    known: int | None = flask.g.get("known_behind", {}).get(door.endpoint)
    if known is not None:
        return known
    besides = door.besides(db(), found, now()) if door.besides else 0
    return door.whole(waiting_behind(door.endpoint)) + besides


def waiting_behind(endpoint: str) -> Sequence[int]:
    """Return the counts of a door of whoever is signed in; nothing without a part in it.

    All doors are asked in one statement, once a request.
    """
    if "behind_doors" not in flask.g:
        found, known = signed_in(), flask.g.get("known_behind", {})
        own = (one for one in house().doors if found.holds(one.permission))
        asked = tuple(one for one in own if one.counts and one.endpoint not in known)
        flask.g.behind_doors = counts_of(db(), found, now(), asked)
    counts: Sequence[int] = flask.g.behind_doors.get(endpoint, ())
    return counts


def know_behind(endpoint: str, count: int) -> None:
    """Say how much waits behind a door, where the page has found it already."""
    flask.g.setdefault("known_behind", {})[endpoint] = count


class _Asked(NamedTuple):
    """The one statement for some doors of an actor, and how many counts are of which endpoint."""

    statement: sa.Select[*tuple[Any, ...]] | None
    sizes: Sequence[tuple[str, int]]
    moment: Moment


def counts_of(
    session: Session, actor: Actor, now: datetime, doors: tuple[Door, ...]
) -> dict[str, list[int]]:
    """Return the counts of some doors by endpoint, those without a part for the actor left out."""
    asked = _asked(actor, doors)
    if asked.statement is None:
        return {}
    found = iter(run(session, asked.statement, asked.moment.at(now)).one())
    return {endpoint: list(islice(found, size)) for endpoint, size in asked.sizes}


@built_once
def _asked(actor: Actor, doors: tuple[Door, ...]) -> _Asked:
    moment, parts, sizes = Moment(), list[sa.ScalarSelect[int]](), list[tuple[str, int]]()
    for door in doors:
        counts = door.counts(actor, moment) if door.counts else None
        if counts:
            parts += counts
            sizes.append((door.endpoint, len(counts)))
    return _Asked(sa.select(*parts) if parts else None, sizes, moment)
