"""The pairings within reach: some explained one by one, by finding, the slowest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing, PairingYearTotal, Region, Workday
from models.database import run
from models.types import PairingState, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import built_once, within
from portal.compliance.explanation_words import Explanation
from portal.compliance.pace_queries import Paces, paces_on
from portal.compliance.pace_rules import NO_PACE, RANKED, Pace
from portal.compliance.queries import explain
from portal.compliance.rules import (
    COMPLIANCE_CODES,
    FINDING_BITS,
    FINDING_CODES,
    TITLES,
    codes_in,
)
from portal.pairings.effective_queries import InYear, in_year
from portal.pairings.standing_queries import IN_EFFECT
from portal.programme.policy import Policy
from portal.summaries.rules import Sums

Total = PairingYearTotal
THE_YEAR = sa.bindparam("the_year", type_=sa.Integer)
SHOWN_SLOWEST = 6
EXPLAINED = 2
"""Pairings that are explained at length: each costs some ten queries. One-to-one leaves one."""


class FindingCount(NamedTuple):
    """How many pairings have a finding."""

    code: str
    title: str
    pairings: int


def finding_counts(sums: Sums) -> list[FindingCount]:
    """Return the findings that any pairing has, in the order of the plan."""
    return [
        FindingCount(code, TITLES[code], missed)
        for code in FINDING_CODES
        if (missed := sums.having(code))
    ]


def count_returned(session: Session, actor: Actor, year: int) -> int:
    """Count the entries of others that were sent back and not handed in again."""
    return run(session, _returned(actor), {THE_YEAR.key: year}).scalar() or 0


@built_once
def _returned(actor: Actor) -> sa.Select[int]:
    return sa.select(sa.func.count()).where(
        within(Workday, actor, "workday.read"),
        Workday.year == THE_YEAR,
        Workday.state == WorkdayState.RETURNED,
        Workday.person_id != actor.person_id,
    )


class PairingInYear(NamedTuple):
    """How a pairing stands in a year; days in hundredths. ``is_confirmed``: it is in effect.

    ``rank`` is that of the pace of its side further behind.
    """

    pairing_id: int
    code: str
    county: str
    sending_name: str
    receiving_name: str
    sent_centidays: int
    received_centidays: int
    sent_pending_centidays: int
    received_pending_centidays: int
    findings: int
    is_confirmed: bool
    rank: int

    @property
    def pace(self) -> Pace | None:
        return RANKED[self.rank] if self.rank < NO_PACE else None

    @property
    def titles(self) -> list[str]:
        return [TITLES[code] for code in codes_in(self.findings)]


@dataclass(frozen=True, slots=True)
class OwnPairing:
    """A pairing of the own organisation or county, with why it is compliant or not."""

    standing: PairingInYear
    explanation: Explanation


def own_pairings(
    session: Session, actor: Actor, year: int, today: date, policy: Policy
) -> tuple[list[OwnPairing], int]:
    """Return the pairings within reach that lack most, explained, and how many there are."""
    wanted, counted = _own(actor, paces_on(session, year, today, policy))
    count = run(session, counted).scalar()
    shown = []
    for one in _standings(session, wanted):
        pairing = session.get_one(Pairing, one.pairing_id)
        explanation = explain(session, pairing, year, today, actor)
        if explanation:
            shown.append(OwnPairing(one, explanation))
    return shown, count or 0


@built_once
def _own(actor: Actor, paces: Paces) -> tuple[sa.Select[*tuple[Any, ...]], sa.Select[int]]:
    """Return the statement of some pairings within reach, and that which counts all of them."""
    condition = sa.and_(
        within(Pairing, actor, "summary.read"), Pairing.state != PairingState.DECLINED
    )
    counted = (
        sa.select(sa.func.count())
        .select_from(Total)
        .join(Pairing, Pairing.id == Total.pairing_id)
        .where(Total.year == paces.year, condition)
    )
    return _in_order(condition, (), paces, EXPLAINED), counted


def list_slowest(
    session: Session, actor: Actor, year: int, today: date, policy: Policy
) -> Sequence[PairingInYear]:
    """Return the effective pairings that lack anything, the slowest first, then whoever lacks most."""
    paces = paces_on(session, year, today, policy)
    return _standings(session, _slowest(actor, paces, in_year(session, year)))


@built_once
def _slowest(actor: Actor, paces: Paces, of_year: InYear) -> sa.Select[*tuple[Any, ...]]:
    asked = sum(FINDING_BITS[code] for code in COMPLIANCE_CODES)
    condition = sa.and_(
        Total.findings.bitwise_and(asked) != 0,
        within(Pairing, actor, "summary.read"),
        of_year.is_effective(),
    )
    return _in_order(condition, paces.order(sa.true())[:2], paces, SHOWN_SLOWEST)


def _standings(session: Session, wanted: sa.Select[*tuple[Any, ...]]) -> list[PairingInYear]:
    return [PairingInYear._make(row) for row in run(session, wanted)]


def _in_order(
    condition: sa.ColumnElement[bool],
    orders: Sequence[sa.ColumnElement[Any]],
    paces: Paces,
    most: int,
) -> sa.Select[*tuple[Any, ...]]:
    """Select pairings in an order, those before others that lack the largest part of their days."""
    year, policy = paces.year, paces.policy
    sending, receiving = aliased(Organisation), aliased(Organisation)
    per_person = policy["day_basis"] == "per_person"
    missing = _missing_part(
        Total.sent_min_centidays if per_person else Total.sent_centidays, policy["min_sent_days"]
    ) + _missing_part(
        Total.received_min_centidays if per_person else Total.received_centidays,
        policy["min_received_days"],
    )
    return (
        sa.select(
            Pairing.id,
            Pairing.code,
            Region.name,
            sending.name,
            receiving.name,
            Total.sent_centidays,
            Total.received_centidays,
            Total.sent_pending_centidays,
            Total.received_pending_centidays,
            Total.findings,
            IN_EFFECT,
            paces.rank(IN_EFFECT),
        )
        .select_from(Total)
        .join(Pairing, Pairing.id == Total.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .join(sending, sending.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.id == Pairing.receiving_organisation_id)
        .where(Total.year == year, condition)
        .order_by(*orders, missing.desc(), Pairing.code)
        .limit(most)
    )


def _missing_part(have: Any, need_days: float) -> sa.ColumnElement[float]:
    """Return which part of the days is missing: 1 of none done, 0 of all."""
    need = need_days * 100
    if not need:
        return sa.literal(0.0)
    return sa.case((have >= need, 0.0), else_=(need - have) * 1.0 / need)
