"""Delivering a message: shown from then on, if what it says still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import OutboxMessage
from portal.deeds import Deed
from portal.jobs.kind import ItemAtWork, Kind
from portal.outbox.actions import DELIVER
from portal.outbox.queries import still_holds
from portal.outbox.rules import KEEP_MESSAGES


def deliver(deed: Deed, task: ItemAtWork, _prepared: Any) -> None:
    """Deliver the message of this item; one that does not hold any more never is."""
    deed.session.execute(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.item_id == task.item_id,
            OutboxMessage.delivered_at.is_(None),
            still_holds(),
        )
        .values(delivered_at=deed.now)
        .execution_options(synchronize_session=False)
    )


def drop_old_messages(deed: Deed, _var: Path) -> None:
    """Forget what was told a month ago."""
    old = OutboxMessage.caused_at < deed.now - KEEP_MESSAGES
    deed.session.execute(sa.delete(OutboxMessage).where(old))


DELIVERY = Kind(DELIVER, "送达消息", deliver, is_quiet=True)
