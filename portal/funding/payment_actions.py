"""Paying out of allocations, confirming what arrived, taking mistakes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Disbursement, FundAllocation
from models.base import new_public_id
from models.types import DisbursementState, LedgerKind
from portal.deeds import Deed
from portal.funding import payment_rules as rules
from portal.funding.payment_rules import PAYMENT_LIFE
from portal.funding.queries import (
    book_of,
    facts_of_disbursement,
    payment_facts_of,
    sources_of,
    vouchers_of,
)
from portal.ledger.actions import hold_years, post, reverse
from portal.ledger.queries import entries_that_stand
from portal.ledger.rules import LedgerRow
from portal.procedures.actions import note, take
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.text import plain

BATCH = 200
"""Allocations of one statement, which names each with its amount."""


class Payment(NamedTuple):
    """A payment to be made out of an allocation."""

    allocation: FundAllocation
    amount_fen: int
    paid_on: date
    voucher_number: str


def disburse(
    deed: Deed, payments: Sequence[Payment], *, import_id: int | None = None
) -> list[Disbursement]:
    """Pay out of allocations, all or none: never more than is approved, however many pay at once.

    The allocations are read anew under the lock of their organisations' books, so that whoever comes
    second is told what is left.
    """
    session = deed.session
    session.flush()
    hold_years(deed, {(one.allocation.organisation_id, one.allocation.year) for one in payments})
    _read_anew(deed, {one.allocation.id for one in payments})
    refuse_if(refusals_for_payments(deed, payments))
    made = [
        Disbursement(
            public_id=new_public_id(),
            allocation_id=one.allocation.id,
            amount_fen=one.amount_fen,
            paid_on=one.paid_on,
            voucher_number=plain(one.voucher_number),
            state=DisbursementState.PAID,
            paid_by_person_id=deed.actor.person_id,
            created_at=deed.now,
            import_id=import_id,
        )
        for one in payments
    ]
    session.add_all(made)
    note(deed, made, "paid", permission="fund.pay")
    take_from(deed, _by_allocation(payments))
    post(
        deed,
        [
            LedgerRow(
                LedgerKind.DISBURSEMENT,
                book_of(one.allocation),
                row.amount_fen,
                ("disbursement_id", row.id),
                row.paid_on,
            )
            for one, row in zip(payments, made, strict=True)
        ],
    )
    ids = [one.public_id for one in made]
    total = sum(one.amount_fen for one in made)
    if ids:
        deed.record(
            "disbursement.paid",
            f"disbursement:{ids[0]}",
            count=len(ids),
            ids=ids,
            amount_fen=total,
        )
    return made


def refuse_if_changed(allocations: Sequence[FundAllocation], seen: Mapping[str, int]) -> None:
    """Raise :class:`Conflict` unless all are in the version in which a page showed them, by their ids."""
    changed = [one for one in allocations if seen.get(one.public_id) != one.version]
    if changed:
        raise Conflict([CHANGED_MEANWHILE])


def refusals_for_payments(deed: Deed, payments: Sequence[Payment]) -> list[Refusal]:
    """Say why these cannot be paid; several out of one allocation are reckoned together."""
    return [one for refusals in refusals_by_payment(deed, payments) for one in refusals]


def refusals_by_payment(deed: Deed, payments: Sequence[Payment]) -> list[list[Refusal]]:
    """Return the same for each payment, in their order."""
    facts = payment_facts_of(deed.session, [one.allocation for one in payments])
    taken = vouchers_of(deed.session, list(facts))
    found = []
    for one in payments:
        number, voucher = one.allocation.id, plain(one.voucher_number)
        refusals = rules.refusals_for_payment(
            facts[number],
            one.amount_fen,
            paid_on=one.paid_on,
            today=deed.today,
            voucher_number=one.voucher_number,
            voucher_is_taken=(number, voucher) in taken,
            may_pay=sources_of(deed.actor, "fund.pay", facts[number].province),
        )
        found.append(refusals)
        taken.add((number, voucher))
        left = facts[number].left_fen - (0 if refusals else one.amount_fen)
        facts[number] = facts[number]._replace(left_fen=left)
    return found


def confirm_receipt(
    deed: Deed,
    disbursement: Disbursement,
    *,
    received_on: date,
    received_fen: int,
    reason: str | None = None,
    seen: int | None = None,
) -> None:
    """Confirm what arrived in the organisation's bank, with its date; a difference is explained."""
    explained = plain(reason or "") if received_fen != disbursement.amount_fen else ""
    take(
        deed,
        PAYMENT_LIFE,
        disbursement,
        "received",
        facts=facts_of_disbursement(deed.session, deed.actor, disbursement),
        noted=explained or None,
        seen=seen,
        columns={
            "received_on": received_on,
            "received_fen": received_fen,
            "difference_reason": explained or None,
        },
        besides=rules.refusals_for_receipt(
            disbursement.amount_fen,
            received_fen,
            paid_on=disbursement.paid_on,
            received_on=received_on,
            today=deed.today,
            reason=reason,
        ),
    )
    paid = disbursement.amount_fen
    amounts = {
        LedgerKind.RECEIPT: min(paid, received_fen),
        LedgerKind.SHORTFALL: max(paid - received_fen, 0),
        LedgerKind.SURPLUS: max(received_fen - paid, 0),
    }
    book = book_of(deed.session.get_one(FundAllocation, disbursement.allocation_id))
    subject = ("disbursement_id", disbursement.id)
    post(
        deed,
        [
            LedgerRow(kind, book, fen, subject, received_on, explained)
            for kind, fen in amounts.items()
            if fen
        ],
    )
    _record(deed, "disbursement.received", disbursement, amount_fen=received_fen)


def reverse_receipt(
    deed: Deed, disbursement: Disbursement, reason: str, *, seen: int | None = None
) -> None:
    """Take a wrongly confirmed receipt back: the payment waits again. What was spent stands in the way."""
    entries = entries_that_stand(deed.session, "disbursement_id", disbursement.id)
    _take(deed, disbursement, "receipt_reversed", reason, seen)
    reverse(deed, entries[1:], plain(reason))
    _record(deed, "disbursement.receipt_reversed", disbursement)


def reverse_disbursement(
    deed: Deed, disbursement: Disbursement, reason: str, *, seen: int | None = None
) -> None:
    """Take a payment back that was a mistake, before anybody confirmed it."""
    allocation = deed.session.get_one(FundAllocation, disbursement.allocation_id)
    hold_years(deed, {(allocation.organisation_id, allocation.year)})
    entries = entries_that_stand(deed.session, "disbursement_id", disbursement.id)
    _take(deed, disbursement, "reversed", reason, seen)
    reverse(deed, entries, plain(reason))
    take_from(deed, {allocation.id: -disbursement.amount_fen})
    _record(deed, "disbursement.reversed", disbursement)


def _take(deed: Deed, disbursement: Disbursement, verb: str, reason: str, seen: int | None) -> None:
    facts = facts_of_disbursement(deed.session, deed.actor, disbursement)
    take(deed, PAYMENT_LIFE, disbursement, verb, facts=facts, reason=reason, seen=seen)


def _by_allocation(payments: Sequence[Payment]) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in payments:
        found[one.allocation.id] += one.amount_fen
    return found


def take_from(deed: Deed, paid: Mapping[int, int]) -> None:
    """Count what was paid of allocations, by id, as long as enough is left; what is taken back is negative."""
    one = FundAllocation
    ordered = sorted(paid)
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        fen = sa.case({number: paid[number] for number in some}, value=one.id)
        done = deed.session.execute(
            sa.update(one)
            .where(
                one.id.in_(some),
                one.disbursed_fen + one.reduced_fen + fen <= one.amount_fen,
                one.disbursed_fen + fen >= 0,
            )
            .values(disbursed_fen=one.disbursed_fen + fen, version=one.version + 1)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount != len(some):  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
            raise Conflict([CHANGED_MEANWHILE])
    _read_anew(deed, ordered)


def _read_anew(deed: Deed, allocation_ids: Iterable[int]) -> None:
    """Let the session know allocations as they stand now, at one query for each ``BATCH``."""
    ordered = sorted(allocation_ids)
    for start in range(0, len(ordered), BATCH):
        some = sa.select(FundAllocation).where(
            FundAllocation.id.in_(ordered[start : start + BATCH])
        )
        deed.session.scalars(some.execution_options(populate_existing=True)).all()


def _record(deed: Deed, event: str, disbursement: Disbursement, **facts: int) -> None:
    deed.record(event, f"disbursement:{disbursement.public_id}", **facts)
