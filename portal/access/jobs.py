"""What happens to sign-ins by night."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from models import WebSession
from portal.access.attempt_actions import forget_addresses
from portal.access.queries import LONGEST
from portal.deeds import Deed

KEEP_SESSIONS = timedelta(days=190)
"""Traces of sign-ins are kept at least six months (网络安全法第二十一条)."""


def end_stale_sessions(deed: Deed, _var: Path) -> None:
    """Mark sessions older than 12 hours as ended; drop what is older than 190 days."""
    deed.session.execute(
        sa.update(WebSession)
        .where(WebSession.ended_at.is_(None), WebSession.signed_in_at < deed.now - LONGEST)
        .values(ended_at=deed.now)
    )
    deed.session.execute(
        sa.delete(WebSession).where(WebSession.signed_in_at < deed.now - KEEP_SESSIONS)
    )


def forget_sign_in_addresses(deed: Deed, _var: Path) -> None:
    """Forget from where sign-ins failed, once it limits nobody any more."""
    forget_addresses(deed.session, deed.now)
