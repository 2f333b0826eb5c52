"""What of the money waits for somebody: to be approved, paid, confirmed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Disbursement, FundAllocation, Organisation
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import Rows, Waiting
from portal.clock import date_of
from portal.doors import Counts, how_many
from portal.funding.allocation_rules import LIFE
from portal.funding.ground_queries import StandingsAsked
from portal.funding.overview_queries import count_unplanned
from portal.funding.payment_queries import to_pay
from portal.funding.payment_rules import PAYMENT_LIFE
from portal.funding.queries import sources_of
from portal.funding.rules import PARTS
from portal.funding.stage_rules import Lack
from portal.funding.standing_rules import TITLES
from portal.procedures.queries import waits_for
from portal.programme.queries import current_year, list_years

One = FundAllocation


def unplanned(session: Session, actor: Actor, now: datetime) -> Waiting | None:
    """Say for how many organisations less is planned than is due, of the part that is the actor's.

    One line with a count: whoever has not been approved, paid or confirmed stands in lines of its own.
    """
    year = current_year(session, date_of(now))
    if year not in list_years(session):
        return None
    count = count_unplanned(session, actor, StandingsAsked(year))
    if not count:
        return None
    parts = "、".join(
        TITLES[part] for part, some in PARTS.items() if some & sources_of(actor, "fund.plan")
    )
    return Waiting(
        "资金未足额编制的援派机构",
        count,
        "funding.show_funds",
        "去编制",
        f"{year} 年度{parts}",
        {"year": str(year), "want": Lack.UNPLANNED.value},
    )


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
