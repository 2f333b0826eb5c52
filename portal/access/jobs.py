"""What happens to sign-ins by night."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from models import WebSession
from models.database import Database
from portal.access.attempt_actions import forget_addresses
from portal.access.queries import LONGEST
from portal.clock import Now

KEEP_SESSIONS = timedelta(days=190)
"""Traces of sign-ins are kept at least six months (网络安全法第二十一条)."""


def end_stale_sessions(database: Database, now: Now) -> None:
    """Mark sessions older than 12 hours as ended; drop what is older than 190 days."""
    instant = now()
    with database.writing() as session:
        session.execute(
            sa.update(WebSession)
            .where(WebSession.ended_at.is_(None), WebSession.signed_in_at < instant - LONGEST)
            .values(ended_at=instant)
        )
        session.execute(
            sa.delete(WebSession).where(WebSession.signed_in_at < instant - KEEP_SESSIONS)
        )


def forget_sign_in_addresses(database: Database, now: Now) -> None:
    """Forget from where sign-ins failed, once it limits nobody any more."""
    with database.writing() as session:
        forget_addresses(session, now())
