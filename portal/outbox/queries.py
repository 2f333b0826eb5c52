"""The messages of a person that were delivered, were not put away and still hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Job,
    JobItem,
    JobResult,
    Organisation,
    OutboxMessage,
    Person,
    Region,
    RoleGrant,
    RoleGrantDecision,
    Workday,
    WorkdayDecision,
)
from models.types import GrantState, ItemState
from portal.access.actor import Actor
from portal.jobs.rules import KEEP_RESULTS
from portal.outbox.rules import (
    DISPUTE_SETTLED,
    ROLE_LENT,
    SHOWN_MESSAGES,
    words_of_deputy,
    words_of_dispute,
    words_of_job,
)


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

    Of a job: it has ended, and was not cancelled. Of a dispute: the county has not thought better
    of it, and it was not raised anew. Of a role: it is still lent, or no longer.
    """
    # By names of their own: whoever asks may have the same tables in the query.
    job, day = aliased(Job), aliased(Workday)
    decision, later = aliased(WorkdayDecision), aliased(WorkdayDecision)
    ended = sa.exists().where(
        job.id == OutboxMessage.job_id, job.finished_at.is_not(None), job.cancelled_at.is_(None)
    )
    anew = sa.exists().where(
        later.workday_id == day.id,
        later.id > decision.id,
        later.kind.in_(("disputed", "dispute_upheld_undone")),
    )
    settled = sa.exists().where(
        OutboxMessage.kind == DISPUTE_SETTLED,
        decision.id == OutboxMessage.workday_decision_id,
        day.id == decision.workday_id,
        ~anew,
    )
    said, grant = aliased(RoleGrantDecision), aliased(RoleGrant)
    lent = sa.exists().where(
        said.id == OutboxMessage.role_grant_decision_id,
        grant.id == said.role_grant_id,
        grant.state == said.state_after,
    )
    return sa.or_(ended, settled, lent)


def list_messages(session: Session, actor: Actor) -> list[InboxLine]:
    """Return the latest messages of a person, newest first: one query."""
    problem = (
        sa.select(sa.func.min(JobItem.problem))
        .where(JobItem.job_id == OutboxMessage.job_id, JobItem.state == ItemState.DEAD)
        .scalar_subquery()
    )
    said = aliased(WorkdayDecision)
    raised = sa.exists().where(
        said.workday_id == Workday.id,
        said.kind == "disputed",
        said.person_id == actor.person_id,
    )
    worker, principal, deputy = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(
            OutboxMessage.public_id,
            OutboxMessage.caused_at,
            Job.public_id.label("job"),
            Job.title,
            JobResult.rows,
            problem.label("problem"),
            OutboxMessage.kind,
            Workday.id.label("workday_id"),
            Workday.worked_on,
            raised.label("is_of_the_other_side"),
            WorkdayDecision.reason,
            WorkdayDecision.kind.label("verdict"),
            worker.name.label("worker"),
            RoleGrant.role,
            RoleGrant.starts_on,
            RoleGrant.ends_on,
            RoleGrant.person_id.label("deputy_id"),
            RoleGrantDecision.state_after,
            principal.name.label("principal"),
            deputy.name.label("deputy"),
            sa.func.coalesce(Organisation.name, Region.name).label("scope"),
        )
        .outerjoin(Job, Job.id == OutboxMessage.job_id)
        .outerjoin(JobResult, JobResult.job_id == OutboxMessage.job_id)
        .outerjoin(WorkdayDecision, WorkdayDecision.id == OutboxMessage.workday_decision_id)
        .outerjoin(Workday, Workday.id == WorkdayDecision.workday_id)
        .outerjoin(worker, worker.id == Workday.person_id)
        .outerjoin(RoleGrantDecision, RoleGrantDecision.id == OutboxMessage.role_grant_decision_id)
        .outerjoin(RoleGrant, RoleGrant.id == RoleGrantDecision.role_grant_id)
        .outerjoin(principal, principal.id == RoleGrant.proposed_by_person_id)
        .outerjoin(deputy, deputy.id == RoleGrant.person_id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(Region, Region.code == RoleGrant.scope_code)
        .where(
            OutboxMessage.person_id == actor.person_id,
            OutboxMessage.delivered_at.is_not(None),
            OutboxMessage.dismissed_at.is_(None),
            still_holds(),
        )
        .order_by(OutboxMessage.id.desc())
        .limit(SHOWN_MESSAGES)
    )
    return [_row(row, actor.person_id) for row in rows]


def _row(row: sa.Row[*tuple[object, ...]], reader_id: int | None) -> InboxLine:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name
    if found["kind"] == ROLE_LENT:
        words = words_of_deputy(
            " · ".join(filter(None, (found["role"].label, found["scope"]))),
            found["principal"],
            None if reader_id == found["deputy_id"] else found["deputy"],
            (found["starts_on"], found["ends_on"]),
            is_lent=found["state_after"] is GrantState.CONFIRMED,
        )
        endpoint, values, label = "accounts.deputies.show_deputies", {}, "查看代理"
    elif found["kind"] == DISPUTE_SETTLED:
        words = words_of_dispute(
            found["worker"],
            found["worked_on"],
            found["reason"],
            is_upheld=found["verdict"] == "dispute_upheld",
        )
        endpoint, label = "workdays.show_workday", "查看日志"
        values = {"workday_id": str(found["workday_id"])}
        if found["is_of_the_other_side"]:  # whose own pages one does not read
            endpoint, values, label = "disputes.list_partner_days", {"scope": "all"}, "查看对方填报"
    else:
        words = words_of_job(
            found["title"],
            rows=found["rows"],
            problem=found["problem"],
            keep_days=KEEP_RESULTS.days,
        )
        endpoint, values, label = "jobs.show_job", {"job_id": found["job"]}, "查看"
    return InboxLine(found["public_id"], found["caused_at"], words, endpoint, values, label)
