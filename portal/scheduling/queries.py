"""Reading who runs the jobs."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import SchedulerLease


def is_running(session: Session) -> bool:
    """Does some process hold the lease, by the clock that the lease itself goes by?"""
    expires: float | None = session.scalar(sa.select(sa.func.max(SchedulerLease.expires)))
    if expires is None:
        return False
    if session.get_bind().dialect.name == "sqlite":
        return expires > time.time()
    now: float = session.execute(
        sa.text("SELECT extract(epoch FROM clock_timestamp())::float8")
    ).scalar_one()
    return expires > now
