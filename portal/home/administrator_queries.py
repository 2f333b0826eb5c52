"""What the three administrators look after: accounts, jobs, the trail. No business."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, AuditEvent, AuditHead, WebSession
from portal.access.queries import IDLE

RECENT = timedelta(days=30)
CHECKED = "audit.checked"


class AccountsStanding(NamedTuple):
    """How many accounts there are, by what matters to whoever looks after them."""

    open: int
    disabled: int
    with_first_password: int
    recently_used: int
    signed_in: int


class TrailStanding(NamedTuple):
    """How long the trail is, when it was last written, and when somebody last checked it."""

    events: int
    last_at: datetime | None
    checked_at: datetime | None
    checked_facts: str | None

    @property
    def was_intact(self) -> bool:
        """Did the last check find every seal in order? Its facts then name no fault."""
        return self.checked_facts is not None and '"fault": null' in self.checked_facts


def accounts_standing(session: Session, now: datetime) -> AccountsStanding:
    """Count the accounts and the open sign-ins (one query)."""
    is_open = Account.is_disabled.is_(False)
    in_use = (
        sa.select(sa.func.count(sa.distinct(WebSession.account_id)))
        .where(WebSession.ended_at.is_(None), WebSession.last_seen_at > now - IDLE)
        .scalar_subquery()
    )
    row = session.execute(
        sa.select(
            _how_many(is_open),
            _how_many(Account.is_disabled.is_(True)),
            _how_many(is_open & Account.must_change_password),
            _how_many(is_open & (Account.last_signed_in_at > now - RECENT)),
            in_use,
        ).select_from(Account)
    ).one()
    return AccountsStanding._make(row)


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def trail_standing(session: Session) -> TrailStanding:
    """Return how the trail stands, without reading it: its head and its last check (two queries)."""
    head = session.execute(
        sa.select(AuditHead.last_event_id, AuditEvent.at).outerjoin(
            AuditEvent, AuditEvent.id == AuditHead.last_event_id
        )
    ).one_or_none()
    checked = session.execute(
        sa.select(AuditEvent.at, AuditEvent.facts)
        .where(AuditEvent.event == CHECKED)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return TrailStanding(*(head or (0, None)), *(checked or (None, None)))
