"""Asking for a new password without being signed in, and what becomes of the request.

Whether a login is known the answer does not say: the same statements run either way.
"""

from __future__ import annotations

import sqlalchemy as sa

from models import Account, PasswordRequest
from portal.access.attempt_actions import network_of
from portal.deeds import Deed
from portal.refusals import Conflict, Refusal

SETTLED = Refusal("", "wrong_state", "该账号没有待办理的重置请求，可能已由他人办理。请刷新页面。")


def ask_for_password(deed: Deed, login: str, address: str) -> None:
    """Note that whoever holds a login asks for a new password, once while it waits."""
    session = deed.session
    account = sa.select(Account).where(Account.login == login, Account.is_disabled.is_(False))
    waits = sa.exists().where(
        PasswordRequest.account_id == Account.id, PasswordRequest.settled_at.is_(None)
    )
    session.execute(
        sa.insert(PasswordRequest).from_select(
            ["account_id", "asked_at"],
            account.with_only_columns(
                Account.id, sa.literal(deed.now, PasswordRequest.asked_at.type)
            ).where(sa.not_(waits)),
        )
    )
    found = session.scalar(account)
    subject = f"account:{found.public_id}" if found else f"address:{network_of(address)}"
    deed.record("account.password_asked", subject, address=address)


def dismiss_request(deed: Deed, account: Account) -> None:
    """Leave a request without a new password: whoever asked is not the holder, or needs none."""
    if not settle_request(deed, account.id):
        raise Conflict([SETTLED])
    deed.record("account.password_request_dismissed", f"account:{account.public_id}")


def settle_request(deed: Deed, account_id: int) -> bool:
    """Note that nothing waits any more of an account; return whether anything did."""
    settled = deed.session.execute(
        sa.update(PasswordRequest)
        .where(PasswordRequest.account_id == account_id, PasswordRequest.settled_at.is_(None))
        .values(settled_at=deed.now)
        .execution_options(synchronize_session=False)
    )
    return bool(settled.rowcount)  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
