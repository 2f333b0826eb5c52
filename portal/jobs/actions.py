"""Asking for a job, cancelling it, trying its dead items again: in the transaction of a deed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from models import Job, JobItem
from models.types import ItemState
from portal.deeds import Deed
from portal.jobs import rules
from portal.jobs.queries import count_asked, database_now, find_by_key, find_in_slot
from portal.refusals import Conflict, Refused, refuse_if

_ITEMS = cast("sa.Table", JobItem.__table__)


def ask(
    deed: Deed,
    kind: str,
    *,
    key: str,
    title: str,
    asked: Mapping[str, Any] | None = None,
    parts: Sequence[str] = ("",),
    slot: str | None = None,
    at: datetime | None = None,
) -> Job:
    """Ask for a job with these parts, in the name of the actor; the same key is the same job.

    With ``at`` no item is begun before that instant. Raise :class:`Refused` while another job
    holds the slot, or where the person has asked for too many. Of two that ask in the same instant, the database refuses one.
    """
    session = deed.session
    known = find_by_key(session, key)
    if known is not None:
        return known
    holder = find_in_slot(session, slot) if slot else None
    if holder is not None:
        raise Refused([rules.slot_is_held(holder.title)])
    if deed.actor.person_id is not None:
        asked_for = count_asked(session, deed.actor, deed.now - rules.DAY)
        refuse_if(rules.refusals_for_asking(**asked_for._asdict()))
    job = Job(
        kind=kind,
        key=key,
        slot=slot,
        account_id=deed.actor.account_id,
        title=title,
        asked=json.dumps(dict(asked or {}), ensure_ascii=False),
        asked_at=deed.now,
    )
    session.add(job)
    session.flush()
    due: Any = database_now(session) if at is None else sa.literal(at.timestamp(), sa.Double)
    due = session.scalar(sa.select(due))
    session.execute(
        sa.insert(_ITEMS),
        [
            {
                "job_id": job.id,
                "number": number,
                "part": part,
                "state": ItemState.WAITING,
                "due": due,
                "token": 0,
                "attempts": 0,
                "steps_done": 0,
                "steps": 0,
            }
            for number, part in enumerate(parts, start=1)
        ],
    )
    return job


def cancel(deed: Deed, job: Job) -> None:
    """Stop a job that is not finished: what is done stays, what is being done is not committed."""
    # Before the row is locked: an item locks the head of the trail first, too (its own record).
    deed.record("job.cancelled", f"job:{job.public_id}", kind=job.kind)
    stopped = deed.session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.finished_at.is_(None))
        .values(finished_at=deed.now, cancelled_at=deed.now)
        .execution_options(synchronize_session=False)
    )
    if stopped.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        raise Conflict([rules.FINISHED])


def retry(deed: Deed, job: Job) -> int:
    """Have the dead items of a job tried again, in the name of its asker; return how many."""
    deed.record("job.retried", f"job:{job.public_id}", kind=job.kind)
    holder = find_in_slot(deed.session, job.slot) if job.slot else None
    if holder is not None and holder.id != job.id:
        raise Refused([rules.slot_is_held(holder.title)])
    opened = deed.session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.cancelled_at.is_(None))
        .values(finished_at=None)
        .execution_options(synchronize_session=False)
    )
    revived = deed.session.execute(
        sa.update(JobItem)
        .where(JobItem.job_id == job.id, JobItem.state == ItemState.DEAD)
        .values(state=ItemState.WAITING, attempts=0, problem=None, due=database_now(deed.session))
        .execution_options(synchronize_session=False)
    )
    count: int = revived.rowcount  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
    if not opened.rowcount or not count:  # type: ignore[attr-defined] # the same
        raise Conflict([rules.NOT_DEAD])
    return count
