"""What of the money waits for somebody: to be approved, paid, confirmed."""

from __future__ import annotations

import sqlalchemy as sa

from models import Disbursement, FundAllocation, Organisation
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import Rows
from portal.doors import Counts, how_many
from portal.funding.allocation_rules import LIFE
from portal.funding.payment_queries import to_pay
from portal.funding.payment_rules import PAYMENT_LIFE
from portal.funding.queries import sources_of
from portal.procedures.queries import waits_for

One = FundAllocation


def to_approve(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of what waits for an actor's approval: of the own sources, not planned by
    the actor; None without the permission."""
    waiting = waits_for(LIFE, "approved", One, actor)
    return None if waiting is None else waiting & One.source.in_(sources_of(actor, "fund.approve"))


def to_confirm(actor: Actor) -> sa.ColumnElement[bool] | None:
    return waits_for(PAYMENT_LIFE, "received", Disbursement, actor)


def counts_of_funds(actor: Actor, _moment: Moment) -> Counts:
    """Count what waits behind the door: to be approved, to be confirmed."""
    return [
        how_many(sa.select(key).where(waiting))
        for key, waiting in ((One.id, to_approve(actor)), (Disbursement.id, to_confirm(actor)))
        if waiting is not None
    ]


def approvals(actor: Actor, _moment: Moment) -> Rows | None:
    waiting = to_approve(actor)
    return None if waiting is None else _of_allocations(waiting)


def payments(actor: Actor, _moment: Moment) -> Rows | None:
    return _of_allocations(to_pay(actor)) if actor.reaches("fund.pay") else None


def _of_allocations(waiting: sa.ColumnElement[bool]) -> Rows:
    return (
        sa.select(
            One.created_at.label("since"),
            Organisation.name.label("who"),
            sa.cast(sa.null(), sa.Date).label("day"),
            One.payer.label("why"),
        )
        .join(Organisation, Organisation.id == One.organisation_id)
        .where(waiting)
    )


def receipts(actor: Actor, _moment: Moment) -> Rows | None:
    waiting = to_confirm(actor)
    if waiting is None:
        return None
    return (
        sa.select(
            Disbursement.created_at.label("since"),
            One.payer.label("who"),
            Disbursement.paid_on.label("day"),
            Disbursement.voucher_number.label("why"),
        )
        .join(One, One.id == Disbursement.allocation_id)
        .where(waiting)
    )
