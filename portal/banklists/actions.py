"""Taking a list out, and paying by one that came back."""

from __future__ import annotations

from collections.abc import Sequence

from models import Disbursement
from portal.banklists import rules
from portal.banklists.queries import BankRow, allocations_by_number
from portal.banklists.rules import BadRow, Returned
from portal.deeds import Deed
from portal.disclosures.actions import disclose_content
from portal.funding.payment_actions import Payment, disburse, refusals_by_payment
from portal.ledger.actions import hold_years
from portal.personal_data.rules import unreadable
from portal.personal_data.vault import Place
from portal.refusals import Refusal, Refused

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


def pay_by_list(
    deed: Deed, returned: Sequence[Returned]
) -> tuple[list[Disbursement], list[BadRow]]:
    """Pay what a list says: all its filled rows, or none, with every reason of every bad row."""
    filled = [one for one in returned if not one.is_unpaid]
    if not filled:
        sentence = "清单中没有填写拨付日期和凭证号的行；已付的行请填写后再上传。"
        raise Refused([Refusal("file", "nothing_to_do", sentence)])
    found = allocations_by_number(deed.session, deed.actor, {one.number for one in filled})
    bad: list[BadRow] = []
    payments: list[tuple[Returned, Payment]] = []
    for one in filled:
        allocation, code = found.get(one.number, (None, None))
        refusals = rules.refusals_for_row(one, code)
        if refusals:
            bad.append(rules.bad_row(one, refusals))
            continue
        assert allocation is not None  # refused otherwise, as are the others
        assert one.amount_fen is not None
        assert one.paid_on is not None
        payment = Payment(allocation, one.amount_fen, one.paid_on, one.voucher_number)
        payments.append((one, payment))
    hold_years(deed, {(one.allocation.organisation_id, one.allocation.year) for _, one in payments})
    judged = refusals_by_payment(deed, [payment for _, payment in payments])
    bad += [
        rules.bad_row(one, refusals)
        for (one, _), refusals in zip(payments, judged, strict=True)
        if refusals
    ]
    if bad:
        return [], sorted(bad)
    return disburse(deed, [payment for _, payment in payments]), []
