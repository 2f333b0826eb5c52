"""What the provinces concerned say to a proposed pairing: yes, no, and yes or no to an exception.

A no ends the proposal, and the people named for it follow: pages come through
portal/changes/actions.py.
"""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing, PairingYear
from models.types import PairingState, Side
from portal.deeds import Deed
from portal.pairings import life_rules
from portal.pairings.life_rules import acting_provinces
from portal.pairings.queries import confirmed_sides, is_proposed_by, list_exceptions, waits_for
from portal.pairings.writing_actions import decide, take_effect
from portal.refusals import refuse_if
from portal.standards.text import trimmed
from portal.totals.actions import refresh_pairing


def confirm_pairing(deed: Deed, pairing: Pairing) -> None:
    """Confirm a cross-province pairing for the province that did not propose it (二(二))."""
    _wait_for_others(deed, pairing)
    waits = waits_for(deed.session, pairing)
    acting = _acting_sides(deed, pairing)
    refuse_if(
        life_rules.refusals_for_confirmation(
            waits,
            acting,
            is_own_proposal=is_proposed_by(deed.session, pairing.id, deed.actor.person_id),
        )
    )
    side = next(
        wait.side
        for wait in waits
        if wait.need == life_rules.Need.CONFIRMATION and wait.side in acting
    )
    decide(deed, pairing, life_rules.CONFIRMED[side])
    take_effect_if_agreed(deed, pairing)
    deed.record("pairing.confirmed", f"pairing:{pairing.code}", side=side.value)


def decide_on_exception(
    deed: Deed, pairing: Pairing, side: Side, *, is_granted: bool, opinion: str
) -> None:
    """Grant or refuse the second partner of a side (B14), for the province of that side.

    A pairing whose exception is refused cannot come to be: it is declined with that.
    """
    _wait_for_others(deed, pairing)
    request = next(
        (one for one in list_exceptions(deed.session, pairing.id) if one.side == side), None
    )
    refuse_if(
        life_rules.refusals_for_exception(
            side,
            waits_for(deed.session, pairing),
            _acting_sides(deed, pairing),
            is_own_request=request is not None
            and request.requested_by_person_id == deed.actor.person_id,
            is_granted=is_granted,
            opinion=opinion,
        )
    )
    assert request is not None  # the rules refused it otherwise
    request.is_granted = is_granted
    request.decided_at = deed.now
    request.decided_by_person_id = deed.actor.person_id
    request.opinion = trimmed(opinion) or None
    deed.session.flush()
    kind = "excepted" if is_granted else "exception_refused"
    decide(deed, pairing, kind, f"{side.label}机构" + (f"：{request.opinion}" if opinion else ""))
    if is_granted:
        take_effect_if_agreed(deed, pairing)
    else:
        _end_proposal(deed, pairing)
    event = "pairing.exception_granted" if is_granted else "pairing.exception_refused"
    deed.record(event, f"pairing:{pairing.code}", side=side.value)


def decline_pairing(deed: Deed, pairing: Pairing, reason: str) -> None:
    """Say no to a proposed pairing, or take the own province's proposal back."""
    _wait_for_others(deed, pairing)
    refuse_if(life_rules.refusals_for_refusal(pairing.state, reason))
    is_own = bool(set(_acting_sides(deed, pairing)) & confirmed_sides(deed.session, pairing.id))
    kind = "withdrawn" if is_own else "declined"
    decide(deed, pairing, kind, trimmed(reason))
    _end_proposal(deed, pairing)
    deed.record(f"pairing.{kind}", f"pairing:{pairing.code}")


def take_effect_if_agreed(deed: Deed, pairing: Pairing) -> None:
    """Let the pairing come into effect once it waits for nobody."""
    if not waits_for(deed.session, pairing):
        take_effect(deed, pairing)


def _end_proposal(deed: Deed, pairing: Pairing) -> None:
    """Close a proposal: its places are free."""
    pairing.state = PairingState.DECLINED
    deed.session.execute(
        sa.update(PairingYear)
        .where(PairingYear.pairing_id == pairing.id)
        .values(occupies_sending=False, occupies_receiving=False)
    )
    refresh_pairing(deed.session, pairing.id)


def _acting_sides(deed: Deed, pairing: Pairing) -> list[Side]:
    provinces = (pairing.sending_province_code, pairing.receiving_province_code)
    return life_rules.sides_of(acting_provinces(deed.actor), *provinces)


def _wait_for_others(deed: Deed, pairing: Pairing) -> None:
    """Let whoever decides on this pairing at the same moment be first, then see what they wrote."""
    deed.session.refresh(pairing, with_for_update=True)
