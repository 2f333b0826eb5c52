"""What the rules of money ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Disbursement,
    FundAllocation,
    FundIncome,
    LedgerEntry,
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
from portal.ledger.amount_rules import FundYear
from portal.ledger.queries import BATCH, money_of, years_of
from portal.ledger.rules import Book, Money
from portal.pairings.effective_queries import in_year
from portal.programme.policy import Policy
from portal.programme.regime_queries import regime_of


def sources_of(actor: Actor, permission: str, province: str | None = None) -> frozenset[FundSource]:
    """Return the sources whose money an actor plans, approves or pays: the nation's, or a province's.

    ``province`` is that of the organisation that gets it; None asks whatever its province. Whoever is
    an officer of the nation and of a province, too, pays no other province's guarantee.
    """
    if actor.is_operator:
        return FROM_NATION | FROM_PROVINCE
    found: frozenset[FundSource] = frozenset()
    for reach, grant in actor.reaches(permission):
        if reach == Reach.NATION or grant.scope_code == NATION:
            found |= FROM_NATION
        elif province in (None, grant.scope_code):
            found |= FROM_PROVINCE
    return found


def book_of(allocation: FundAllocation) -> Book:
    return Book(allocation.organisation_id, allocation.year, allocation.source)


def spot_of(allocation: FundAllocation) -> FundYear:
    return FundYear(allocation.pairing_id, allocation.year, allocation.organisation_id)


def left_of(allocation: FundAllocation) -> int:
    """Return what is approved and neither paid nor cut, in fen."""
    return allocation.amount_fen - allocation.disbursed_fen - allocation.reduced_fen


class FundPayee(NamedTuple):
    """An organisation that gets money, and its province."""

    name: str
    province: str


def payees_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, FundPayee]:
    found: dict[int, FundPayee] = {}
    ordered = sorted(set(organisation_ids))
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(Organisation.id, Organisation.name, Organisation.province_code).where(
                Organisation.id.in_(ordered[start : start + BATCH])
            )
        )
        found |= {number: FundPayee(name, province) for number, name, province in rows}
    return found


def facts_of_allocations(
    session: Session, actor: Actor, allocations: Sequence[FundAllocation]
) -> list[FundingFacts]:
    """Return what the steps of allocations ask, in their order; three queries."""
    payees = payees_of(session, (one.organisation_id for one in allocations))
    years = years_of(session, [spot_of(one) for one in allocations])
    return [
        FundingFacts(
            payee.name,
            one.state,
            one.source,
            one.planned_by_person_id,
            left_of(one),
            years[spot_of(one)],
            sources_of(actor, "fund.approve", payee.province),
        )
        for one in allocations
        for payee in (payees[one.organisation_id],)
    ]


def payment_facts_of(
    session: Session, allocations: Sequence[FundAllocation]
) -> dict[int, PaymentFacts]:
    """Return, by the key of an allocation, what a payment out of it asks; three queries."""
    payees = payees_of(session, (one.organisation_id for one in allocations))
    years = years_of(session, [spot_of(one) for one in allocations])
    return {
        one.id: PaymentFacts(
            payees[one.organisation_id].name,
            one.source,
            one.state,
            left_of(one),
            years[spot_of(one)],
            payees[one.organisation_id].province,
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
    payees = payees_of(session, (one.organisation_id for one in allocations.values()))
    years = years_of(session, [spot_of(one) for one in allocations.values()])
    return [
        DisbursementFacts(
            payee.name,
            one.state,
            allocation.source,
            one.paid_by_person_id,
            years[spot_of(allocation)],
            sources_of(actor, "fund.pay", payee.province),
        )
        for one in disbursements
        for allocation in (allocations[one.allocation_id],)
        for payee in (payees[allocation.organisation_id],)
    ]


class BankSlip(NamedTuple):
    """What the bank's slip of raised money says: two alike are the same money."""

    book: Book
    amount_fen: int
    received_on: date
    voucher_number: str


def slips_of(session: Session, books: Collection[tuple[int, int]]) -> set[BankSlip]:
    """Return what organisations raised themselves in years and did not take back."""
    one = FundIncome
    is_reversed = sa.exists().where(
        LedgerEntry.income_id == one.id, LedgerEntry.reversal_of_id.is_not(None)
    )
    found: set[BankSlip] = set()
    ordered = sorted(books)
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(
                one.organisation_id,
                one.year,
                one.source,
                one.amount_fen,
                one.received_on,
                one.voucher_number,
            ).where(
                sa.tuple_(one.organisation_id, one.year).in_(ordered[start : start + BATCH]),
                sa.not_(is_reversed),
            )
        )
        found |= {BankSlip(Book(*row[:3]), *row[3:]) for row in rows}
    return found


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
