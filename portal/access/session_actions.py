"""Signing in and out: opening a session, and everything that ends one."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, WebSession
from portal.access.attempt_actions import device_hash
from portal.access.queries import token_hash
from portal.deeds import Deed


def start_session(deed: Deed, account: Account, address: str, device: str = "") -> str:
    """Open a session and return its token, which only the browser keeps.

    ``device`` is the mark that the browser keeps beyond the session.
    """
    token = secrets.token_urlsafe(32)
    account.last_signed_in_at = deed.now
    deed.session.add(
        WebSession(
            token_hash=token_hash(token),
            account_id=account.id,
            epoch=account.epoch,
            signed_in_at=deed.now,
            last_seen_at=deed.now,
            address=address[:60],
            device=device_hash(device),
        )
    )
    deed.session.flush()
    deed.record("session.started", f"account:{account.public_id}", address=address)
    return token


def end_session(deed: Deed, session_id: int) -> None:
    """Sign out."""
    deed.session.execute(
        sa.update(WebSession)
        .where(WebSession.id == session_id, WebSession.ended_at.is_(None))
        .values(ended_at=deed.now)
    )
    deed.record("session.ended", f"session:{session_id}")


def end_sessions(deed: Deed, account: Account, session_id: int | None = None) -> int:
    """Sign an account out everywhere, or out of one session; return how many ended."""
    wanted = sa.update(WebSession).where(
        WebSession.account_id == account.id, WebSession.ended_at.is_(None)
    )
    if session_id is not None:
        wanted = wanted.where(WebSession.id == session_id)
    ended = deed.session.connection().execute(wanted.values(ended_at=deed.now)).rowcount
    deed.record("session.cut_off", f"account:{account.public_id}", count=ended)
    return ended


def touch_session(session: Session, session_id: int, now: datetime) -> None:
    """Note that a session is in use (its own short transaction, at most once a minute)."""
    session.execute(
        sa.update(WebSession).where(WebSession.id == session_id).values(last_seen_at=now)
    )
