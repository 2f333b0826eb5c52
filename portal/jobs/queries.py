"""Reading jobs: what is due, how far a job is, whose they are, who works."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Job, JobItem, JobResult, JobWorker, Person
from models.types import ItemState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.policy import Reach
from portal.access.queries import hold_person, reaches_at
from portal.jobs.rules import AREA_CHANGED, LEASE_SECONDS, SHOWN_JOBS
from portal.refusals import Refusal

JOB = Loader("job", Job, "job.read", {"job_id": Job.public_id})


def database_now(session: Session) -> sa.ColumnElement[float]:
    """Return the instant in seconds since the epoch, as the database itself reads its clock."""
    if session.get_bind().dialect.name == "sqlite":
        return sa.literal_column("((julianday('now') - 2440587.5) * 86400.0)", sa.Double())
    return sa.literal_column("extract(epoch FROM clock_timestamp())::float8", sa.Double())


def is_open() -> sa.ColumnElement[bool]:
    """Return the condition of an item that is still to be done; as the index has it."""
    return JobItem.state.in_([sa.literal_column("'waiting'"), sa.literal_column("'running'")])


def first_due(session: Session, kinds: Collection[str]) -> sa.Select[int]:
    """Return the select of the item that may be claimed and is due longest, held by nobody."""
    return _due(session, kinds).with_for_update(of=JobItem, skip_locked=True)


def is_anything_due(session: Session, kinds: Collection[str]) -> bool:
    """May anything be claimed? Asked of a snapshot, which keeps nobody from writing."""
    return session.scalar(_due(session, kinds)) is not None


def _due(session: Session, kinds: Collection[str]) -> sa.Select[int]:
    return (
        sa.select(JobItem.id)
        .join(Job, Job.id == JobItem.job_id)
        .where(
            is_open(),
            JobItem.due <= database_now(session),
            Job.finished_at.is_(None),
            Job.kind.in_(sorted(kinds)),
        )
        .order_by(JobItem.due, JobItem.id)
        .limit(1)
    )


def list_closable(session: Session) -> list[int]:
    """Return the unfinished jobs without an open item: whoever did the last one died then."""
    open_items = sa.exists().where(JobItem.job_id == Job.id, is_open())
    return list(session.scalars(sa.select(Job.id).where(Job.finished_at.is_(None), ~open_items)))


def has_open_items(session: Session, job_id: int) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(JobItem.job_id == job_id, is_open()))))


def is_anyone_working(session: Session) -> bool:
    """Did some worker say within a lease that it is there?"""
    seen: float | None = session.scalar(sa.select(sa.func.max(JobWorker.seen)))
    now: float = session.execute(sa.select(database_now(session))).scalar_one()
    return seen is not None and seen > now - LEASE_SECONDS


class AskedJob(NamedTuple):
    """What a worker needs to know of a job."""

    public_id: str
    kind: str
    account_id: int | None
    asked: dict[str, Any]


def asked_in(session: Session, job_id: int) -> AskedJob:
    row = session.execute(
        sa.select(Job.public_id, Job.kind, Job.account_id, Job.asked).where(Job.id == job_id)
    ).one()
    return AskedJob(row.public_id, row.kind, row.account_id, json.loads(row.asked))


def find_by_key(session: Session, key: str) -> Job | None:
    return session.scalars(sa.select(Job).where(Job.key == key)).one_or_none()


def find_in_slot(session: Session, slot: str) -> Job | None:
    """Return the unfinished job that holds a slot, or None."""
    held = sa.select(Job).where(Job.slot == slot, Job.finished_at.is_(None))
    return session.scalars(held).one_or_none()


class AskedByPerson(NamedTuple):
    """How many jobs a person has asked for: that are unfinished, and lately."""

    unfinished: int
    lately: int


def count_asked(session: Session, actor: Actor, since: datetime) -> AskedByPerson:
    """Count what a person has asked for, over all accounts; nobody asks for more meanwhile."""
    hold_person(session, actor.person_id)
    row = session.execute(
        sa.select(
            sa.func.coalesce(_count(Job.finished_at.is_(None)), 0),
            sa.func.coalesce(_count(Job.asked_at > since), 0),
        ).where(
            Job.account_id.in_(sa.select(Account.id).where(Account.person_id == actor.person_id)),
            Job.finished_at.is_(None) | (Job.asked_at > since),
        )
    ).one()
    return AskedByPerson(*row)


# ---- pages ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as a page shows it. ``done`` of ``parts``; ``steps_done`` of ``steps`` within the one part."""

    id: int
    public_id: str
    kind: str
    title: str
    asked_at: datetime
    finished_at: datetime | None
    cancelled_at: datetime | None
    asker: str | None
    parts: int
    done: int
    dead: int
    is_begun: bool
    steps_done: int
    steps: int
    problem: str | None
    result: JobResult | None
    page: dict[str, str]

    @property
    def state(self) -> ItemState:
        """How the job as a whole stands; dead where a part of it is and nothing goes on."""
        if self.cancelled_at:
            return ItemState.CANCELLED
        if self.finished_at:
            return ItemState.DEAD if self.dead else ItemState.DONE
        return ItemState.RUNNING if self.is_begun else ItemState.WAITING

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    @property
    def progress(self) -> tuple[int, int] | None:
        """Done and all, by parts or within the only one; None where nobody can tell."""
        if self.parts > 1:
            return self.done, self.parts
        return (self.steps_done, self.steps) if self.steps else None


def list_own(session: Session, actor: Actor) -> list[JobRow]:
    """Return what the person has asked for, latest first."""
    own = sa.select(Account.id).where(Account.person_id == actor.person_id)
    return _rows(session, Job.account_id.in_(own))


def list_all(session: Session, *, only_dead: bool, quiet: Collection[str]) -> list[JobRow]:
    """Return the jobs of everybody and of the portal itself, latest first; quiet kinds if dead."""
    dead = sa.exists().where(JobItem.job_id == Job.id, JobItem.state == ItemState.DEAD)
    return _rows(session, dead if only_dead else dead | Job.kind.not_in(sorted(quiet)))


def count_dead(session: Session) -> int:
    """Count the jobs that wait for an administrator."""
    dead = sa.select(JobItem.job_id).where(JobItem.state == ItemState.DEAD).distinct().subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(dead)) or 0


def get_row(session: Session, job_id: int) -> JobRow:
    return _rows(session, Job.id == job_id)[0]


def is_own(session: Session, actor: Actor, job: Job) -> bool:
    """Did this person ask for the job, with whatever account?"""
    if job.account_id is None:
        return False
    person_id = session.scalar(sa.select(Account.person_id).where(Account.id == job.account_id))
    return person_id == actor.person_id


def find_result(session: Session, job_id: int) -> JobResult | None:
    made = sa.select(JobResult).where(JobResult.job_id == job_id)
    return session.scalars(made).one_or_none()


def refusals_for_result(
    session: Session, actor: Actor, job: Job, made_at: datetime, permission: str | None
) -> list[Refusal]:
    """Say why the asker may not take a file: it holds what the grants of today do not reach."""
    if permission is None or job.account_id is None:
        return []
    then = reaches_at(session, job.account_id, permission, made_at)
    today = {(reach, grant.scope_code) for reach, grant in actor.reaches(permission)}
    is_nation = any(reach == Reach.NATION for reach, _ in today)
    return [] if is_nation or (today and then <= today) else [AREA_CHANGED]


def _rows(session: Session, condition: sa.ColumnElement[bool]) -> list[JobRow]:
    jobs: Sequence[Any] = session.execute(
        sa.select(Job, Person.name, JobResult)
        .outerjoin(Account, Account.id == Job.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(JobResult, JobResult.job_id == Job.id)
        .where(condition)
        .order_by(Job.id.desc())
        .limit(SHOWN_JOBS)
    ).all()
    counts = {
        row.job_id: row
        for row in session.execute(
            sa.select(
                JobItem.job_id,
                sa.func.count().label("parts"),
                _count(JobItem.state == ItemState.DONE).label("done"),
                _count(JobItem.state == ItemState.DEAD).label("dead"),
                sa.func.max(JobItem.attempts).label("attempts"),
                sa.func.max(JobItem.steps_done).label("steps_done"),
                sa.func.max(JobItem.steps).label("steps"),
                sa.func.min(JobItem.problem).label("problem"),
            )
            .where(JobItem.job_id.in_([job.id for job, _, _ in jobs]))
            .group_by(JobItem.job_id)
        )
    }
    return [
        JobRow(
            id=job.id,
            public_id=job.public_id,
            kind=job.kind,
            title=job.title,
            asked_at=job.asked_at,
            finished_at=job.finished_at,
            cancelled_at=job.cancelled_at,
            asker=asker,
            parts=count.parts,
            done=count.done,
            dead=count.dead,
            is_begun=count.attempts > 0,
            steps_done=count.steps_done,
            steps=count.steps,
            problem=count.problem,
            result=result,
            page=json.loads(job.asked).get("page", {}),
        )
        for job, asker, result in jobs
        for count in [counts[job.id]]
    ]


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
