"""How pairings stand and whom they wait for, as conditions of a query (life_rules.py says it of one)."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from models import Pairing, PairingDecision, PairingException
from models.database import Moment
from models.types import Mode, PairingState, Side
from portal.access.actor import Actor
from portal.doors import Counts, how_many
from portal.pairings.life_rules import CONFIRMED, DECIDED, Standing
from portal.pairings.procedure_rules import LIFE
from portal.procedures.queries import waits_for

IN_EFFECT = Pairing.confirmed_at.is_not(None)
PROVINCES = {
    Side.SENT: Pairing.sending_province_code,
    Side.RECEIVED: Pairing.receiving_province_code,
}


def counts_to_decide(actor: Actor, _moment: Moment) -> Counts | None:
    """Count the pairings that wait for the actor: for a confirmation, or for an exception."""
    conditions = [one for one in (is_to_confirm(actor), is_to_except(actor)) if one is not None]
    return [how_many(sa.select(Pairing.id).where(sa.or_(*conditions)))] if conditions else None


def is_to_confirm(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of what waits for the actor's own province; None without the part."""
    provinces = _own_provinces(actor)
    waiting = [
        sa.and_(condition, PROVINCES[side].in_(provinces), sa.not_(is_confirmed_by(side)))
        for side in Side
        if (condition := waits_for(LIFE, CONFIRMED[side], Pairing, actor)) is not None
    ]
    return sa.and_(Pairing.mode == Mode.CROSS_PROVINCE, sa.or_(*waiting)) if provinces else None


def is_to_except(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of exceptions that the actor may decide on: never on one's own."""
    waiting = waits_for(LIFE, "excepted", Pairing, actor)
    if waiting is None:
        return None
    provinces = _own_provinces(actor)
    return sa.and_(
        waiting,
        sa.or_(
            *(
                sa.and_(column.in_(provinces), is_asked_for(side, by_others_than=actor.person_id))
                for side, column in PROVINCES.items()
            )
        ),
    )


def _own_provinces(actor: Actor) -> list[str]:
    return [grant.scope_code for _, grant in actor.reaches("pairing.write")]


def stands_as(standing: Standing, day: date) -> sa.ColumnElement[bool]:
    """Return the condition of how pairings stand on a day: ``standing_on`` of life_rules.py in SQL."""
    for state, decided in DECIDED.items():
        if decided == standing:
            return Pairing.state == state
    has_begun, is_over = Pairing.starts_on <= day, Pairing.ends_on < day
    return sa.and_(
        Pairing.state == PairingState.CONFIRMED,
        {
            Standing.COMING: sa.not_(has_begun),
            Standing.RUNNING: sa.and_(has_begun, sa.not_(is_over)),
            Standing.EXPIRED: sa.and_(has_begun, is_over),
        }[standing],
    )


def is_confirmed_by(side: Side) -> sa.ColumnElement[bool]:
    """Return the condition that the province of a side took part."""
    return sa.exists().where(
        PairingDecision.pairing_id == Pairing.id, PairingDecision.kind == CONFIRMED[side]
    )


def is_asked_for(side: Side, *, by_others_than: int | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a second partner of a side waits for a decision."""
    asked = sa.exists().where(
        PairingException.pairing_id == Pairing.id,
        PairingException.side == side,
        PairingException.decided_at.is_(None),
    )
    if by_others_than is None:
        return asked
    return asked.where(PairingException.requested_by_person_id != by_others_than)
