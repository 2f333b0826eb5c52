"""Nominations that wait."""

from __future__ import annotations

from datetime import date

import pytest

from models import Assignment
from models.types import Side
from portal.staffing.actions import end_assignment, nominate
from tests.support.world import World


@pytest.fixture
def sent(world: World) -> Assignment:
    """A sent person who does not qualify, nominated by the manager."""
    return _nominated(world, "unqualified", "sending_manager", Side.SENT)


@pytest.fixture
def received(world: World) -> Assignment:
    """A received person who comes back, nominated by the manager."""
    end_assignment(world.deed(), world.assignment("received3"), date(2022, 2, 28), "产假")
    return _nominated(world, "received3", "receiving_manager", Side.RECEIVED)


def _nominated(world: World, key: str, persona: str, side: Side) -> Assignment:
    return nominate(
        world.deed(persona),
        pairing=world.pairing("P1"),
        person=world.person(key),
        side=side,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )
