"""Finding transfers, and what their rules ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundAccount, FundTransfer, Organisation, Pairing
from models.types import FundAccountKind, FundSource, TransferState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.ledger.amount_rules import FundYear
from portal.ledger.queries import settlements_of, year_of
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.queries import life_of
from portal.programme.queries import policy_on
from portal.transfers.rules import (
    PAID,
    TransferAsked,
    TransferFacts,
    TransferGround,
)

TRANSFER = Loader("transfer", FundTransfer, "fund.read", {"transfer_id": FundTransfer.public_id})

One = FundTransfer
Sender, Receiver = aliased(Organisation), aliased(Organisation)


def own_organisations(actor: Actor, permission: str) -> frozenset[int]:
    """Return the organisations in whose name an actor uses a permission, by id."""
    found = (grant.organisation_id for _, grant in actor.reaches(permission))
    return frozenset(one for one in found if one is not None)


def is_allowed(session: Session, day: date) -> bool:
    return bool(policy_on(session, day)["allow_transfer"])


def ground_of(
    session: Session, actor: Actor, pairing: Pairing, year: int, asked: TransferAsked
) -> TransferGround:
    """Return what the rules ask of a transfer that somebody wants to make."""
    sender = pairing.sending_organisation_id
    partners_book = (pairing.receiving_organisation_id, year)
    taken = sa.exists().where(
        One.organisation_id == sender,
        One.year == year,
        One.voucher_number == asked.voucher_number,
        One.state.in_((PAID, TransferState.CONFIRMED)),
    )
    return TransferGround(
        is_allowed(session, asked.paid_on),
        actor.is_operator or sender in own_organisations(actor, "fund.transfer"),
        life_of(session, pairing),
        pairing.ends_on,
        year_of(session, *FundYear(pairing.id, year, sender)),
        settlements_of(session, [partners_book]).get(partners_book),
        cash_of(session, sender, year).get(asked.source, 0),
        _waiting(session, sender, year, asked.source),
        bool(session.scalar(sa.select(taken))),
    )


def cash_of(session: Session, organisation_id: int, year: int) -> dict[FundSource, int]:
    """Return what an organisation holds of a year, by source (one query)."""
    rows = session.execute(
        sa.select(FundAccount.source, FundAccount.balance_fen).where(
            FundAccount.organisation_id == organisation_id,
            FundAccount.year == year,
            FundAccount.kind == FundAccountKind.CASH,
        )
    )
    found = {row.source: row.balance_fen for row in rows}
    return {source: found[source] for source in FundSource if found.get(source)}


def _waiting(session: Session, organisation_id: int, year: int, source: FundSource) -> int:
    found = session.scalar(
        sa.select(sa.func.sum(One.amount_fen)).where(
            One.organisation_id == organisation_id,
            One.year == year,
            One.source == source,
            One.state == PAID,
        )
    )
    return int(found or 0)


def facts_of(session: Session, actor: Actor, transfer: FundTransfer) -> TransferFacts:
    """Return what the steps of a transfer ask."""
    spot = FundYear(transfer.pairing_id, transfer.year, transfer.organisation_id)
    partners_book = (transfer.receiving_organisation_id, transfer.year)
    name = session.get_one(Organisation, transfer.organisation_id).name
    everything = actor.is_operator
    return TransferFacts(
        f"{name} {transfer.year} 年度的转付",
        transfer.state,
        year_of(session, *spot),
        settlements_of(session, [partners_book]).get(partners_book),
        transfer.paid_by_person_id,
        everything or transfer.organisation_id in own_organisations(actor, "fund.transfer"),
        everything or transfer.receiving_organisation_id in own_organisations(actor, "fund.accept"),
    )


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as a list shows it."""

    public_id: str
    sender: str
    receiver: str
    pairing_code: str
    source: FundSource
    amount_fen: int
    paid_on: date
    voucher_number: str
    state: TransferState


def list_transfers(
    session: Session,
    actor: Actor,
    year: int,
    state: TransferState | None = None,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[TransferRow]:
    """Return one page of the transfers of a year, the latest first (two queries)."""
    wanted: Any = (
        sa.select(
            One.public_id,
            Sender.name.label("sender"),
            Receiver.name.label("receiver"),
            Pairing.code,
            One.source,
            One.amount_fen,
            One.paid_on,
            One.voucher_number,
            One.state,
        )
        .join(Sender, Sender.id == One.organisation_id)
        .join(Receiver, Receiver.id == One.receiving_organisation_id)
        .join(Pairing, Pairing.id == One.pairing_id)
        .where(
            One.year == year,
            within(One, actor, "fund.read"),
            *([One.state == state] if state else []),
        )
    )
    orders: Sequence[Order] = (Order(One.paid_on, descending=True), Order(One.id, descending=True))
    return read_slice(
        session, wanted, orders, cursor=cursor, size=size, make=lambda row: TransferRow(*row)
    )
