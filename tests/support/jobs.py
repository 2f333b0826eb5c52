"""Background jobs in tests: workers, and toy kinds that count what they do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import flask
import sqlalchemy as sa

from models import Job, JobItem
from models.database import Database
from models.types import ItemState
from portal.clock import Now
from portal.deeds import Deed, operator_deed
from portal.jobs.actions import ask
from portal.jobs.kind import ItemAtWork, Kind
from portal.jobs.rules import LEASE_SECONDS
from portal.jobs.worker_jobs import Worker
from portal.settings import Settings
from tests.support.databases import MASTER_KEY
from tests.support.world import World

PATIENCE_SECONDS = 20

EFFECT = sa.Table("effect", sa.MetaData(), sa.Column("part", sa.String(60)))
"""What toy items write: a row each, which nothing keeps from being written twice."""


def settings_of(database: Database, now: Now, var: Path) -> Settings:
    return Settings(database_url=database.url, var=var, master_key=MASTER_KEY, now=now)


def leave_effect(deed: Deed, task: ItemAtWork, _prepared: Any = None) -> None:
    deed.session.execute(sa.insert(EFFECT).values(part=task.part))


def toy(write: Callable[..., None] = leave_effect, **more: Any) -> Kind:
    return Kind("toy", "演示任务", write, **more)


def worker_of(
    database: Database,
    now: Now,
    var: Path,
    *kinds: Kind,
    lease_seconds: float = LEASE_SECONDS,
) -> Worker:
    settings = settings_of(database, now, var)
    known = {kind.word: kind for kind in kinds or (toy(),)}
    return Worker(database, settings, known, lease_seconds=lease_seconds)


def work_off(worker: Worker, most: int = 1000) -> int:
    """Have a worker do all that is due; return how many items that were."""
    for done in range(most):
        if not worker.work_once():
            return done
    message = f"after {most} items something is still due"
    raise AssertionError(message)


def ask_toy(
    database: Database, now: Now, parts: Sequence[str] = ("",), key: str = "one", **more: Any
) -> None:
    with database.writing() as session:
        ask(operator_deed(session, now()), "toy", key=key, title="演示", parts=parts, **more)


def effects(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(sa.select(EFFECT.c.part)))


def states(database: Database) -> list[ItemState]:
    with database.reading() as session:
        return list(session.scalars(sa.select(JobItem.state).order_by(JobItem.id)))


def only_job(database: Database) -> Job:
    with database.reading() as session:
        return session.scalars(sa.select(Job)).one()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what a worker does in its own threads."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "the worker did not do it in time"
        time.sleep(0.02)


def make_due(database: Database) -> None:
    """Let the claims run out and the waits be over, as if time had passed."""
    with database.writing() as session:
        session.execute(sa.update(JobItem).values(due=0))


def work_off_portal(app: flask.Flask, world: World) -> int:
    """Have a worker of a portal do all that is due, as its server would."""
    world.session.commit()
    database, settings = app.extensions["qianshou_database"], app.extensions["qianshou_settings"]
    done = work_off(Worker(database, settings, app.extensions["qianshou_job_kinds"]))
    world.session.expire_all()
    return done
