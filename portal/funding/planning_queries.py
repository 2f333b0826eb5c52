"""For whom money is to be planned in a year, and what is planned already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundAllocation, Organisation, Pairing, PairingYear, Region
from models.types import AllocationState, FundSource
from portal.access.actor import Actor
from portal.access.scope import within
from portal.documents.reporter_queries import reporting_unit
from portal.funding.planning_rules import Paired, ToPlan, plan_of_year
from portal.pairings.effective_queries import in_year
from portal.programme.regime_queries import regime_of

Province = aliased(Region)
BATCH = 400
"""Organisations named in one statement."""


def list_paired(session: Session, actor: Actor, year: int) -> list[Paired]:
    """Return the effective pairings of a year for which an actor plans (two queries)."""
    rows = session.execute(
        sa.select(
            PairingYear.sending_organisation_id,
            Organisation.name,
            Province.name,
            Pairing.id,
            Pairing.code,
            Pairing.mode,
        )
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .join(Organisation, Organisation.id == PairingYear.sending_organisation_id)
        .join(Province, Province.code == Pairing.sending_province_code)
        .where(
            PairingYear.year == year,
            in_year(session, year).is_effective(),
            within(Pairing, actor, "fund.plan"),
        )
        .order_by(Province.sort_no, Organisation.name_order, Organisation.id, Pairing.id)
    )
    return [Paired(*row) for row in rows]


def payer_of(session: Session, actor: Actor, source: FundSource, day: date) -> str:
    """Return who most likely pays: whoever did of what an actor plans, else the own department."""
    before = session.scalar(
        sa.select(FundAllocation.payer)
        .join(Pairing, Pairing.id == FundAllocation.pairing_id)
        .where(FundAllocation.source == source, within(Pairing, actor, "fund.plan"))
        .order_by(FundAllocation.id.desc())
        .limit(1)
    )
    return before or reporting_unit(session, actor, "fund.plan", day).strip()


def planned_for(
    session: Session, year: int, sources: Collection[FundSource], organisation_ids: Collection[int]
) -> dict[int, int]:
    """Return what is planned and approved, less what was cut, by organisation; in fen."""
    one = FundAllocation
    found: dict[int, int] = {}
    ordered = sorted(organisation_ids)
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(one.organisation_id, sa.func.sum(one.amount_fen - one.reduced_fen))
            .where(
                one.year == year,
                one.source.in_(sources),
                one.state != AllocationState.DECLINED,
                one.organisation_id.in_(ordered[start : start + BATCH]),
            )
            .group_by(one.organisation_id)
        )
        found |= {number: int(fen) for number, fen in rows}
    return found


def standard_of_year(
    session: Session,
    actor: Actor,
    year: int,
    source: FundSource,
    sources: Collection[FundSource],
    each_fen: int | None = None,
) -> list[ToPlan]:
    """Return what is to be planned for whom out of a source; ``sources`` are those of its part."""
    paired = list_paired(session, actor, year)
    there = planned_for(session, year, sources, {one.organisation_id for one in paired})
    return plan_of_year(paired, there, source, regime_of(session).policy_of_year(year), each_fen)
