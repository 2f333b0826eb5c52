"""What stands in a bank list: what is to be paid, to which account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Disbursement, FundAllocation, Organisation
from models.types import DisbursementState, FundSource
from portal.access.actor import Actor
from portal.access.scope import within
from portal.banklists.rules import MOST_ROWS
from portal.funding.list_queries import LEFT
from portal.funding.payment_queries import to_pay

One = FundAllocation
BATCH = 400


class BankRow(NamedTuple):
    """One line for the bank. ``sealed`` is the account, None where the reader may not see it."""

    number: str
    organisation: str
    credit_code: str
    bank_name: str | None
    masked: str | None
    sealed: bytes | None
    left_fen: int
    source: FundSource


def list_for_bank(session: Session, actor: Actor, year: int) -> list[BankRow]:
    """Return what waits to be paid by an actor in a year, by organisation (one query)."""
    may_see = within(Organisation, actor, "organisation.write")
    rows = session.execute(
        sa.select(
            One.public_id,
            Organisation.name,
            Organisation.credit_code,
            Organisation.bank_name,
            Organisation.bank_account_masked,
            sa.case((may_see, Organisation.bank_account_sealed)),
            LEFT,
            One.source,
        )
        .join(Organisation, Organisation.id == One.organisation_id)
        .where(One.year == year, to_pay(actor))
        .order_by(Organisation.name_order, One.id)
        .limit(MOST_ROWS)
    )
    return [BankRow(*row) for row in rows]


class ListedAllocation(NamedTuple):
    """An allocation, and whose it is."""

    allocation: FundAllocation
    credit_code: str
    organisation: str


def allocations_by_number(
    session: Session, actor: Actor, numbers: Collection[str]
) -> dict[str, ListedAllocation]:
    """Return the allocations that an actor may pay, by their numbers."""
    ordered = sorted(numbers)
    found: dict[str, ListedAllocation] = {}
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(One, Organisation.credit_code, Organisation.name)
            .join(Organisation, Organisation.id == One.organisation_id)
            .where(
                One.public_id.in_(ordered[start : start + BATCH]), within(One, actor, "fund.pay")
            )
        )
        found |= {row[0].public_id: ListedAllocation(*row) for row in rows}
    return found


def booked_payments(
    session: Session, allocation_ids: Collection[int]
) -> set[tuple[int, str, int, date]]:
    """Return the payments of allocations that stand: of which, its voucher, how much, when."""
    ordered = sorted(allocation_ids)
    found: set[tuple[int, str, int, date]] = set()
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(
                Disbursement.allocation_id,
                Disbursement.voucher_number,
                Disbursement.amount_fen,
                Disbursement.paid_on,
            ).where(
                Disbursement.allocation_id.in_(ordered[start : start + BATCH]),
                Disbursement.state != DisbursementState.REVERSED,
            )
        )
        found |= {(number, voucher, fen, day) for number, voucher, fen, day in rows}
    return found
