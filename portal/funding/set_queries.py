"""What a file of money brought, and the books of many payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Disbursement, DisbursementDecision, FundAllocation, FundIncome, ImportBatch
from portal.ledger.queries import BATCH
from portal.ledger.rules import Book


class Brought(NamedTuple):
    """What a file planned, paid and raised, and the payments, its own and others', that it confirmed."""

    allocations: Sequence[FundAllocation]
    paid: Sequence[Disbursement]
    confirmed: Sequence[Disbursement]
    incomes: Sequence[FundIncome]

    @property
    def things(self) -> int:
        return sum(len(some) for some in self)


def brought_by(session: Session, batch: ImportBatch) -> Brought:
    """Return what a file brought. It confirmed the payments that its account did at that instant."""
    confirmed = sa.exists().where(
        DisbursementDecision.disbursement_id == Disbursement.id,
        DisbursementDecision.kind == "received",
        DisbursementDecision.at == batch.applied_at,
        DisbursementDecision.account_id.is_not_distinct_from(batch.account_id),
    )
    return Brought(
        session.scalars(
            sa.select(FundAllocation)
            .where(FundAllocation.import_id == batch.id)
            .order_by(FundAllocation.id)
        ).all(),
        session.scalars(
            sa.select(Disbursement)
            .where(Disbursement.import_id == batch.id)
            .order_by(Disbursement.id)
        ).all(),
        session.scalars(sa.select(Disbursement).where(confirmed).order_by(Disbursement.id)).all(),
        session.scalars(
            sa.select(FundIncome).where(FundIncome.import_id == batch.id).order_by(FundIncome.id)
        ).all(),
    )


def books_of(session: Session, payments: Sequence[Disbursement]) -> dict[int, Book]:
    """Return the book of each payment by its id; one query for each ``BATCH``."""
    found: dict[int, Book] = {}
    ids = [one.id for one in payments]
    for start in range(0, len(ids), BATCH):
        rows = session.execute(
            sa.select(
                Disbursement.id,
                FundAllocation.organisation_id,
                FundAllocation.year,
                FundAllocation.source,
            )
            .join(FundAllocation, FundAllocation.id == Disbursement.allocation_id)
            .where(Disbursement.id.in_(ids[start : start + BATCH]))
        )
        found |= {number: Book(who, year, source) for number, who, year, source in rows}
    return found
