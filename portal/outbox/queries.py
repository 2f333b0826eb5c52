"""The messages of a person that were delivered, were not put away and still hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Job, JobItem, JobResult, OutboxMessage, Workday, WorkdayDecision
from models.types import ItemState, WorkdayState
from portal.access.actor import Actor
from portal.jobs.rules import KEEP_RESULTS
from portal.outbox.rules import SHOWN_MESSAGES, words_of_job, words_of_return


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A message as the first page shows it; its one link leads to ``endpoint`` with ``values``."""

    public_id: str
    caused_at: datetime
    words: str
    endpoint: str
    values: dict[str, str]
    action_label: str


def still_holds() -> sa.ColumnElement[bool]:
    """Return the condition under which a message is still true.

    Of a job: it has ended, and was not cancelled. Of a returned day: it is returned, and by this
    very decision.
    """
    # By names of their own: whoever asks may have the same tables in the query.
    job, day = aliased(Job), aliased(Workday)
    decision, later = aliased(WorkdayDecision), aliased(WorkdayDecision)
    ended = sa.exists().where(
        job.id == OutboxMessage.job_id, job.finished_at.is_not(None), job.cancelled_at.is_(None)
    )
    overtaken = sa.exists().where(later.workday_id == day.id, later.id > decision.id)
    returned = sa.exists().where(
        decision.id == OutboxMessage.workday_decision_id,
        day.id == decision.workday_id,
        day.state == WorkdayState.RETURNED,
        ~overtaken,
    )
    return sa.or_(ended, returned)


def list_messages(session: Session, actor: Actor) -> list[InboxLine]:
    """Return the latest messages of a person, newest first: one query."""
    problem = (
        sa.select(sa.func.min(JobItem.problem))
        .where(JobItem.job_id == OutboxMessage.job_id, JobItem.state == ItemState.DEAD)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            OutboxMessage.public_id,
            OutboxMessage.caused_at,
            Job.public_id.label("job"),
            Job.title,
            JobResult.rows,
            problem.label("problem"),
            Workday.id.label("workday_id"),
            Workday.worked_on,
            WorkdayDecision.reason,
        )
        .outerjoin(Job, Job.id == OutboxMessage.job_id)
        .outerjoin(JobResult, JobResult.job_id == OutboxMessage.job_id)
        .outerjoin(WorkdayDecision, WorkdayDecision.id == OutboxMessage.workday_decision_id)
        .outerjoin(Workday, Workday.id == WorkdayDecision.workday_id)
        .where(
            OutboxMessage.person_id == actor.person_id,
            OutboxMessage.delivered_at.is_not(None),
            OutboxMessage.dismissed_at.is_(None),
            still_holds(),
        )
        .order_by(OutboxMessage.id.desc())
        .limit(SHOWN_MESSAGES)
    )
    return [_row(row) for row in rows]


def _row(row: sa.Row[*tuple[object, ...]]) -> InboxLine:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name
    if found["job"] is not None:
        words = words_of_job(
            found["title"],
            rows=found["rows"],
            problem=found["problem"],
            keep_days=KEEP_RESULTS.days,
        )
        endpoint, values, label = "jobs.show_job", {"job_id": found["job"]}, "查看"
    else:
        words = words_of_return(found["worked_on"], found["reason"])
        endpoint, label = "workdays.show_workday", "查看日志"
        values = {"workday_id": str(found["workday_id"])}
    return InboxLine(found["public_id"], found["caused_at"], words, endpoint, values, label)
