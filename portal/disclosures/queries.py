"""How much somebody was shown in clear."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, AuditEvent, Person
from portal.access.actor import Actor


def reveals_since(session: Session, actor: Actor, since: datetime) -> list[datetime]:
    """Return when a person was shown values in clear, over all accounts, in order.

    Locks the person's row until the end of the transaction: of several reveals at the same time
    each counts those before it. (SQLite lets only one transaction write.)
    """
    session.execute(sa.select(Person.id).where(Person.id == actor.person_id).with_for_update())
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
