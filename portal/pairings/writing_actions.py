"""What the verbs of this room share: the yes of whoever proposes, coming into effect."""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing, PairingYear
from models.types import Side
from portal.deeds import Deed
from portal.pairings import rules
from portal.pairings.life_rules import CONFIRMED, Need, Wait
from portal.pairings.procedure_rules import LIFE, PairingFacts
from portal.pairings.queries import list_exceptions, partners
from portal.procedures.actions import follow, take
from portal.programme.queries import policy_on
from portal.refusals import refuse_if
from portal.totals.actions import refresh_pairing

SENDING_OR_RECEIVING = {Side.SENT: "sending", Side.RECEIVED: "receiving"}
"""How a side of a pairing is called in columns and policies."""


def agree(deed: Deed, pairing: Pairing, side: Side) -> None:
    """Have the province of a side say yes by proposing: nobody else signs that."""
    settled = PairingFacts(
        pairing.code,
        pairing.state,
        proposed_by_person_id=None,
        waits=(Wait(side, Need.CONFIRMATION),),
        acting=frozenset({side}),
    )
    take(
        deed,
        LIFE,
        pairing,
        CONFIRMED[side],
        facts=settled,
        columns={"confirmed_by_person_id": None},
    )


def take_effect(deed: Deed, pairing: Pairing) -> None:
    """Let a pairing come into effect: all whom it waited for have agreed."""
    _take_places_left_free(deed, pairing)
    follow(deed, LIFE, [pairing], "took_effect", columns={"confirmed_at": deed.now})
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
