"""What the verbs of this room share: noting decisions, coming into effect."""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing, PairingDecision, PairingYear
from models.types import PairingState, Side
from portal.deeds import Deed
from portal.pairings import rules
from portal.pairings.queries import list_exceptions, partners
from portal.programme.queries import policy_on
from portal.refusals import refuse_if
from portal.totals.actions import refresh_pairing

SENDING_OR_RECEIVING = {Side.SENT: "sending", Side.RECEIVED: "receiving"}
"""How a side of a pairing is called in columns and policies."""


def decide(deed: Deed, pairing: Pairing, kind: str, reason: str | None = None) -> None:
    """Note what was decided on a pairing, by whom and why."""
    deed.session.add(
        PairingDecision(
            pairing_id=pairing.id,
            kind=kind,
            ends_on_after=pairing.ends_on,
            at=deed.now,
            account_id=deed.actor.account_id,
            person_id=deed.actor.person_id,
            reason=reason,
        )
    )
    deed.session.flush()


def take_effect(deed: Deed, pairing: Pairing) -> None:
    """Let a pairing come into effect: all whom it waited for have agreed."""
    _take_places_left_free(deed, pairing)
    pairing.state = PairingState.CONFIRMED
    pairing.confirmed_at = deed.now
    deed.session.flush()
    refresh_pairing(deed.session, pairing.id)


def _take_places_left_free(deed: Deed, pairing: Pairing) -> None:
    """Take the places that a pairing by exception left free while it was only asked for.

    Another pairing may have taken one meanwhile: that side would need an exception of its own.
    """
    session = deed.session
    excepted = {one.side for one in list_exceptions(session, pairing.id)}
    if not excepted:
        return
    rows = session.scalars(sa.select(PairingYear).where(PairingYear.pairing_id == pairing.id)).all()
    years = [row.year for row in rows]
    policy = policy_on(session, pairing.starts_on)
    for side, name in SENDING_OR_RECEIVING.items():
        party = rules.Party(
            organisation_id := getattr(pairing, f"{name}_organisation_id"),
            getattr(pairing, f"{name}_province_code"),
            partners(session, organisation_id, years, name),
            policy[f"allow_multi_{name}"],
        )
        if side not in excepted:
            refuse_if(rules.refusals_for_place("", f"{side.label}机构", party, years))
        for row in rows:
            is_free = not party.allows_several and row.year not in party.partners
            setattr(row, f"occupies_{name}", is_free)
    session.flush()
