"""The nightly sweep of the files."""

from __future__ import annotations

import logging

from models.database import Database
from portal.clock import Now
from portal.files.actions import forget_unnamed, sweep_contents
from portal.files.rules import GRACE

log = logging.getLogger("qianshou.jobs")


def sweep_files(database: Database, now: Now) -> None:
    """Drop the files that no subject names. What ends in between goes the next night."""
    before = now() - GRACE
    with database.writing() as session:
        forget_unnamed(session, before)
    with database.reading() as session:
        dropped = sweep_contents(session, before)
    if dropped:
        log.info("files without a row: %d dropped", dropped)
