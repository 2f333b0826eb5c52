"""The conditional updates of a worker, on the clock of the database.

An item is claimed by pushing on the instant from which it may be claimed. Nothing decides by the
clock of a process, so no two need the same one; and what fails or dies with its worker is pushed on
already and cannot be claimed in a circle.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Job, JobItem, JobWorker
from models.types import ItemState
from portal.jobs.queries import database_now, first_due, is_open
from portal.jobs.rules import LostClaim


class Claim(NamedTuple):
    """The right to do an item. ``token`` is worth something as long as no higher one is given."""

    item_id: int
    job_id: int
    part: str
    token: int
    attempts: int


def claim(session: Session, kinds: Collection[str], lease_seconds: float) -> Claim | None:
    """Take the item that is due longest, of one of the kinds; None if nothing is due."""
    now = database_now(session)
    row = session.execute(
        sa.update(JobItem)
        .where(JobItem.id == first_due(session, kinds).scalar_subquery(), JobItem.due <= now)
        .values(
            state=ItemState.RUNNING,
            token=JobItem.token + 1,
            attempts=JobItem.attempts + 1,
            due=now + lease_seconds,
            steps_done=0,
            steps=0,
        )
        .returning(JobItem.id, JobItem.job_id, JobItem.part, JobItem.token, JobItem.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim._make(row) if row else None


def renew(session: Session, held: Claim, lease_seconds: float, steps: tuple[int, int]) -> bool:
    """Hold a claim for another lease, and note how far the item is; False if it is lost."""
    return _change(
        session,
        held,
        due=database_now(session) + lease_seconds,
        steps_done=steps[0],
        steps=steps[1],
    )


def finish(session: Session, held: Claim) -> None:
    """Note that an item is done: the last statement of its transaction, or :class:`LostClaim`.

    The row of the job is held until the commit, so that cancelling comes before it or after it.
    """
    unfinished = sa.select(Job.id).where(Job.id == held.job_id, Job.finished_at.is_(None))
    is_wanted = session.scalar(unfinished.with_for_update(read=True)) is not None
    if not is_wanted or not _change(session, held, state=ItemState.DONE, problem=None):
        raise LostClaim


def put_off(session: Session, held: Claim, problem: str, wait_seconds: float) -> bool:
    """Give a failed item back, to be claimed after a wait; False if the claim is lost."""
    due = database_now(session) + wait_seconds
    return _change(session, held, state=ItemState.WAITING, problem=problem, due=due)


def give_up(session: Session, held: Claim, problem: str) -> bool:
    """Let an item be dead, and say why; False if the claim is lost."""
    return _change(session, held, state=ItemState.DEAD, problem=problem)


def close(session: Session, job_id: int, now: datetime) -> Job | None:
    """Note the end of a job that has no open item; return it if it ended by this."""
    closed = session.execute(
        sa.update(Job)
        .where(
            Job.id == job_id,
            Job.finished_at.is_(None),
            ~sa.exists().where(JobItem.job_id == job_id, is_open()),
        )
        .values(finished_at=now)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        return None
    return session.get_one(Job, job_id, populate_existing=True)


def drop_cancelled(session: Session) -> None:
    """Leave no open item of a job that was cancelled."""
    finished = sa.select(Job.id).where(Job.cancelled_at.is_not(None))
    session.execute(
        sa.update(JobItem)
        .where(is_open(), JobItem.job_id.in_(finished))
        .values(state=ItemState.CANCELLED)
        .execution_options(synchronize_session=False)
    )


def note_alive(session: Session, name: str) -> None:
    """Note that a worker is there."""
    now = database_now(session)
    seen = sa.update(JobWorker).where(JobWorker.name == name).values(seen=now)
    if not session.execute(seen).rowcount:  # type: ignore[attr-defined] # a CursorResult
        session.execute(sa.insert(JobWorker).values(name=name, seen=now))


def note_gone(session: Session, name: str) -> None:
    """Note that a worker has stopped."""
    session.execute(sa.delete(JobWorker).where(JobWorker.name == name))


def _change(session: Session, held: Claim, **values: Any) -> bool:
    """Change an item as long as the claim holds."""
    changed = session.execute(
        sa.update(JobItem)
        .where(
            JobItem.id == held.item_id,
            JobItem.token == held.token,
            JobItem.state == ItemState.RUNNING,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    count: int = changed.rowcount  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
    return count == 1
