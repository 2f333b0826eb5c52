"""The jobs: each one transaction, each safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from models import FormKey, WebSession
from models.database import Database
from portal.access.attempt_actions import forget_addresses
from portal.access.queries import LONGEST
from portal.audit import trail
from portal.clock import Now

log = logging.getLogger("qianshou.jobs")

KEEP_FORM_KEYS = timedelta(days=2)
"""Longer than any page stays open: a session lasts 12 hours at most."""

KEEP_SESSIONS = timedelta(days=190)
"""Traces of sign-ins are kept at least six months (网络安全法第二十一条)."""


class Job(NamedTuple):
    """What runs when: hour and minute in Asia/Shanghai, every day."""

    name: str
    hour: int
    minute: int
    run: Callable[[Database, Now], None]


def end_stale_sessions(database: Database, now: Now) -> None:
    """Mark sessions older than 12 hours as ended; drop what is older than 190 days."""
    instant = now()
    with database.writing() as session:
        session.execute(
            sa.update(WebSession)
            .where(WebSession.ended_at.is_(None), WebSession.signed_in_at < instant - LONGEST)
            .values(ended_at=instant)
        )
        session.execute(
            sa.delete(WebSession).where(WebSession.signed_in_at < instant - KEEP_SESSIONS)
        )


def drop_old_form_keys(database: Database, now: Now) -> None:
    """Forget the form instances whose pages nobody can still have open."""
    with database.writing() as session:
        session.execute(sa.delete(FormKey).where(FormKey.used_at < now() - KEEP_FORM_KEYS))


def forget_sign_in_addresses(database: Database, now: Now) -> None:
    """Forget from where sign-ins failed, once it limits nobody any more."""
    with database.writing() as session:
        forget_addresses(session, now())


def check_the_audit_chain(database: Database, now: Now) -> None:  # noqa: ARG001 - one signature for all jobs
    """Recompute the seals of the audit trail; a fault stands in the log as an error."""
    with database.reading() as session:
        fault = trail.first_fault(session)
    if fault:
        log.error("审计链校验未通过：%s", fault)


JOBS = (
    Job("end_stale_sessions", 2, 10, end_stale_sessions),
    Job("drop_old_form_keys", 2, 20, drop_old_form_keys),
    Job("forget_sign_in_addresses", 2, 25, forget_sign_in_addresses),
    Job("check_the_audit_chain", 2, 30, check_the_audit_chain),
)
