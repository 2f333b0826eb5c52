"""Passing money on to the partner, confirming what arrived, taking it back: by the ledger alone."""

from __future__ import annotations

from datetime import date

from models import FundTransfer, Pairing
from models.base import new_public_id
from models.types import LedgerKind, TransferState
from portal.deeds import Deed
from portal.ledger.actions import hold_years, post, reverse
from portal.ledger.queries import entries_that_stand
from portal.ledger.rules import Book, LedgerRow
from portal.procedures.actions import note, take
from portal.refusals import refuse_if
from portal.standards.text import plain
from portal.transfers.queries import facts_of, ground_of
from portal.transfers.rules import (
    LIFE,
    TransferAsked,
    refusals_for_arrival,
    refusals_for_transfer,
)


def pass_on(deed: Deed, pairing: Pairing, year: int, asked: TransferAsked) -> FundTransfer:
    """Record what the sending organisation of a pairing paid over to the receiving one.

    What is there is read while both years are held, so that two at once are told what is left. Nothing
    moves before the partner found it in its bank.
    """
    session = deed.session
    asked = asked._replace(
        voucher_number=plain(asked.voucher_number),
        agreement_number=plain(asked.agreement_number),
        clause=plain(asked.clause),
    )
    sender, receiver = pairing.sending_organisation_id, pairing.receiving_organisation_id
    hold_years(deed, {(sender, year), (receiver, year)})
    ground = ground_of(session, deed.actor, pairing, year, asked)
    refuse_if(refusals_for_transfer(asked, ground, today=deed.today))
    transfer = FundTransfer(
        public_id=new_public_id(),
        organisation_id=sender,
        receiving_organisation_id=receiver,
        pairing_id=pairing.id,
        year=year,
        state=TransferState.PAID,
        paid_by_person_id=deed.actor.person_id,
        created_at=deed.now,
        **asked._asdict(),
    )
    session.add(transfer)
    note(deed, [transfer], "paid", permission="fund.transfer")
    _record(deed, "fund_transfer.paid", transfer)
    return transfer


def confirm_transfer(
    deed: Deed, transfer: FundTransfer, *, received_on: date, seen: int | None = None
) -> None:
    """Confirm that it arrived: from now on it is the partner's to spend and to settle.

    Raise :class:`Refused` where the sending organisation has spent it meanwhile.
    """
    take(
        deed,
        LIFE,
        transfer,
        "confirmed",
        facts=facts_of(deed.session, deed.actor, transfer),
        seen=seen,
        columns={"received_on": received_on},
        besides=refusals_for_arrival(received_on, paid_on=transfer.paid_on, today=deed.today),
    )
    row = LedgerRow(
        LedgerKind.TRANSFER,
        Book(transfer.organisation_id, transfer.year, transfer.source),
        transfer.amount_fen,
        ("transfer_id", transfer.id),
        received_on,
        passed_to=transfer.receiving_organisation_id,
    )
    post(deed, [row])
    _record(deed, "fund_transfer.confirmed", transfer)


def decide_transfer(
    deed: Deed, transfer: FundTransfer, reason: str, *, verb: str, seen: int | None = None
) -> None:
    """Decline or withdraw what is not confirmed, or take back what is: with a reason, once.

    Raise :class:`Refused` where the partner has spent what is to be taken back.
    """
    entries = entries_that_stand(deed.session, "transfer_id", transfer.id)
    facts = facts_of(deed.session, deed.actor, transfer)
    take(deed, LIFE, transfer, verb, facts=facts, reason=reason, seen=seen)
    reverse(deed, entries, plain(reason))
    _record(deed, f"fund_transfer.{verb}", transfer)


def _record(deed: Deed, event: str, transfer: FundTransfer) -> None:
    deed.record(
        event,
        f"fund_transfer:{transfer.public_id}",
        amount_fen=transfer.amount_fen,
        fund_source=transfer.source.label,
    )
