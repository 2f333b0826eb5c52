"""What the rules of money ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Disbursement,
    FundAllocation,
    FundYearTotal,
    LedgerEntry,
    Organisation,
    Pairing,
    PairingYear,
    WorkYear,
)
from models.types import NATION, DisbursementState, FundSource, WorkYearState
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.funding.allocation_rules import AllocationFacts
from portal.funding.entitlement_rules import Entitlement, Money, entitlement
from portal.funding.ledger_rules import Book
from portal.funding.payment_rules import DisbursementFacts, PaymentFacts
from portal.funding.rules import FROM_NATION, FROM_PROVINCE, YearFacts
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


def years_of(
    session: Session, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], YearFacts]:
    """Return, by (pairing id, year), the work years in which money is to be booked; two queries."""
    wanted = sorted(set(pairs))
    found = {pair: YearFacts(pair[1], None, is_closed=False) for pair in wanted}
    if not wanted:
        return found
    rows = session.execute(
        sa.select(PairingYear.pairing_id, PairingYear.year, Pairing.receiving_province_code)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(
            PairingYear.pairing_id.in_({pairing_id for pairing_id, _ in wanted}),
            PairingYear.year.in_({year for _, year in wanted}),
        )
    ).all()
    years = session.scalars(
        sa.select(WorkYear).where(WorkYear.year.in_({year for _, year in wanted}))
    ).all()
    by_place = {(one.year, one.region_code): one for one in years}
    for pairing_id, year, province in rows:
        one = by_place.get((year, province)) or by_place.get((year, NATION))
        if (pairing_id, year) in found and one is not None:
            is_closed = one.state == WorkYearState.CLOSED
            found[pairing_id, year] = YearFacts(year, one.starts_on, is_closed=is_closed)
    return found


def year_of(session: Session, pairing_id: int, year: int) -> YearFacts:
    return years_of(session, [(pairing_id, year)])[pairing_id, year]


def book_of(allocation: FundAllocation) -> Book:
    return Book(allocation.organisation_id, allocation.year, allocation.source)


def left_of(allocation: FundAllocation) -> int:
    """Return what is approved and neither paid nor cut, in fen."""
    return allocation.amount_fen - allocation.disbursed_fen - allocation.reduced_fen


def names_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(
        sa.select(Organisation.id, Organisation.name).where(
            Organisation.id.in_(set(organisation_ids))
        )
    )
    return {row.id: row.name for row in rows}


def facts_of_allocations(
    session: Session, actor: Actor, allocations: Sequence[FundAllocation]
) -> list[AllocationFacts]:
    """Return what the steps of allocations ask, in their order; three queries."""
    names = names_of(session, (one.organisation_id for one in allocations))
    years = years_of(session, [(one.pairing_id, one.year) for one in allocations])
    decides = sources_of(actor, "fund.approve")
    return [
        AllocationFacts(
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
    rows = session.execute(
        sa.select(Disbursement.allocation_id, Disbursement.voucher_number).where(
            Disbursement.allocation_id.in_(allocation_ids),
            Disbursement.state != DisbursementState.REVERSED,
        )
    )
    return {(number, voucher) for number, voucher in rows}


def facts_of_disbursement(
    session: Session, actor: Actor, disbursement: Disbursement
) -> DisbursementFacts:
    allocation = session.get_one(FundAllocation, disbursement.allocation_id)
    return DisbursementFacts(
        names_of(session, [allocation.organisation_id])[allocation.organisation_id],
        disbursement.state,
        allocation.source,
        disbursement.paid_by_person_id,
        year_of(session, allocation.pairing_id, allocation.year),
        sources_of(actor, "fund.pay"),
    )


def entries_that_stand(session: Session, column: str, key: int) -> list[int]:
    """Return the rows of a subject that no other row has taken back."""
    reversing = sa.orm.aliased(LedgerEntry)
    return list(
        session.scalars(
            sa.select(LedgerEntry.id)
            .where(
                getattr(LedgerEntry, column) == key,
                LedgerEntry.reversal_of_id.is_(None),
                ~sa.exists().where(reversing.reversal_of_id == LedgerEntry.id),
            )
            .order_by(LedgerEntry.id)
        )
    )


class Standing(NamedTuple):
    """How the money of a sending organisation stands in a work year."""

    due: Entitlement
    money: Money


def money_of(session: Session, organisation_id: int, year: int) -> Money:
    """Return the sums of an organisation and year; zeros where nothing was booked."""
    row = session.get(FundYearTotal, (organisation_id, year))
    return Money(*(getattr(row, name) for name in Money._fields)) if row else Money()


def standing_of(session: Session, organisation_id: int, year: int) -> Standing:
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
    return Standing(entitlement(modes, policy), money_of(session, organisation_id, year))
