"""The clean-ups of a night: one job a night, each of them an item of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from models import FormKey, WebSession
from portal.access.attempt_actions import forget_addresses
from portal.access.queries import LONGEST
from portal.audit import trail
from portal.clock import SHANGHAI, date_of
from portal.deeds import Deed
from portal.imports.staging_store import uploads_in
from portal.jobs.actions import ask
from portal.jobs.kind import Kind, Task
from portal.jobs.sweep_actions import drop_old_jobs, drop_old_results
from portal.outbox.jobs import drop_old_messages

log = logging.getLogger("qianshou.jobs")

AT = time(2, 10)
"""In Asia/Shanghai, every night; a night on which nothing ran is made up for."""

KEEP_FORM_KEYS = timedelta(days=2)
"""Longer than any page stays open: a session lasts 12 hours at most."""

KEEP_SESSIONS = timedelta(days=190)
"""Traces of sign-ins are kept at least six months (网络安全法第二十一条)."""


def end_stale_sessions(deed: Deed, _task: Task) -> None:
    """Mark sessions older than 12 hours as ended; drop what is older than 190 days."""
    deed.session.execute(
        sa.update(WebSession)
        .where(WebSession.ended_at.is_(None), WebSession.signed_in_at < deed.now - LONGEST)
        .values(ended_at=deed.now)
    )
    deed.session.execute(
        sa.delete(WebSession).where(WebSession.signed_in_at < deed.now - KEEP_SESSIONS)
    )


def drop_old_form_keys(deed: Deed, _task: Task) -> None:
    """Forget the form instances whose pages nobody can still have open."""
    deed.session.execute(sa.delete(FormKey).where(FormKey.used_at < deed.now - KEEP_FORM_KEYS))


def forget_sign_in_addresses(deed: Deed, _task: Task) -> None:
    """Forget from where sign-ins failed, once it limits nobody any more."""
    forget_addresses(deed.session, deed.now)


def drop_what_jobs_left(deed: Deed, task: Task) -> None:
    """Drop files after their week, jobs after their month."""
    drop_old_results(deed, task.files)
    drop_old_jobs(deed)


def drop_old_uploads(deed: Deed, task: Task) -> None:
    """Drop the files that nobody came back for within a day."""
    uploads_in(task.var, deed.vault).drop_old(deed.now)


CLEAN_UPS: dict[str, Callable[[Deed, Task], None]] = {
    "end_stale_sessions": end_stale_sessions,
    "drop_old_form_keys": drop_old_form_keys,
    "forget_sign_in_addresses": forget_sign_in_addresses,
    "drop_old_uploads": drop_old_uploads,
    "drop_old_messages": drop_old_messages,
    "drop_what_jobs_left": drop_what_jobs_left,
}
"""By the part of the job that each is."""

WORD = "nightly"

CHECK = "check_the_audit_chain"
"""The part that only reads: it is prepared, outside of any transaction that writes."""


def check_the_audit_chain(task: Task) -> None:
    """Recompute the seals of the audit trail; a fault stands in the log as an error."""
    if task.part != CHECK:
        return
    with task.database.reading() as session:
        fault = trail.first_fault(session)
    if fault:
        log.error("审计链校验未通过：%s", fault)


def clean_up(deed: Deed, task: Task, _prepared: Any) -> None:
    if task.part != CHECK:
        CLEAN_UPS[task.part](deed, task)


def plan_the_night(deed: Deed) -> None:
    """Ask for the next night's job, once a night however many processes plan."""
    at = next_night(deed.now)
    ask(
        deed,
        WORD,
        key=f"nightly:{date_of(at)}",
        title=f"{date_of(at)} 夜间清理与核对",
        parts=[*CLEAN_UPS, CHECK],
        at=at,
    )


def next_night(now: datetime) -> datetime:
    """Return the first instant after now at which the clean-ups are due."""
    at = datetime.combine(date_of(now), AT, SHANGHAI)
    return at if at > now else at + timedelta(days=1)


NIGHTLY = Kind(WORD, "每夜清理与核对", clean_up, prepare=check_the_audit_chain, plan=plan_the_night)
