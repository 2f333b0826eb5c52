"""Telling a person something, once, in the transaction that caused it; and putting it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from models import Account, Job, JobItem, OutboxMessage, RoleGrantDecision, WorkdayDecision
from portal.deeds import Deed, operator_deed
from portal.jobs.actions import ask
from portal.outbox.rules import DISPUTE_SETTLED, JOB_ENDED, ROLE_LENT

DELIVER = "deliver_message"
"""The kind of job; portal/outbox/jobs.py does it."""


def tell_of_job(deed: Deed, job: Job) -> None:
    """Tell the asker that a job has ended, well or not; the portal itself needs not be told."""
    person_id = deed.session.scalar(
        sa.select(Account.person_id).where(Account.id == job.account_id)
    )
    if person_id is not None and job.finished_at is not None:
        key = f"{JOB_ENDED}:{job.id}:{job.finished_at:%Y%m%d%H%M%S}"
        _tell(deed, OutboxMessage(kind=JOB_ENDED, key=key, person_id=person_id, job_id=job.id))


def tell_of_dispute(deed: Deed, workday_id: int, persons: Iterable[int]) -> None:
    """Tell some people what the county made of a dispute: the last decision on the day."""
    rows = WorkdayDecision
    decision = deed.session.scalar(
        sa.select(sa.func.max(rows.id)).where(rows.workday_id == workday_id)
    )
    _tell_each(deed, DISPUTE_SETTLED, {"workday_decision_id": decision}, persons)


def tell_of_deputy(deed: Deed, grant_id: int, persons: Iterable[int | None]) -> None:
    """Tell some people that a role was lent, or that this has ended: the last decision on the grant."""
    rows = RoleGrantDecision
    decision = deed.session.scalar(
        sa.select(sa.func.max(rows.id)).where(rows.role_grant_id == grant_id)
    )
    others = [one for one in persons if one != deed.actor.person_id]
    _tell_each(deed, ROLE_LENT, {"role_grant_decision_id": decision}, others)


def _tell_each(
    deed: Deed, kind: str, what: Mapping[str, int | None], persons: Iterable[int | None]
) -> None:
    (number,) = what.values()
    for person in sorted({one for one in persons if one is not None}):
        key = f"{kind}:{number}:{person}"
        _tell(deed, OutboxMessage(kind=kind, key=key, person_id=person, **what))


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
    message.item_id = _ask_for(deed, message.key)
    message.caused_at = deed.now
    session.add(message)
    session.flush()


def _ask_for(deed: Deed, key: str) -> int:
    """Ask for the delivery of a message; return the item that delivers it.

    In the name of the portal: whoever caused a message has no part in its delivery.
    """
    delivery = operator_deed(deed.session, deed.now)
    job = ask(delivery, DELIVER, key=f"{DELIVER}:{key}", title="送达消息")
    return deed.session.scalars(sa.select(JobItem.id).where(JobItem.job_id == job.id)).one()
