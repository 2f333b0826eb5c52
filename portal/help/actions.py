"""The one thing that help writes: that somebody has seen the tour."""

from __future__ import annotations

from models import Account
from portal.deeds import Deed


def dismiss_tour(deed: Deed) -> None:
    """Do not show the tour to this account again; a second time changes nothing."""
    assert deed.actor.account_id is not None  # the operator of the server sees no pages
    account = deed.session.get_one(Account, deed.actor.account_id)
    if account.toured_at is not None:
        return
    account.toured_at = deed.now
    deed.session.flush()
    deed.record("tour.dismissed", f"account:{account.public_id}")
