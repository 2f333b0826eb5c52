"""Delivering a message: shown from then on, if what it says still holds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models import Message
from portal.deeds import Deed
from portal.jobs.kind import Kind, Task
from portal.outbox.actions import DELIVER
from portal.outbox.queries import still_holds
from portal.outbox.rules import KEEP_MESSAGES


def deliver(deed: Deed, task: Task, _prepared: Any) -> None:
    """Deliver the message of this item; one that does not hold any more never is."""
    deed.session.execute(
        sa.update(Message)
        .where(Message.item_id == task.item_id, Message.delivered_at.is_(None), still_holds())
        .values(delivered_at=deed.now)
        .execution_options(synchronize_session=False)
    )


def drop_old_messages(deed: Deed, _task: Task) -> None:
    """Forget what was told a month ago."""
    old = Message.caused_at < deed.now - KEEP_MESSAGES
    deed.session.execute(sa.delete(Message).where(old))


DELIVERY = Kind(DELIVER, "送达消息", deliver, is_quiet=True)
