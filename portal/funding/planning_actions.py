"""Planning from the pages: for one organisation, and the standard of a year for all who lack it."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from models import FundAllocation, Pairing
from models.types import FundSource
from portal.deeds import Deed
from portal.funding import planning_rules as rules
from portal.funding.actions import PlannedFunds, plan_allocations, refusals_for_plans
from portal.funding.planning_queries import list_paired, planned_for, standard_of_year
from portal.funding.queries import standing_of
from portal.funding.rules import PARTS
from portal.ledger.actions import hold_years
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.programme.regime_queries import regime_of
from portal.refusals import Conflict, Refusal, Refused, refuse_if


class Standard(NamedTuple):
    """A year's plan for all: out of which money, by whose decision, how much for each (None: what
    the plan says)."""

    year: int
    source: FundSource
    payer: str
    document_number: str | None = None
    note: str = ""
    each_fen: int | None = None


def plan_one(deed: Deed, plan: PlannedFunds) -> FundAllocation:
    """Plan for the sending organisation of one pairing; beyond what is due only with a reason."""
    number = plan.pairing.sending_organisation_id
    hold_years(deed, {(number, plan.year)})
    refusals = refusals_for_plans(deed, [plan])
    if not any(one.field == "year" for one in refusals):
        sources = _part_of(plan.source)
        there = planned_for(deed.session, plan.year, sources, [number]).get(number, 0)
        refusals += rules.refusals_for_excess(
            plan.source,
            due_fen=rules.due_of(standing_of(deed.session, number, plan.year).due, plan.source),
            there_fen=there,
            asked_fen=plan.amount_fen,
            note=plan.note,
        )
    refuse_if(refusals)
    return plan_allocations(deed, [plan])[0]


def plan_standard(deed: Deed, standard: Standard, shown: int) -> list[FundAllocation]:
    """Plan for every organisation that lacks it, just as the preview showed; else :class:`Conflict`.

    ``shown`` is the stamp of the preview (``planning_rules.stamp_of``).
    """
    session, year = deed.session, standard.year
    paired = list_paired(session, deed.actor, year)
    hold_years(deed, {(one.organisation_id, year) for one in paired})
    policy = regime_of(session).policy_of_year(year)
    refuse_if(rules.refusals_for_standard(standard.source, standard.each_fen, policy))
    rows = standard_of_year(
        session,
        deed.actor,
        year,
        standard.source,
        _part_of(standard.source),
        standard.each_fen,
    )
    lacking = [one for one in rows if one.amount_fen]
    if rules.stamp_of(lacking) != shown:
        raise Conflict([CHANGED_MEANWHILE])
    if not lacking:
        sentence = f"{year} 年度的“{standard.source.label}”已全部编制，没有需要编制的机构。"
        raise Refused([Refusal("", "nothing_to_do", sentence)])
    ids = [one.pairing.pairing_id for one in lacking]
    pairings = {
        one.id: one for one in session.scalars(sa.select(Pairing).where(Pairing.id.in_(ids)))
    }
    return plan_allocations(
        deed,
        [
            PlannedFunds(
                pairings[one.pairing.pairing_id],
                year,
                standard.source,
                standard.payer,
                one.amount_fen,
                standard.document_number,
                standard.note,
            )
            for one in lacking
        ],
    )


def _part_of(source: FundSource) -> frozenset[FundSource]:
    part = rules.part_of(source)
    return PARTS[part] if part else frozenset({source})
