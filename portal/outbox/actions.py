"""Telling a person something, once, in the transaction that caused it; and putting it away."""

from __future__ import annotations

import sqlalchemy as sa

from models import Account, Job, JobItem, OutboxMessage, WorkdayDecision
from portal.deeds import Deed, operator_deed
from portal.jobs.actions import ask

DELIVER = "deliver_message"
"""The kind of job; portal/outbox/jobs.py does it."""

JOB_ENDED, DAY_RETURNED = "job_ended", "workday_returned"


def tell_of_job(deed: Deed, job: Job) -> None:
    """Tell the asker that a job has ended, well or not; the portal itself needs not be told."""
    person_id = deed.session.scalar(
        sa.select(Account.person_id).where(Account.id == job.account_id)
    )
    if person_id is not None and job.finished_at is not None:
        key = f"{JOB_ENDED}:{job.id}:{job.finished_at:%Y%m%d%H%M%S}"
        _tell(deed, OutboxMessage(kind=JOB_ENDED, key=key, person_id=person_id, job_id=job.id))


def tell_of_return(deed: Deed, workday_id: int, person_id: int) -> None:
    """Tell a person that a working day was just sent back: the last decision on it."""
    decision_id = deed.session.scalars(
        sa.select(sa.func.max(WorkdayDecision.id)).where(WorkdayDecision.workday_id == workday_id)
    ).one()
    message = OutboxMessage(
        kind=DAY_RETURNED,
        key=f"{DAY_RETURNED}:{decision_id}",
        person_id=person_id,
        workday_decision_id=decision_id,
    )
    _tell(deed, message)


def dismiss(deed: Deed, public_id: str) -> None:
    """Put a message of the actor's own away; of anybody else's nothing is touched, nor said."""
    put_away = deed.session.execute(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.public_id == public_id,
            OutboxMessage.person_id == deed.actor.person_id,
            OutboxMessage.dismissed_at.is_(None),
        )
        .values(dismissed_at=deed.now)
        .execution_options(synchronize_session=False)
    )
    if put_away.rowcount:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        deed.record("message.dismissed", f"message:{public_id}")


def _tell(deed: Deed, message: OutboxMessage) -> None:
    session = deed.session
    known = sa.exists().where(OutboxMessage.key == message.key)
    if session.scalar(sa.select(known)):
        return
    # In the name of the portal: whoever caused a message has no part in its delivery.
    delivery = operator_deed(session, deed.now)
    job = ask(delivery, DELIVER, key=f"{DELIVER}:{message.key}", title="送达消息")
    message.item_id = session.scalars(sa.select(JobItem.id).where(JobItem.job_id == job.id)).one()
    message.caused_at = deed.now
    session.add(message)
    session.flush()
