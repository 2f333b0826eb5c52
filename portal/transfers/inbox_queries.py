"""The transfers that wait for somebody to confirm that they arrived."""

from __future__ import annotations

import sqlalchemy as sa

from models import FundTransfer, Organisation
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import Rows
from portal.procedures.queries import waits_for
from portal.transfers.queries import own_organisations
from portal.transfers.rules import LIFE

One = FundTransfer


def to_confirm(actor: Actor, _moment: Moment) -> Rows | None:
    waiting = waits_for(LIFE, "confirmed", One, actor)
    if waiting is None:
        return None
    return (
        sa.select(
            One.created_at.label("since"),
            Organisation.name.label("who"),
            One.paid_on.label("day"),
            One.voucher_number.label("why"),
        )
        .join(Organisation, Organisation.id == One.organisation_id)
        .where(
            waiting,
            # Whoever receives here may send elsewhere: the role alone says not on which side.
            One.receiving_organisation_id.in_(sorted(own_organisations(actor, "fund.accept"))),
        )
    )
