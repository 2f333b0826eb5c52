"""A week of work in the small world, of which every sum is known by hand.

P1 (红寺堡区): sent1 2 days, sent2 half a day, received1 1 day and 1 day that waits for the county,
received2 half a day. P2 (同心县): nothing. P3 (水城区): 1 day that waits for the county.
"""

from datetime import date
from typing import NamedTuple

import pytest

from tests.support.workdays import approved, confirmed
from tests.support.world import World

MONDAY, TUESDAY = date(2022, 11, 14), date(2022, 11, 15)


class Days(NamedTuple):
    """Hundredths of a day: sent and received, counted and waiting."""

    sent: int
    received: int
    sent_pending: int
    received_pending: int


BY_HAND = {"P1": Days(250, 150, 0, 100), "P2": Days(0, 0, 0, 0), "P3": Days(0, 0, 100, 0)}


@pytest.fixture
def busy(world: World) -> World:
    approved(world, "sent1", MONDAY)
    approved(world, "sent1", TUESDAY)
    approved(world, "sent2", MONDAY, half_days=1)
    approved(world, "received1", MONDAY)
    confirmed(world, "received1", TUESDAY)
    approved(world, "received2", MONDAY, half_days=1)
    confirmed(world, "foreign", MONDAY, code="P3")
    world.session.commit()
    return world
