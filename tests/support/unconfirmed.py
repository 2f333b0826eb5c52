"""Pairings that one of the two provinces has still to confirm."""

from __future__ import annotations

from models import Pairing, PairingDecision
from models.types import PairingState, Role, Side
from portal.accounts.actions import open_account
from portal.pairings.decision_actions import confirm_pairing
from portal.pairings.life_rules import CONFIRMED
from portal.totals.actions import refresh_pairing
from tests.support.world import World


def unconfirm(world: World, code: str = "P1") -> Pairing:
    """Have a pairing stand as the upgrade leaves one that only the sending province confirmed.

    Whatever was done on it is still there: its people, its agreement, its days.
    """
    pairing = world.pairing(code)
    pairing.state, pairing.confirmed_at = PairingState.PROPOSED, None
    world.session.add(
        PairingDecision(
            pairing_id=pairing.id,
            kind=CONFIRMED[Side.SENT],
            state_after=PairingState.PROPOSED,
            ends_on_after=pairing.ends_on,
            at=world.clock(),
        )
    )
    refresh_pairing(world.session, pairing.id)
    return pairing


def confirm(world: World, code: str = "P1") -> Pairing:
    """Have the receiving province confirm it."""
    pairing = world.pairing(code)
    confirm_pairing(world.deed("province_officer"), pairing)
    return pairing


def colleague(world: World, login: str, province_code: str) -> str:
    """Open the account of another officer of a province; return its login."""
    open_account(
        world.deed(),
        login=login,
        password_hash="not a hash: tests sign in by session",
        name=f"演示同事{login[-1]}",
        role=Role.PROV_CIVIL,
        scope_code=province_code,
        person=None,
    )
    return login
