"""The pairings that wait for the actor's own province, for one thing or another."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from models import Pairing
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import NO_WORDS, Rows


def waiting_for(
    is_waiting: Callable[[Actor], sa.ColumnElement[bool] | None],
) -> Callable[[Actor, Moment], Rows | None]:
    def rows(actor: Actor, _moment: Moment) -> Rows | None:
        condition = is_waiting(actor)
        if condition is None:
            return None
        return sa.select(
            Pairing.created_at.label("since"),
            Pairing.code.label("who"),
            Pairing.starts_on.label("day"),
            NO_WORDS.label("why"),
        ).where(condition)

    return rows
