"""How much somebody was shown in clear."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, AuditEvent
from portal.access.actor import Actor
from portal.access.queries import hold_person


def reveals_since(session: Session, actor: Actor, since: datetime) -> list[datetime]:
    """Return when a person was shown values in clear, over all accounts, in order."""
    hold_person(session, actor.person_id)
    return list(
        session.scalars(
            sa.select(AuditEvent.at)
            .join(Account, Account.id == AuditEvent.account_id)
            .where(
                Account.person_id == actor.person_id,
                AuditEvent.at > since,
                AuditEvent.event.endswith("_revealed"),
            )
            .order_by(AuditEvent.at)
        )
    )
