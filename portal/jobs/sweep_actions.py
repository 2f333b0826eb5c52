"""Dropping what jobs made, after a week, and what is known of them, after a month."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from models import Job, JobResult, JobWorker
from portal.deeds import Deed
from portal.jobs.queries import database_now
from portal.jobs.result_store import ResultFiles, results_in
from portal.jobs.rules import KEEP_JOBS, KEEP_RESULTS

UNNAMED_FOR = timedelta(days=1)
"""So old a file without a row must be: a younger one may be about to get it."""

WORKER_GONE_SECONDS = 86400.0


def drop_what_jobs_left(deed: Deed, var: Path) -> None:
    """Drop files after their week, jobs after their month."""
    drop_old_results(deed, results_in(var, deed.vault))
    drop_old_jobs(deed)


def drop_old_results(deed: Deed, files: ResultFiles) -> None:
    """Drop the rows of old results; their files, and what never got a row, once it is a day old.

    In this order a row never names a file that is gone: the files go by the next sweep.
    """
    session = deed.session
    named = set(session.scalars(sa.select(JobResult.stored)))
    files.drop_unnamed(named, (deed.now - UNNAMED_FOR).timestamp())
    session.execute(sa.delete(JobResult).where(JobResult.made_at < deed.now - KEEP_RESULTS))


def drop_old_jobs(deed: Deed) -> None:
    """Forget jobs that ended a month ago, with their items, and workers that died a day ago."""
    session = deed.session
    session.execute(sa.delete(Job).where(Job.finished_at < deed.now - KEEP_JOBS))
    long_ago = database_now(session) - WORKER_GONE_SECONDS
    session.execute(sa.delete(JobWorker).where(JobWorker.seen < long_ago))
