"""What stands in a bank list: what is to be paid, to which account."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import FundAllocation, Organisation
from models.types import FundSource
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


def allocations_by_number(
    session: Session, actor: Actor, numbers: Collection[str]
) -> dict[str, tuple[FundAllocation, str]]:
    """Return the allocations that an actor may pay, with the credit codes of their organisations."""
    ordered = sorted(numbers)
    found: dict[str, tuple[FundAllocation, str]] = {}
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(One, Organisation.credit_code)
            .join(Organisation, Organisation.id == One.organisation_id)
            .where(
                One.public_id.in_(ordered[start : start + BATCH]), within(One, actor, "fund.pay")
            )
        )
        found |= {allocation.public_id: (allocation, code) for allocation, code in rows}
    return found
