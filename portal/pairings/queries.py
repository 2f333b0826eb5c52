"""Finding pairings inside the actor's reach, and the facts that the rules ask for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    KeyCounty,
    Pairing,
    PairingDecision,
    PairingException,
    PairingYear,
    Region,
    Workday,
)
from models.database import run
from models.types import AssignmentState, PairingState, RegionLevel, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.pairings.life_rules import (
    CONFIRMED,
    PairingLife,
    Wait,
    acting_provinces,
    sides_of,
    waits_of,
)
from portal.pairings.procedure_rules import PairingFacts
from portal.pairings.rules import ReceivingCounty
from portal.programme.queries import closed_years_between, list_work_years_between
from portal.standards.text import DASHES

BATCH = 400
"""Pairings named in one statement; SQLite allows 999 bound values in old builds."""

_UNCONFIRMED = sa.select(Pairing.id).where(
    Pairing.id.in_(sa.bindparam("some", expanding=True)), Pairing.confirmed_at.is_(None)
)

PAIRING = Loader("pairing", Pairing, "pairing.read", {"code": Pairing.code})


def place_of(session: Session, county_code: str, day: date) -> ReceivingCounty | None:
    """Return a county with its standing in the key-county list on a date, or None if unknown."""
    region = session.get(Region, county_code)
    if region is None or region.is_withdrawn or region.level != RegionLevel.COUNTY:
        return None
    is_key = session.scalar(
        sa.select(
            sa.exists().where(
                KeyCounty.county_code == county_code,
                KeyCounty.valid_from <= day,
                sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= day),
            )
        )
    )
    return ReceivingCounty(county_code, region.name, region.province_code, bool(is_key))


def partners(
    session: Session, organisation_id: int, years: Sequence[int], side: str
) -> dict[int, str]:
    """Return, by year, the code of the pairing in which an organisation stands on a side.

    ``side`` is ``sending`` or ``receiving``. A pairing by exception stands there too once it is in
    effect, although it leaves the place free for the database; a terminated one does not.
    """
    column, occupies = (
        (PairingYear.sending_organisation_id, PairingYear.occupies_sending)
        if side == "sending"
        else (PairingYear.receiving_organisation_id, PairingYear.occupies_receiving)
    )
    rows = session.execute(
        sa.select(PairingYear.year, Pairing.code)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(
            column == organisation_id,
            PairingYear.year.in_(years),
            sa.or_(occupies, Pairing.state == PairingState.CONFIRMED),
        )
        .order_by(PairingYear.year, occupies, Pairing.code.desc())
    )
    return dict(rows.all())


def bears_code(codes: Collection[str]) -> sa.ColumnElement[bool]:
    """Say that a pairing bears one of some normalised codes, however it was stored long ago."""
    folded: sa.ColumnElement[str] = sa.type_coerce(Pairing.code, sa.String)
    for dash in DASHES:
        folded = sa.func.replace(folded, dash, "-")
    return sa.or_(Pairing.code.in_(codes), sa.func.upper(folded).in_(codes))


def code_is_taken(session: Session, code: str) -> bool:
    """Is there a pairing whose code nobody could tell from this one?"""
    return bool(session.scalar(sa.select(sa.exists().where(bears_code([code])))))


def free_code(session: Session, prefix: str) -> str:
    """Return the next code of the form 2022-640303-01 that no pairing bears."""
    taken = set(
        session.scalars(
            sa.select(Pairing.code).where(Pairing.code.startswith(f"{prefix}-", autoescape=True))
        )
    )
    return next(
        code
        for number in range(1, len(taken) + 2)
        if (code := f"{prefix}-{number:02}") not in taken
    )


def confirmed_sides(session: Session, pairing_id: int) -> set[Side]:
    """Return the sides whose province took part in making the pairing."""
    kinds = session.scalars(
        sa.select(PairingDecision.kind).where(
            PairingDecision.pairing_id == pairing_id,
            PairingDecision.kind.in_(CONFIRMED.values()),
        )
    ).all()
    return {side for side, kind in CONFIRMED.items() if kind in kinds}


def list_exceptions(session: Session, pairing_id: int) -> list[PairingException]:
    """Return the second partners that were asked for, decided or not."""
    return list(
        session.scalars(
            sa.select(PairingException)
            .where(PairingException.pairing_id == pairing_id)
            .order_by(PairingException.side.desc())
        )
    )


def waits_for(session: Session, pairing: Pairing) -> tuple[Wait, ...]:
    """Return what a pairing waits for; costs two queries, none once it is confirmed."""
    if pairing.state != PairingState.PROPOSED:
        return ()
    asked = [one.side for one in list_exceptions(session, pairing.id) if one.is_granted is not True]
    return waits_of(pairing.mode, pairing.state, confirmed_sides(session, pairing.id), asked)


def life_of(session: Session, pairing: Pairing) -> PairingLife:
    """Return what the rules need to say what a pairing may be used for."""
    return PairingLife(
        pairing.code, pairing.state, pairing.confirmed_at is not None, waits_for(session, pairing)
    )


def lives_without_effect(session: Session, pairing_ids: Collection[int]) -> dict[int, PairingLife]:
    """Return those of these pairings that are not in effect; there are few, mostly none."""
    ordered = sorted(pairing_ids)
    found: dict[int, PairingLife] = {}
    for start in range(0, len(ordered), BATCH):
        for (number,) in run(session, _UNCONFIRMED, {"some": ordered[start : start + BATCH]}).all():
            found[number] = life_of(session, session.get_one(Pairing, number))
    return found


def facts_of(
    session: Session,
    actor: Actor,
    pairing: Pairing,
    *,
    side: Side = Side.SENT,
    is_shown: bool = False,
) -> PairingFacts:
    """Return what the steps of a pairing ask (two queries of a proposal, else none).

    ``side`` is that of an exception; a page (``is_shown``) also asks whether the last day is free.
    """
    provinces = (pairing.sending_province_code, pairing.receiving_province_code)
    facts = PairingFacts(
        pairing.code,
        pairing.state,
        pairing.proposed_by_person_id,
        is_confirmed=pairing.confirmed_at is not None,
        acting=frozenset(sides_of(acting_provinces(actor), *provinces)),
        excepting=side,
    )
    if is_shown and pairing.state == PairingState.CONFIRMED:
        last, province = pairing.ends_on, pairing.receiving_province_code
        years = tuple(closed_years_between(session, last, last, province))
        return facts._replace(years_if_shortened=years)
    if pairing.state != PairingState.PROPOSED:
        return facts
    agreed = frozenset(confirmed_sides(session, pairing.id))
    requests = list_exceptions(session, pairing.id)
    undecided = [one.side for one in requests if one.is_granted is not True]
    return facts._replace(
        agreed=agreed,
        waits=waits_of(pairing.mode, pairing.state, agreed, undecided),
        is_own_request=any(
            one.side == side and one.requested_by_person_id == actor.person_id for one in requests
        ),
    )


@dataclass(frozen=True, slots=True)
class TerminationEffect:
    """What ending a pairing on a day would change.

    ``years_left`` are the work years that the pairing leaves altogether, ``closed_years`` the
    closed ones of which it loses a day; ``year_freed`` keeps its days but is free for a new
    partner. A
    working day after that day (``last_workday``, ``later_workdays``) stands in the way.
    """

    last_day: date
    years_left: tuple[int, ...]
    closed_years: tuple[int, ...]
    year_freed: int | None
    shortened: int
    never_begun: int
    later_workdays: int
    last_workday: date | None


def termination_effect(session: Session, pairing: Pairing, last_day: date) -> TerminationEffect:
    """Return what ending a pairing on this day would change (four queries)."""
    province = pairing.receiving_province_code
    kept = [
        one.year for one in list_work_years_between(session, pairing.starts_on, last_day, province)
    ]
    years = session.scalars(
        sa.select(PairingYear.year)
        .where(PairingYear.pairing_id == pairing.id)
        .order_by(PairingYear.year)
    ).all()
    left = tuple(year for year in years if year not in kept)
    shortened, never_begun = _assignments_after(session, pairing.id, last_day)
    later_workdays, last_workday = session.execute(
        sa.select(sa.func.count(), sa.func.max(Workday.worked_on)).where(
            Workday.pairing_id == pairing.id,
            Workday.worked_on > last_day,
            Workday.state != WorkdayState.SUPERSEDED,
        )
    ).one()
    return TerminationEffect(
        last_day=last_day,
        years_left=left,
        closed_years=tuple(
            closed_years_between(session, last_day + timedelta(1), pairing.ends_on, province)
        ),
        year_freed=max((year for year in years if year in kept), default=None),
        shortened=shortened,
        never_begun=never_begun,
        later_workdays=later_workdays,
        last_workday=last_workday,
    )


def _assignments_after(session: Session, pairing_id: int, last_day: date) -> tuple[int, int]:
    """Count the assignments that would be shortened, and those that would never begin."""
    begins_later = sa.case((Assignment.starts_on > last_day, 1), else_=0)
    total, later = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(begins_later), 0)).where(
            Assignment.pairing_id == pairing_id,
            Assignment.ends_on > last_day,
            Assignment.state != AssignmentState.REJECTED,
        )
    ).one()
    return total - later, later
