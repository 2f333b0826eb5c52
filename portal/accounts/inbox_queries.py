"""What waits for the security administrator."""

from __future__ import annotations

import sqlalchemy as sa

from models import Account, PasswordRequest, RoleGrant
from models.database import Moment
from portal.access.actor import Actor
from portal.accounts.grant_queries import to_confirm
from portal.causes import NO_DAY, NO_WORDS, Rows


def waiting_grants(actor: Actor, _moment: Moment) -> Rows | None:
    waiting = to_confirm(actor)
    if waiting is None:
        return None
    return (
        sa.select(
            RoleGrant.proposed_at.label("since"),
            Account.login.label("who"),
            NO_DAY.label("day"),
            sa.cast(RoleGrant.role, sa.Text).label("why"),
        )
        .join(Account, Account.id == RoleGrant.account_id)
        .where(waiting)
    )


def asked_passwords(_actor: Actor, _moment: Moment) -> Rows:
    return (
        sa.select(
            PasswordRequest.asked_at.label("since"),
            Account.login.label("who"),
            NO_DAY.label("day"),
            NO_WORDS.label("why"),
        )
        .join(Account, Account.id == PasswordRequest.account_id)
        .where(PasswordRequest.settled_at.is_(None))
    )


def locked_accounts(_actor: Actor, moment: Moment) -> Rows:
    return sa.select(
        Account.locked_until.label("since"),
        Account.login.label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(Account.locked_until > moment.ago())
