"""The settlements that wait for somebody: to be mended, settled, returned to their payers, closed."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from models import Organisation, Settlement, SettlementDecision
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import NO_DAY, Rows
from portal.procedures.queries import waits_for
from portal.settlements.rules import LIFE

ASKS_BESIDES = {
    "sent_back": Settlement.returned_on.is_(None),
    "closed": Settlement.returned_on.is_not(None),
}
"""What the declaration asks of the facts besides the state."""


def waiting_for(verb: str) -> Callable[[Actor, Moment], Rows]:
    """Select the settlements that wait for an actor to take a step."""

    def rows(actor: Actor, _moment: Moment) -> Rows:
        condition = waits_for(LIFE, verb, Settlement, actor)
        last = (
            sa.select(sa.func.max(SettlementDecision.id))
            .where(SettlementDecision.settlement_id == Settlement.id)
            .correlate(Settlement)
            .scalar_subquery()
        )
        return (
            sa.select(
                SettlementDecision.at.label("since"),
                Organisation.name.label("who"),
                NO_DAY.label("day"),
                sa.cast(Settlement.year, sa.Text).label("why"),
                Settlement.public_id.label("one"),
            )
            .join(Organisation, Organisation.id == Settlement.organisation_id)
            .join(SettlementDecision, SettlementDecision.id == last)
            .where(
                sa.false()
                if condition is None
                else sa.and_(condition, ASKS_BESIDES.get(verb, sa.true()))
            )
        )

    return rows
