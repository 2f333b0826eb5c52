"""What the rules of money ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Disbursement,
    FundAllocation,
    Organisation,
    Pairing,
    PairingYear,
)
from models.types import NATION, DisbursementState, FundSource
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.funding.allocation_rules import FundingFacts
from portal.funding.entitlement_rules import Entitlement, entitlement
from portal.funding.payment_rules import DisbursementFacts, PaymentFacts
from portal.funding.rules import FROM_NATION, FROM_PROVINCE
from portal.ledger.queries import BATCH, money_of, years_of
from portal.ledger.rules import Book, Money
from portal.pairings.effective_queries import in_year
from portal.programme.policy import Policy
from portal.programme.regime_queries import regime_of


def sources_of(actor: Actor, permission: str) -> frozenset[FundSource]:
    """Return the sources whose money an actor plans, approves or pays: the nation's, or a province's."""
    if actor.is_operator:
        return FROM_NATION | FROM_PROVINCE
    found: frozenset[FundSource] = frozenset()
    for reach, grant in actor.reaches(permission):
        is_nation = reach == Reach.NATION or grant.scope_code == NATION
        found |= FROM_NATION if is_nation else FROM_PROVINCE
    return found


def book_of(allocation: FundAllocation) -> Book:
    return Book(allocation.organisation_id, allocation.year, allocation.source)


def left_of(allocation: FundAllocation) -> int:
    """Return what is approved and neither paid nor cut, in fen."""
    return allocation.amount_fen - allocation.disbursed_fen - allocation.reduced_fen


def names_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ordered = sorted(set(organisation_ids))
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        rows = session.execute(
            sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(some))
        )
        found |= {row.id: row.name for row in rows}
    return found


def facts_of_allocations(
    session: Session, actor: Actor, allocations: Sequence[FundAllocation]
) -> list[FundingFacts]:
    """Return what the steps of allocations ask, in their order; three queries."""
    names = names_of(session, (one.organisation_id for one in allocations))
    years = years_of(session, [(one.pairing_id, one.year) for one in allocations])
    decides = sources_of(actor, "fund.approve")
    return [
        FundingFacts(
            names[one.organisation_id],
            one.state,
            one.source,
            one.planned_by_person_id,
            left_of(one),
            years[one.pairing_id, one.year],
            decides,
        )
        for one in allocations
    ]


def payment_facts_of(
    session: Session, allocations: Sequence[FundAllocation]
) -> dict[int, PaymentFacts]:
    """Return, by the key of an allocation, what a payment out of it asks; three queries."""
    names = names_of(session, (one.organisation_id for one in allocations))
    years = years_of(session, [(one.pairing_id, one.year) for one in allocations])
    return {
        one.id: PaymentFacts(
            names[one.organisation_id],
            one.source,
            one.state,
            left_of(one),
            years[one.pairing_id, one.year],
        )
        for one in allocations
    }


def vouchers_of(session: Session, allocation_ids: Collection[int]) -> set[tuple[int, str]]:
    """Return the vouchers, by allocation, of the payments that stand."""
    found: set[tuple[int, str]] = set()
    ordered = sorted(allocation_ids)
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(Disbursement.allocation_id, Disbursement.voucher_number).where(
                Disbursement.allocation_id.in_(ordered[start : start + BATCH]),
                Disbursement.state != DisbursementState.REVERSED,
            )
        )
        found |= {(number, voucher) for number, voucher in rows}
    return found


def facts_of_disbursement(
    session: Session, actor: Actor, disbursement: Disbursement
) -> DisbursementFacts:
    return facts_of_disbursements(session, actor, [disbursement])[0]


def facts_of_disbursements(
    session: Session, actor: Actor, disbursements: Sequence[Disbursement]
) -> list[DisbursementFacts]:
    """Return what the steps of payments ask, in their order."""
    ids = sorted({one.allocation_id for one in disbursements})
    allocations: dict[int, FundAllocation] = {}
    for start in range(0, len(ids), BATCH):
        some = sa.select(FundAllocation).where(FundAllocation.id.in_(ids[start : start + BATCH]))
        allocations |= {one.id: one for one in session.scalars(some)}
    names = names_of(session, (one.organisation_id for one in allocations.values()))
    years = years_of(session, [(one.pairing_id, one.year) for one in allocations.values()])
    decides = sources_of(actor, "fund.pay")
    return [
        DisbursementFacts(
            names[allocation.organisation_id],
            one.state,
            allocation.source,
            one.paid_by_person_id,
            years[allocation.pairing_id, allocation.year],
            decides,
        )
        for one in disbursements
        for allocation in (allocations[one.allocation_id],)
    ]


class FundStanding(NamedTuple):
    """How the money of a sending organisation stands in a work year."""

    due: Entitlement
    money: Money


def standing_of(session: Session, organisation_id: int, year: int) -> FundStanding:
    """Return what is due to an organisation and what it has; two queries."""
    policy: Policy = regime_of(session).policy_of_year(year)
    modes = session.scalars(
        sa.select(Pairing.mode)
        .join(PairingYear, PairingYear.pairing_id == Pairing.id)
        .where(
            PairingYear.year == year,
            PairingYear.sending_organisation_id == organisation_id,
            in_year(session, year).is_effective(),
        )
    ).all()
    return FundStanding(entitlement(modes, policy), money_of(session, organisation_id, year))
