"""What the page of a pairing offers to whoever reads it: the next steps, and the verbs within reach."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models import Pairing
from models.types import Side
from portal.access.actor import Actor
from portal.access.scope import reaches
from portal.pairings import record_queries
from portal.pairings.life_rules import Life, Use, acting_provinces, refusals_for_use, sides_of
from portal.pairings.queries import confirmed_sides, is_proposed_by, list_exceptions
from portal.pairings.step_rules import People, Step, next_steps
from portal.programme.policy import Policy


def steps_of(
    pairing: Pairing,
    heads: dict[Side, record_queries.Heads],
    policy: Policy,
    life: Life,
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


def verbs_of(session: Session, actor: Actor, pairing: Pairing, life: Life, today: date) -> set[str]:
    """Return the verbs that the page offers to whoever reads it, some of them for a side."""
    own = record_queries.own_sides(actor, pairing)
    deciding = record_queries.deciding_sides(session, actor, pairing.id)
    verbs = {f"nominate_{side}" for side in own} | {f"approve_{side}" for side in deciding}
    if own and pairing.ends_on >= today and not refusals_for_use(Use.NOMINATE, life):
        verbs.add("nominate")
    if reaches(session, actor, "pairing.write", pairing):
        verbs |= _verbs_of_the_province(session, actor, pairing, life)
    return verbs


def _verbs_of_the_province(
    session: Session, actor: Actor, pairing: Pairing, life: Life
) -> set[str]:
    acting = acting_sides(actor, pairing)
    if life.waits:
        own_proposal = is_proposed_by(session, pairing.id, actor.person_id)
        asked_by = {
            one.side: one.requested_by_person_id for one in list_exceptions(session, pairing.id)
        }
        is_own_province = set(acting) & confirmed_sides(session, pairing.id)
        return {
            "withdraw" if is_own_province else "decline",
            *(f"confirm_{side}" for side in acting if not own_proposal),
            *(f"except_{side}" for side in acting if asked_by.get(side) != actor.person_id),
        }
    return {"agreement", "terminate"} if life.is_confirmed else set()


def acting_sides(actor: Actor, pairing: Pairing) -> list[Side]:
    """Return the sides of a pairing for whose province somebody acts."""
    provinces = (pairing.sending_province_code, pairing.receiving_province_code)
    return sides_of(acting_provinces(actor), *provinces)
