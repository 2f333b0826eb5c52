"""One allocation as its page shows it: to whom, by whom, what was paid, what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Disbursement, FundAllocation, Organisation, Pairing, Person
from models.types import AllocationState, DisbursementState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.funding.allocation_rules import LIFE, FundingFacts
from portal.funding.payment_rules import PAYMENT_LIFE, DisbursementFacts
from portal.funding.queries import left_of, sources_of, spot_of
from portal.funding.stage_rules import FundStage, Way
from portal.ledger.queries import year_of
from portal.procedures.offer_rules import Off, Offer, offers, reasons_off
from portal.procedures.timeline_queries import Event, Track, timeline

Payer = aliased(Person)

USED = ("fund.approve", "fund.pay", "fund.receive", "fund.plan")
"""The permissions that the page of an allocation asks for."""


class FundBelonging(NamedTuple):
    """What an allocation belongs to."""

    organisation: Organisation
    pairing: Pairing


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment out of an allocation, with what can be done with it."""

    public_id: str
    version: int
    amount_fen: int
    paid_on: date
    voucher_number: str
    received_on: date | None
    received_fen: int | None
    difference_reason: str | None
    state: DisbursementState
    paid_by: str | None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class FundDossier:
    """All that the page of an allocation shows."""

    belonging: FundBelonging
    offers: tuple[Offer, ...]
    payments: tuple[PaymentRow, ...]
    may_pay: bool
    may_plan: bool
    left_fen: int
    received_fen: int
    stage: FundStage
    off: tuple[Off, ...]
    events: tuple[Event, ...]


def belonging_of(session: Session, allocation: FundAllocation) -> FundBelonging:
    return FundBelonging(
        session.get_one(Organisation, allocation.organisation_id),
        session.get_one(Pairing, allocation.pairing_id),
    )


def dossier_of(session: Session, actor: Actor, allocation: FundAllocation) -> FundDossier:
    """Return what the page of an allocation shows (nine queries at most)."""
    belonging = belonging_of(session, allocation)
    label, year = (
        belonging.organisation.name,
        year_of(session, *spot_of(allocation)),
    )
    held = _held_on(session, actor, allocation)
    asked: dict[str, Any] = {
        "person_id": actor.person_id,
        "permissions": held,
        "principals_for": actor.principals_for,
    }
    facts = FundingFacts(
        label,
        allocation.state,
        allocation.source,
        allocation.planned_by_person_id,
        left_of(allocation),
        year,
        sources_of(actor, "fund.approve", belonging.organisation.province_code),
    )
    pays = sources_of(actor, "fund.pay", belonging.organisation.province_code)
    payments = []
    for payment, paid_by in session.execute(
        sa.select(Disbursement, Payer.name)
        .outerjoin(Payer, Payer.id == Disbursement.paid_by_person_id)
        .where(Disbursement.allocation_id == allocation.id)
        .order_by(Disbursement.paid_on, Disbursement.id)
    ):
        paid = DisbursementFacts(
            label, payment.state, allocation.source, payment.paid_by_person_id, year, pays
        )
        payments.append(_payment(payment, paid_by, tuple(offers(PAYMENT_LIFE, paid, **asked))))
    found = tuple(offers(LIFE, facts, **asked))
    left = left_of(allocation)
    is_unconfirmed = any(one.state == DisbursementState.PAID for one in payments)
    return FundDossier(
        belonging,
        found,
        tuple(payments),
        may_pay="fund.pay" in held
        and allocation.source in pays
        and allocation.state == AllocationState.APPROVED
        and left > 0
        and not year.is_closed,
        may_plan="fund.plan" in held,
        left_fen=left,
        received_fen=sum(one.received_fen or 0 for one in payments),
        stage=Way(allocation.state, left, allocation.disbursed_fen, is_unconfirmed).stage,
        off=tuple(reasons_off([*found, *(offer for one in payments for offer in one.offers)])),
        events=tuple(
            timeline(
                session,
                Track(LIFE, FundAllocation, FundAllocation.id == allocation.id),
                Track(
                    PAYMENT_LIFE,
                    Disbursement,
                    Disbursement.allocation_id == allocation.id,
                    about=Disbursement.voucher_number,
                    named=lambda voucher: f"凭证 {voucher}",
                ),
            )
        ),
    )


def _held_on(session: Session, actor: Actor, allocation: FundAllocation) -> frozenset[str]:
    """Return the permissions that reach an allocation (one query): its payments are reached with it."""
    names = [name for name in USED if actor.holds(name)]
    if not names:
        return frozenset()
    wanted = sa.select(
        *(
            within(FundAllocation, actor, name).label(f"of_{place}")
            for place, name in enumerate(names)
        )
    ).where(FundAllocation.id == allocation.id)
    reached = session.execute(wanted).one()
    return frozenset(name for name, is_so in zip(names, reached, strict=True) if is_so)


def _payment(payment: Disbursement, paid_by: str | None, found: tuple[Offer, ...]) -> PaymentRow:
    return PaymentRow(
        payment.public_id,
        payment.version,
        payment.amount_fen,
        payment.paid_on,
        payment.voucher_number,
        payment.received_on,
        payment.received_fen,
        payment.difference_reason,
        payment.state,
        paid_by,
        found,
    )
