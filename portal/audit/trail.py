"""Writing and checking the chain of audit rows.

Each row's seal is an HMAC over its own content and the seal before it. Whoever changes, removes
or swaps a row breaks every seal from there on, and without the key cannot mend them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import AuditEvent, AuditHead
from models.database import run

AUDIT_KEY = "audit_key"
"""Under this name a session carries the sealing key (``session.info``)."""

FIRST_SEAL = bytes(32)

_HEADS = cast("sa.Table", AuditHead.__table__)
_READ_HEAD = sa.select(_HEADS.c.last_event_id, _HEADS.c.seal).where(_HEADS.c.id == 1)
_LOCK_HEAD = _READ_HEAD.with_for_update()
_LAY_HEAD = sa.insert(_HEADS).values(id=1, last_event_id=0, seal=FIRST_SEAL)
_ADD_EVENT = sa.insert(cast("sa.Table", AuditEvent.__table__))


def record(
    session: Session,
    *,
    at: datetime,
    account_id: int | None,
    actor: str,
    event: str,
    subject: str,
    facts: dict[str, Any],
) -> None:
    """Add one row to the chain. Facts name people by id, never by number or phone.

    The head follows by itself (models/triggers.py).
    """
    head = run(session, _LOCK_HEAD).one_or_none()
    if head is None:
        run(session, _LAY_HEAD)
        last_id, last_seal = 0, FIRST_SEAL
    else:
        last_id, last_seal = head
    row = {
        "id": last_id + 1,
        "at": at,
        "account_id": account_id,
        "actor": actor,
        "event": event,
        "subject": subject,
        "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str),
    }
    seal = _seal(session.info[AUDIT_KEY], last_seal, row)
    run(session, _ADD_EVENT, {**row, "seal": seal})


def last_number(session: Session) -> int:
    """Return the number of the last row: within a deed's transaction, its own event."""
    return int(session.execute(_READ_HEAD).one().last_event_id)


def first_fault(session: Session) -> str | None:
    """Return a Chinese sentence naming the first bad row of the chain, or None."""
    key = session.info[AUDIT_KEY]
    last_id, last_seal = 0, FIRST_SEAL
    with session.execute(
        sa.select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)
    ) as events:
        for event in events.scalars():
            row = {
                column: getattr(event, column)
                for column in ("id", "at", "account_id", "actor", "event", "subject", "facts")
            }
            if event.id != last_id + 1:
                return f"审计链在第 {last_id + 1} 条处缺失（下一条为第 {event.id} 条）。"
            if not hmac.compare_digest(_seal(key, last_seal, row), event.seal):
                return f"审计链第 {event.id} 条（{event.event}）与封印不符，内容被改动。"
            last_id, last_seal = event.id, event.seal
    head = run(session, _READ_HEAD).one_or_none()
    if head is None:
        return None if last_id == 0 else "审计链首记录缺失。"
    if (head.last_event_id, head.seal) != (last_id, last_seal):
        return f"审计链末尾应为第 {head.last_event_id} 条，实际止于第 {last_id} 条。"
    return None


def _seal(key: bytes, previous: bytes, row: dict[str, Any]) -> bytes:
    content = json.dumps(
        {**row, "at": row["at"].astimezone(UTC).isoformat()}, ensure_ascii=False, sort_keys=True
    ).encode()
    return hmac.digest(key, previous + content, hashlib.sha256)
