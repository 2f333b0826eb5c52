"""The nightly check of the trail."""

from __future__ import annotations

import logging

from models.database import Database
from portal.audit import trail
from portal.clock import Now

log = logging.getLogger("qianshou.jobs")


def check_the_audit_chain(database: Database, now: Now) -> None:  # noqa: ARG001 - one signature for all jobs
    """Recompute the seals of the audit trail; a fault stands in the log as an error."""
    with database.reading() as session:
        fault = trail.first_fault(session)
    if fault:
        log.error("审计链校验未通过：%s", fault)
