"""Many worker processes on one database, some of which are killed: is each item done once?

outcome = race(database, var, processes=4, items=200, kills=3)
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import sqlalchemy as sa

from models import Job, JobItem
from models.database import Database
from models.types import ItemState
from portal.clock import system_now
from portal.jobs.kind import ItemAtWork
from tests.support.databases import database_of_tests
from tests.support.jobs import EFFECT, ask_toy, toy, worker_of

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.support.job_race"])

TASK_SECONDS = 0.002
"""What an item takes outside of its transaction: long enough to be killed in."""

PATIENCE_SECONDS = 900


@dataclass(frozen=True)
class Outcome:
    """What became of the items; ``taken_over_after`` are seconds from a kill to the next claim."""

    items: int
    doubled: int
    missed: int
    tried_again: int
    taken_over_after: list[float]
    seconds: float
    is_closed: bool


def race(
    database: Database,
    var: Path,
    *,
    processes: int,
    items: int,
    kills: int,
    lease_seconds: float,
) -> Outcome:
    """Have processes do all items while some of them are killed with signal 9 and replaced."""
    EFFECT.create(database.engine)
    parts = [str(number) for number in range(items)]
    ask_toy(database, system_now, parts)
    begin = time.monotonic()
    arguments = (database.url, str(var), lease_seconds)
    crew = [_start(arguments) for _ in range(processes)]
    orphaned: dict[int, tuple[int, float]] = {}
    taken_over_after: list[float] = []
    left = kills
    chosen = random.Random(8)
    while time.monotonic() - begin < PATIENCE_SECONDS:
        done = _count(database, ItemState.DONE)
        if left and done >= items * (kills - left + 1) / (kills + 2):
            victim = chosen.randrange(processes)
            os.kill(crew[victim].pid or 0, signal.SIGKILL)
            crew[victim].join()
            killed = time.monotonic()
            orphaned |= {item: (token, killed) for item, token in _stuck(database).items()}
            crew[victim] = _start(arguments)
            left -= 1
        for item, token in _tokens(database, orphaned).items():
            if token > orphaned[item][0]:
                taken_over_after.append(time.monotonic() - orphaned.pop(item)[1])
        if _is_closed(database):
            break
        time.sleep(0.02)
    seconds = time.monotonic() - begin
    for process in crew:
        process.terminate()
    for process in crew:
        process.join(20)
        assert process.exitcode == 0, "a worker that is told to stop ends by itself"
    with database.reading() as session:
        counted = Counter(session.scalars(sa.select(EFFECT.c.part)))
        again = session.scalar(
            sa.select(sa.func.count()).select_from(JobItem).where(JobItem.attempts > 1)
        )
    EFFECT.drop(database.engine)
    return Outcome(
        items=items,
        doubled=sum(1 for count in counted.values() if count > 1),
        missed=len(set(parts) - set(counted)),
        tried_again=again or 0,
        taken_over_after=taken_over_after,
        seconds=seconds,
        is_closed=_is_closed(database),
    )


def _start(arguments: tuple[str, str, float]) -> BaseProcess:
    process = _processes.Process(target=_work, args=arguments, daemon=True)
    process.start()
    return process


def _work(url: str, var: str, lease_seconds: float) -> None:
    database = database_of_tests(url)
    kind = toy(prepare=_take_time)
    worker = worker_of(database, system_now, Path(var), kind, lease_seconds=lease_seconds)
    signal.signal(signal.SIGTERM, lambda *_given: worker.stop.set())
    worker.run()


def _take_time(_task: ItemAtWork) -> None:
    time.sleep(TASK_SECONDS)


def _stuck(database: Database) -> dict[int, int]:
    """The items that are claimed just now, by their token; the dead worker's is among them."""
    with database.reading() as session:
        rows = session.execute(
            sa.select(JobItem.id, JobItem.token).where(JobItem.state == ItemState.RUNNING)
        )
        return {row.id: row.token for row in rows}


def _tokens(database: Database, items: dict[int, tuple[int, float]]) -> dict[int, int]:
    if not items:
        return {}
    with database.reading() as session:
        rows = session.execute(sa.select(JobItem.id, JobItem.token).where(JobItem.id.in_(items)))
        return {row.id: row.token for row in rows}


def _count(database: Database, state: ItemState) -> int:
    with database.reading() as session:
        counted = sa.select(sa.func.count()).select_from(JobItem).where(JobItem.state == state)
        return session.scalar(counted) or 0


def _is_closed(database: Database) -> bool:
    with database.reading() as session:
        return session.scalars(sa.select(Job.finished_at)).one() is not None
