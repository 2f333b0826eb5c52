"""Many receipts at once, and taking back what a file of money brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Disbursement
from models.types import DisbursementState, LedgerKind
from portal.deeds import Deed
from portal.funding.allocation_rules import LIFE
from portal.funding.payment_actions import confirm_receipt, take_from
from portal.funding.payment_rules import PAYMENT_LIFE, refusals_for_receipt
from portal.funding.queries import facts_of_disbursements
from portal.funding.set_queries import Brought, books_of
from portal.ledger.actions import post, reverse
from portal.ledger.queries import all_that_stand
from portal.ledger.rules import LedgerRow
from portal.procedures.actions import follow, take_all

BATCH = 200
"""Payments of one statement, which names each with its date."""


class Receipt(NamedTuple):
    """That a payment has arrived; ``reason`` explains a difference."""

    disbursement: Disbursement
    received_on: date
    received_fen: int
    reason: str = ""


def confirm_receipts(deed: Deed, receipts: Sequence[Receipt]) -> None:
    """Confirm what arrived of many payments, all or nothing; what differs is confirmed one by one."""
    whole = [one for one in receipts if one.received_fen == one.disbursement.amount_fen]
    for start in range(0, len(whole), BATCH):
        _confirm_whole(deed, whole[start : start + BATCH])
    for one in receipts:
        if one.received_fen != one.disbursement.amount_fen:
            confirm_receipt(
                deed,
                one.disbursement,
                received_on=one.received_on,
                received_fen=one.received_fen,
                reason=one.reason,
            )


def _confirm_whole(deed: Deed, receipts: Sequence[Receipt]) -> None:
    session = deed.session
    payments = [one.disbursement for one in receipts]
    take_all(
        deed,
        PAYMENT_LIFE,
        payments,
        "received",
        facts=facts_of_disbursements(session, deed.actor, payments),
        columns={
            "received_on": sa.case(
                {one.disbursement.id: sa.literal(one.received_on, sa.Date) for one in receipts},
                value=Disbursement.id,
            ),
            "received_fen": Disbursement.amount_fen,
            "difference_reason": None,
        },
        besides=[
            refusal
            for one in receipts
            for refusal in refusals_for_receipt(
                one.disbursement.amount_fen,
                one.received_fen,
                paid_on=one.disbursement.paid_on,
                received_on=one.received_on,
                today=deed.today,
                reason=None,
            )
        ],
    )
    for one in payments:
        session.expire(one, ["received_on", "received_fen"])
    books = books_of(session, payments)
    post(
        deed,
        [
            LedgerRow(
                LedgerKind.RECEIPT,
                books[one.disbursement.id],
                one.received_fen,
                ("disbursement_id", one.disbursement.id),
                one.received_on,
            )
            for one in receipts
        ],
    )
    ids = [one.public_id for one in payments]
    deed.record(
        "disbursement.received",
        f"disbursement:{ids[0]}",
        count=len(ids),
        ids=ids,
        amount_fen=sum(one.received_fen for one in receipts),
    )


def take_back_brought(deed: Deed, brought: Brought, note: str) -> int:
    """Take back what a file brought, by the opposite rows; return how many things there were.

    Raise :class:`Refused` where money of it was spent meanwhile.
    """
    session = deed.session
    confirmed = {one.id for one in brought.confirmed}
    entries = [
        *all_that_stand(session, "allocation_id", [one.id for one in brought.allocations]),
        *all_that_stand(session, "income_id", [one.id for one in brought.incomes]),
        *all_that_stand(session, "disbursement_id", [one.id for one in brought.paid]),
        *all_that_stand(
            session,
            "disbursement_id",
            sorted(confirmed - {one.id for one in brought.paid}),
            without=LedgerKind.DISBURSEMENT,
        ),
    ]
    reverse(deed, entries, note)
    others = [
        one
        for one in brought.confirmed
        if one.state == DisbursementState.RECEIVED and one not in brought.paid
    ]
    follow(deed, PAYMENT_LIFE, others, "receipt_undone", reason=note)
    follow(deed, PAYMENT_LIFE, brought.paid, "import_undone", reason=note)
    take_from(deed, _by_allocation(brought.paid))
    follow(deed, LIFE, brought.allocations, "import_undone", reason=note)
    return brought.things


def _by_allocation(payments: Iterable[Disbursement]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for one in payments:
        found[one.allocation_id] -= one.amount_fen
    return dict(found)
