"""Running the jobs: in the server's workers, or in a process of its own (``flask schedule``)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from models.database import Database
from portal.clock import Now
from portal.enrolment import Nightly
from portal.scheduling.lease_actions import SECONDS, Lease

log = logging.getLogger("qianshou.jobs")


def start_in_background(database: Database, now: Now, jobs: Iterable[Nightly]) -> BaseScheduler:
    """Start the jobs in a thread of this process; they run only while it holds the lease."""
    scheduler = _planned(BackgroundScheduler(timezone="Asia/Shanghai"), database, now, jobs)
    scheduler.start()
    return scheduler


def run_until_stopped(database: Database, now: Now, jobs: Iterable[Nightly]) -> None:
    """Run the jobs in this process until it is stopped."""
    _planned(BlockingScheduler(timezone="Asia/Shanghai"), database, now, jobs).start()


def _planned(
    scheduler: BaseScheduler, database: Database, now: Now, jobs: Iterable[Nightly]
) -> BaseScheduler:
    lease = Lease(database)
    scheduler.add_job(lease.tick, "interval", seconds=SECONDS / 3, id="lease", max_instances=1)
    for job in jobs:
        scheduler.add_job(
            gated(lease, job, database, now),
            "cron",
            hour=job.hour,
            minute=job.minute,
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=3600,
        )
    return scheduler


def gated(lease: Lease, job: Nightly, database: Database, now: Now) -> Callable[[], None]:
    """Return the job as a call that does nothing unless this process holds the lease."""

    def run() -> None:
        if not lease.is_held() and not lease.tick():
            return
        log.info("job %s", job.name)
        job.run(database, now)

    return run
