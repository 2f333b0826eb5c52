"""Settlements of the small programme, handed in through the actions of the portal."""

from __future__ import annotations

from datetime import date

from models import Settlement
from models.types import SettlementOutcome
from portal.settlements.actions import submit_settlement
from portal.spending.actions import book_expenditures
from tests.support.money import YEAR, received
from tests.support.spending import claimed
from tests.support.world import World

CARRIED, SENT_BACK = SettlementOutcome


def spent(world: World, fen: int = 1_000_000) -> None:
    """Have the sending organisation receive its subsidy, and spend some of it."""
    received(world)
    book_expenditures(world.deed("sending_manager"), [claimed(world, fen)])


def handed_in(
    world: World,
    wish: SettlementOutcome | None = CARRIED,
    *,
    persona: str = "sending_manager",
    organisation: str = "sending",
    year: int = YEAR,
) -> Settlement:
    """Return the settlement of an organisation's year, as its manager hands it in."""
    return submit_settlement(
        world.deed(persona), world.organisation(organisation), year, wish=wish, said="演示说明"
    )


PAID_BACK_ON = date(2022, 8, 1)
