"""Are the jobs in order? Asked by ``flask verify``."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import JobItem, JobResult
from models.types import ItemState
from portal.deeds import VAR
from portal.jobs.queries import database_now
from portal.jobs.result_store import results_in
from portal.personal_data.vault import VAULT

CLAIMED_TOO_LONG_SECONDS = 86400.0


def first_fault(session: Session) -> tuple[str, str] | None:
    """Return the row and a sentence about the first fault, or None."""
    return _claimed_for_ever(session) or _result_without_file(session)


def _claimed_for_ever(session: Session) -> tuple[str, str] | None:
    """Look for an item whose claim ran out a day ago, and that nobody took over."""
    long_ago = database_now(session) - CLAIMED_TOO_LONG_SECONDS
    row_id = session.scalar(
        sa.select(sa.func.min(JobItem.id)).where(
            JobItem.state == ItemState.RUNNING, JobItem.due < long_ago
        )
    )
    if row_id is None:
        return None
    sentence = (
        f"job_item 第 {row_id} 行被领取后已超过一天无人办理，请启动服务或运行 flask jobs work。"
    )
    return f"job_item:{row_id}", sentence


def _result_without_file(session: Session) -> tuple[str, str] | None:
    """Look for a result whose file is gone or does not open, where the folder is known."""
    if VAR not in session.info:
        return None
    files = results_in(session.info[VAR], session.info[VAULT])
    for row_id, stored in session.execute(
        sa.select(JobResult.id, JobResult.stored).order_by(JobResult.id)
    ):
        if files.find(stored) is None:
            return f"job_result:{row_id}", f"job_result 第 {row_id} 行的结果文件缺失或无法解封。"
    return None
