"""How are we doing? The own year, the own team, the pairings within reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Assignment,
    Organisation,
    Pairing,
    PairingYearTotal,
    Person,
    PersonYearTotal,
    Region,
    Workday,
)
from models.types import AssignmentState, Role, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.compliance.explanation import SideExplained
from portal.compliance.queries import explain
from portal.compliance.rules import COMPLIANCE_CODES, FINDING_BITS, FINDING_CODES, TITLES
from portal.programme.policy import Policy
from portal.summaries.rules import Sums
from portal.workdays.own import Place, Progress, places_of, progress_of

Total = PairingYearTotal
SHOWN_BEHIND = 8
SHOWN_TEAM = 50
WORKERS = frozenset({Role.SEND_STAFF, Role.RECV_STAFF})
MANAGERS = frozenset({Role.SEND_MGR, Role.RECV_MGR})


def holds_any(actor: Actor, roles: Collection[Role]) -> bool:
    """Has the actor any of these roles?"""
    return any(role in roles for role in actor.roles)


# ---- a worker's year ---------------------------------------------------------------------------


class MonthDays(NamedTuple):
    """A month's entries in hundredths of a day: approved, on their way, sent back."""

    month: int
    approved_centidays: int
    waiting_centidays: int
    returned_centidays: int


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A worker's year in the pairing for which they work now; ``side`` None outside its years."""

    place: Place
    progress: Progress
    side: SideExplained | None
    months: list[MonthDays]


def own_year(session: Session, actor: Actor, year: int, today: date) -> OwnYear | None:
    """Return a worker's year; None for whoever is no worker or has no assignment."""
    if actor.person_id is None or not holds_any(actor, WORKERS):
        return None
    places = places_of(session, actor.person_id, today)
    if not places:
        return None
    place = places[0]
    progress = progress_of(
        session,
        pairing_id=place.pairing_id,
        year=year,
        side=place.side,
        person_id=actor.person_id,
    )
    # The same explanation as on the pairing's page, so that both forecast the same.
    found = explain(session, session.get_one(Pairing, place.pairing_id), year, today)
    side = None
    if found is not None:
        side = found.sent if place.side == Side.SENT else found.received
    months = _months(session, place.pairing_id, actor.person_id, year)
    return OwnYear(place, progress, side, months)


def _months(session: Session, pairing_id: int, person_id: int, year: int) -> list[MonthDays]:
    month = sa.extract("month", Workday.worked_on)
    stands = sa.or_(Workday.takes_first_half, Workday.takes_second_half)
    rows = session.execute(
        sa.select(
            month,
            _sum_if(Workday.state == WorkdayState.APPROVED),
            _sum_if(Workday.state.in_((WorkdayState.SUBMITTED, WorkdayState.CONFIRMED))),
            _sum_if(Workday.state == WorkdayState.RETURNED),
        )
        .where(
            Workday.pairing_id == pairing_id,
            Workday.year == year,
            Workday.person_id == person_id,
            stands,
        )
        .group_by(month)
        .order_by(month)
    )
    return [MonthDays(*map(int, row)) for row in rows]


def _sum_if(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, Workday.worth_centidays), else_=0)), 0)


# ---- a manager's team --------------------------------------------------------------------------


class Member(NamedTuple):
    """Somebody of the own organisation who is assigned in the year; days in hundredths."""

    name: str
    pairing_code: str
    side: Side
    state: AssignmentState
    is_qualified: bool
    counted_centidays: int
    pending_centidays: int


def list_team(session: Session, actor: Actor, first: date, last: date, year: int) -> list[Member]:
    """Return who of the own organisation is assigned between two dates, by name (one query)."""
    own = [
        grant.organisation_id
        for reach, grant in actor.reaches("assignment.read")
        if reach == Reach.ORGANISATION
    ]
    days = PersonYearTotal
    rows = session.execute(
        sa.select(
            Person.name,
            Pairing.code,
            Assignment.side,
            Assignment.state,
            sa.or_(Assignment.side == Side.RECEIVED, Assignment.is_qualified),
            sa.func.coalesce(days.counted_centidays, 0),
            sa.func.coalesce(days.pending_centidays, 0),
        )
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .outerjoin(
            days,
            sa.and_(
                days.pairing_id == Assignment.pairing_id,
                days.person_id == Assignment.person_id,
                days.side == Assignment.side,
                days.year == year,
            ),
        )
        .where(
            Assignment.organisation_id.in_(own),
            Assignment.state != AssignmentState.REJECTED,
            Assignment.starts_on <= last,
            Assignment.ends_on >= first,
        )
        .order_by(Person.name, Assignment.id)
        .limit(SHOWN_TEAM)
    )
    return [Member._make(row) for row in rows]


# ---- the pairings within reach -----------------------------------------------------------------


class FindingCount(NamedTuple):
    """How many pairings have a finding."""

    code: str
    title: str
    pairings: int


def finding_counts(sums: Sums) -> list[FindingCount]:
    """Return the findings that any pairing has, in the order of the plan."""
    return [
        FindingCount(code, TITLES[code], missed)
        for code, missed in zip(FINDING_CODES, sums.missed, strict=True)
        if missed
    ]


def count_returned(session: Session, actor: Actor, year: int) -> int:
    """Count the entries of others that were sent back and not handed in again."""
    wanted = sa.select(sa.func.count()).where(
        within(Workday, actor, "workday.read"),
        Workday.year == year,
        Workday.state == WorkdayState.RETURNED,
        Workday.person_id != actor.person_id,
    )
    return session.scalar(wanted) or 0


class Behind(NamedTuple):
    """A pairing that does not meet the rules yet; days in hundredths."""

    code: str
    county: str
    sending_name: str
    receiving_name: str
    sent_centidays: int
    received_centidays: int
    pending_centidays: int
    findings: int


def list_behind(session: Session, actor: Actor, year: int, policy: Policy) -> Sequence[Behind]:
    """Return the pairings that lack the largest part of what the plan asks, those first."""
    sending, receiving = aliased(Organisation), aliased(Organisation)
    asked = sum(FINDING_BITS[code] for code in COMPLIANCE_CODES)
    per_person = policy["day_basis"] == "per_person"
    missing = _missing_part(
        Total.sent_min_centidays if per_person else Total.sent_centidays, policy["min_sent_days"]
    ) + _missing_part(
        Total.received_min_centidays if per_person else Total.received_centidays,
        policy["min_received_days"],
    )
    rows = session.execute(
        sa.select(
            Pairing.code,
            Region.name,
            sending.name,
            receiving.name,
            Total.sent_centidays,
            Total.received_centidays,
            Total.sent_pending_centidays + Total.received_pending_centidays,
            Total.findings,
        )
        .select_from(Total)
        .join(Pairing, Pairing.id == Total.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .join(sending, sending.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.id == Pairing.receiving_organisation_id)
        .where(
            Total.year == year,
            Total.findings.bitwise_and(asked) != 0,
            within(Pairing, actor, "summary.read"),
        )
        .order_by(missing.desc(), Pairing.code)
        .limit(SHOWN_BEHIND)
    )
    return [Behind._make(row) for row in rows]


def _missing_part(have: Any, need_days: float) -> sa.ColumnElement[float]:
    """Return which part of the days is missing: 1 of none done, 0 of all."""
    need = need_days * 100
    if not need:
        return sa.literal(0.0)
    return sa.case((have >= need, 0.0), else_=(need - have) * 1.0 / need)
