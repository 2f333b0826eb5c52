"""How much waits for somebody: the count on the door, on the tabs and on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from models import Workday
from models.database import Moment
from portal.access.actor import Actor
from portal.doors import Counts
from portal.months.inbox_queries import overtaken_of
from portal.procedures.queries import waits_for
from portal.workdays.inbox_queries import OTHER_SIDE, OWN_SIDE, disputed_for, to_settle
from portal.workdays.life_rules import LIFE

CAP = 100
"""Beyond it a badge says 99+."""


WAITING_FOR = ("confirmed", "approved", "resubmitted", "submitted")
"""The steps for which an entry waits, in the order of the counts."""


class Waiting(NamedTuple):
    """Entries that wait for an actor, each no further than ``CAP``.

    What only somebody else may decide on, an own entry, does not wait for the actor. ``disputed`` are
    days of the own side that the other disputes, ``disputes`` those that the own side disputes,
    ``to_settle`` those on which the county may decide, ``twice`` those of both that wait to be confirmed
    or approved, too; ``reopened`` are months that were declared complete and are no longer.
    """

    to_confirm: int
    to_approve: int
    returned: int
    drafts: int
    disputed: int
    disputes: int
    to_settle: int
    twice: int
    reopened: int

    @property
    def in_dispute(self) -> int:
        """Days in dispute on which the actor's side, or the actor, has to say something."""
        return self.disputed + self.to_settle

    @property
    def all(self) -> int:
        """Everything that waits, each day once."""
        return sum(self) - 2 * self.twice


NOTHING = Waiting(*([0] * len(Waiting._fields)))
_NONE: sa.ScalarSelect[int] = sa.select(sa.literal(0)).scalar_subquery()


def all_of(counts: Sequence[int]) -> int:
    """Return how much waits by the counts of ``Waiting``, or by none."""
    return Waiting._make(counts).all if counts else 0


def counts_of_days(actor: Actor, _moment: Moment) -> Counts | None:
    """Count what waits for an actor, in the order of ``Waiting``; None for whoever has no such part."""
    waits = [waits_for(LIFE, verb, Workday, actor) for verb in WAITING_FOR]
    disputed, settled = disputed_for(actor, OWN_SIDE), to_settle(actor)
    days = (
        *waits,
        disputed,
        disputed_for(actor, OTHER_SIDE),
        settled,
        _both(_either(disputed, settled), _either(*waits[:2])),
    )
    parts = [*(_count(Workday.id, one) for one in days), _count(*overtaken_of(actor))]
    if all(part is None for part in parts):
        return None
    return [_NONE if part is None else part for part in parts]


def _either(*parts: sa.ColumnElement[bool] | None) -> sa.ColumnElement[bool] | None:
    found = [part for part in parts if part is not None]
    return sa.or_(*found) if found else None


def _both(*parts: sa.ColumnElement[bool] | None) -> sa.ColumnElement[bool] | None:
    found = [part for part in parts if part is not None]
    return sa.and_(*found) if len(found) == len(parts) else None


def _count(key: Any, waits: sa.ColumnElement[bool] | None) -> sa.ScalarSelect[int] | None:
    if waits is None:
        return None
    some = sa.select(key).where(waits).limit(CAP).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()
