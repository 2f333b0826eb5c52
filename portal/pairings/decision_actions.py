"""What the provinces concerned say to a proposed pairing: yes, no, and yes or no to an exception.

A no ends the proposal, and the people named for it follow: pages come through
portal/changes/actions.py.
"""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing, PairingYear
from models.types import Side
from portal.deeds import Deed
from portal.pairings.life_rules import CONFIRMED
from portal.pairings.procedure_rules import LIFE, side_to_confirm, verb_of_refusal
from portal.pairings.queries import facts_of, list_exceptions, waits_for
from portal.pairings.writing_actions import take_effect
from portal.procedures.actions import take
from portal.standards.text import trimmed
from portal.totals.actions import refresh_pairing


def confirm_pairing(deed: Deed, pairing: Pairing, *, seen: int | None = None) -> None:
    """Confirm a cross-province pairing for the province that did not propose it (二(二)).

    ``seen``, here and below, is the version that was shown; a later change is refused.
    """
    _wait_for_others(deed, pairing)
    facts = facts_of(deed.session, deed.actor, pairing)
    side = side_to_confirm(facts)
    take(deed, LIFE, pairing, CONFIRMED[side], facts=facts, seen=seen)
    take_effect_if_agreed(deed, pairing)
    deed.record("pairing.confirmed", f"pairing:{pairing.code}", side=side.value)


def decide_on_exception(
    deed: Deed,
    pairing: Pairing,
    side: Side,
    *,
    is_granted: bool,
    opinion: str,
    seen: int | None = None,
) -> None:
    """Grant or refuse the second partner of a side (B14), for the province of that side.

    A pairing whose exception is refused cannot come to be: it is declined with that.
    """
    _wait_for_others(deed, pairing)
    said = trimmed(opinion)
    take(
        deed,
        LIFE,
        pairing,
        "excepted" if is_granted else "exception_refused",
        facts=facts_of(deed.session, deed.actor, pairing, side=side),
        reason=said,
        noted=f"{side.label}机构" + (f"：{said}" if said else ""),
        seen=seen,
    )
    request = next(one for one in list_exceptions(deed.session, pairing.id) if one.side == side)
    request.is_granted = is_granted
    request.decided_at = deed.now
    request.decided_by_person_id = deed.actor.person_id
    request.opinion = said or None
    deed.session.flush()
    if is_granted:
        take_effect_if_agreed(deed, pairing)
    else:
        free_places(deed, pairing)
    event = "pairing.exception_granted" if is_granted else "pairing.exception_refused"
    deed.record(event, f"pairing:{pairing.code}", side=side.value)


def decline_pairing(deed: Deed, pairing: Pairing, reason: str, *, seen: int | None = None) -> None:
    """Say no to a proposed pairing, or take the own province's proposal back."""
    _wait_for_others(deed, pairing)
    facts = facts_of(deed.session, deed.actor, pairing)
    verb = verb_of_refusal(facts)
    take(deed, LIFE, pairing, verb, facts=facts, reason=reason, seen=seen)
    free_places(deed, pairing)
    deed.record(f"pairing.{verb}", f"pairing:{pairing.code}")


def take_effect_if_agreed(deed: Deed, pairing: Pairing) -> None:
    """Let the pairing come into effect once it waits for nobody."""
    if not waits_for(deed.session, pairing):
        take_effect(deed, pairing)


def free_places(deed: Deed, pairing: Pairing) -> None:
    """Leave the places that a proposal took to others."""
    deed.session.execute(
        sa.update(PairingYear)
        .where(PairingYear.pairing_id == pairing.id)
        .values(occupies_sending=False, occupies_receiving=False)
    )
    refresh_pairing(deed.session, pairing.id)


def _wait_for_others(deed: Deed, pairing: Pairing) -> None:
    """Let whoever decides on this pairing at the same moment be first, then see what they wrote."""
    deed.session.refresh(pairing, with_for_update=True)
