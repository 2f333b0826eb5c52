"""Taking a list out, saying what one that came back would do, and paying by it."""

from __future__ import annotations

from collections.abc import Sequence

from models import Disbursement
from portal.banklists import rules
from portal.banklists.queries import (
    BankRow,
    ListedAllocation,
    allocations_by_number,
    booked_payments,
)
from portal.banklists.rules import BadRow, ListReading, Returned, RowToPay
from portal.deeds import Deed
from portal.disclosures.actions import disclose_content
from portal.funding.payment_actions import Payment, disburse, refusals_by_payment
from portal.funding.queries import left_of
from portal.ledger.actions import hold_years
from portal.personal_data.rules import unreadable
from portal.personal_data.vault import Place
from portal.refusals import Refused
from portal.standards.text import plain

ACCOUNT = "银行账号"


def accounts_in_clear(deed: Deed, rows: Sequence[BankRow], reason: str) -> dict[str, str]:
    """Return the accounts that the actor may see, by credit code: one disclosure, with its reason.

    Raise :class:`Refused` without a reason, beyond the limit of an hour, or where one does not open.
    """
    sealed = {row.credit_code: row.sealed for row in rows if row.sealed is not None}

    def find() -> dict[str, str]:
        found = {}
        for code, content in sealed.items():
            clear = deed.vault.find(content, Place("organisation", "bank_account", code))
            if clear is None:
                raise Refused([unreadable(ACCOUNT)])
            found[code] = clear
        return found

    return disclose_content(
        deed,
        find,
        reason,
        is_recorded=bool(sealed),
        event="bank_list.accounts_revealed",
        subject=f"bank_list:{len(sealed)}",
    )


def record_list(deed: Deed, year: int, rows: int, sha256: str) -> None:
    """Record that a list left the portal."""
    deed.record("bank_list.exported", f"bank_list:{rows}", year=year, rows=rows, sha256=sha256)


def read_list(deed: Deed, returned: Sequence[Returned]) -> ListReading:
    """Say what a list that came back would do, row by row; nothing is written.

    Raise :class:`Refused` where nothing in it was filled in.
    """
    return _judged(deed, returned)[0]


def pay_by_list(deed: Deed, returned: Sequence[Returned]) -> tuple[list[Disbursement], ListReading]:
    """Pay what a list says: all its filled rows, or none, with every reason of every bad row."""
    found = allocations_by_number(deed.session, deed.actor, {one.number for one in returned})
    hold_years(
        deed, {(one.allocation.organisation_id, one.allocation.year) for one in found.values()}
    )
    for one in found.values():
        deed.session.expire(one.allocation)  # as it stands now that nobody else pays
    reading, payments = _judged(deed, returned)
    return ([] if reading.bad else disburse(deed, payments)), reading


def _judged(deed: Deed, returned: Sequence[Returned]) -> tuple[ListReading, list[Payment]]:
    filled = [one for one in returned if not one.is_unpaid]
    if not filled:
        raise Refused([rules.NOTHING_FILLED])
    found = allocations_by_number(deed.session, deed.actor, {one.number for one in filled})
    booked = booked_payments(deed.session, {one.allocation.id for one in found.values()})
    bad: list[BadRow] = []
    payments: list[tuple[Returned, ListedAllocation, Payment]] = []
    there = 0
    for one in filled:
        payable = found.get(one.number)
        refusals = rules.refusals_for_row(one, payable.credit_code if payable else None)
        if refusals:
            bad.append(rules.bad_row(one, refusals))
            continue
        assert payable is not None  # refused otherwise, as are the others
        assert one.amount_fen is not None
        assert one.paid_on is not None
        voucher = plain(one.voucher_number)
        payment = Payment(payable.allocation, one.amount_fen, one.paid_on, voucher)
        if (payable.allocation.id, voucher, payment.amount_fen, payment.paid_on) in booked:
            there += 1
        else:
            payments.append((one, payable, payment))
    judged = refusals_by_payment(deed, [payment for *_, payment in payments])
    good = []
    for (one, payable, payment), refusals in zip(payments, judged, strict=True):
        if refusals:
            bad.append(rules.bad_row(one, refusals))
            continue
        good.append(
            RowToPay(
                one.row,
                payable.organisation,
                payment.allocation.source,
                payment.amount_fen,
                left_of(payment.allocation),
                payment.paid_on,
                payment.voucher_number,
            )
        )
    reading = ListReading(tuple(good), tuple(sorted(bad)), there, len(returned) - len(filled))
    return reading, [payment for *_, payment in payments]
