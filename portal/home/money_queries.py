"""What a manager's first page says of the money of the own organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.funding.entitlement_rules import ShortOf, shortages
from portal.funding.queries import standing_of
from portal.ledger.rules import Money


class OwnMoney(NamedTuple):
    """The money of an organisation in a year, and what is short of what is due."""

    credit_code: str
    money: Money
    short: Sequence[ShortOf]


def own_money(session: Session, actor: Actor, year: int) -> OwnMoney | None:
    """Return it for whoever manages one organisation; nothing where nothing is due or booked."""
    own = {
        (grant.organisation_id, grant.scope_code)
        for reach, grant in actor.reaches("fund.read")
        if reach == Reach.ORGANISATION and grant.organisation_id is not None
    }
    if len(own) != 1:
        return None
    ((organisation_id, code),) = own
    due, money = standing_of(session, organisation_id, year)
    if not any(due) and not any(money):
        return None
    return OwnMoney(code, money, shortages(due, money))
