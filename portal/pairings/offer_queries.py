"""What the page of a pairing offers to whoever reads it: the next steps, and the verbs within reach."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from models import Pairing
from models.types import Side
from portal.access.actor import Actor
from portal.pairings import record_queries
from portal.pairings.life_rules import CONFIRMED, PairingLife, Use, refusals_for_use
from portal.pairings.procedure_rules import LIFE
from portal.pairings.queries import facts_of
from portal.pairings.step_rules import People, Step, next_steps
from portal.procedures.offer_rules import Off, Offer, offers, reasons_off
from portal.procedures.queries import permissions_on
from portal.programme.policy import Policy


def steps_of(
    pairing: Pairing,
    heads: dict[Side, record_queries.Heads],
    policy: Policy,
    life: PairingLife,
    today: date,
) -> list[Step]:
    """Return what has still to be done before people can work, and by whom."""
    need = {Side.SENT: policy["min_sent_staff"], Side.RECEIVED: policy["min_received_staff"]}
    return next_steps(
        state=pairing.state,
        is_over=pairing.ends_on < today,
        waits=life.waits,
        people={side: People(*heads[side], need[side]) for side in Side},
    )


class Offered(NamedTuple):
    """What a reader of the page may do: steps with the reasons why some are off, and verbs for a side."""

    offers: list[Offer]
    off: list[Off]
    verbs: frozenset[str]


def offered_on(
    session: Session, actor: Actor, pairing: Pairing, life: PairingLife, today: date
) -> Offered:
    """Return what the page offers to whoever reads it."""
    permissions = permissions_on(session, actor, LIFE, pairing)
    by_side = {
        side: offers(
            LIFE,
            facts_of(session, actor, pairing, side=side, is_shown=True),
            person_id=actor.person_id,
            permissions=permissions,
        )
        for side in Side
        if permissions
    }
    found = list(dict.fromkeys(offer for some in by_side.values() for offer in some))
    verbs = {
        f"{verb}_{side}"
        for side, some in by_side.items()
        for verb, kind in (("confirm", CONFIRMED[side]), ("except", "excepted"))
        if any(offer.verb == kind and not offer.off for offer in some)
    }
    return Offered(
        found,
        reasons_off(found),
        frozenset(verbs | _about_people(session, actor, pairing, life, today)),
    )


def _about_people(
    session: Session, actor: Actor, pairing: Pairing, life: PairingLife, today: date
) -> set[str]:
    own = record_queries.own_sides(actor, pairing)
    deciding = record_queries.deciding_sides(session, actor, pairing.id)
    verbs = {f"nominate_{side}" for side in own} | {f"approve_{side}" for side in deciding}
    if own and pairing.ends_on >= today and not refusals_for_use(Use.NOMINATE, life):
        verbs.add("nominate")
    return verbs
