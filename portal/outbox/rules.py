"""How messages are worded, and how long they are kept. Pure."""

from __future__ import annotations

from datetime import date, timedelta

JOB_ENDED, DISPUTE_SETTLED, ROLE_LENT = "job_ended", "dispute_settled", "role_lent"
"""The kinds of messages."""

KEEP_MESSAGES = timedelta(days=30)
SHOWN_MESSAGES = 5


def words_of_job(title: str, *, rows: int | None, problem: str | None, keep_days: int) -> str:
    """Say how a job ended: with a file of so many rows, without one, or not as it should."""
    if problem:
        return f"“{title}”没有办成：{problem}"
    if rows is None:
        return f"“{title}”已办完。"
    return f"“{title}”已生成，共 {rows:,} 行，请在 {keep_days} 天内下载。"


def words_of_dispute(name: str, worked_on: date, reason: str | None, *, is_upheld: bool) -> str:
    """Say what the county made of a dispute, and why."""
    verdict = "成立，日志已退回填报人" if is_upheld else "不成立，可以照常核准"
    return f"{name}{worked_on.month}月{worked_on.day}日的异议，县级认定{verdict}：{reason}"


def words_of_deputy(
    role: str, principal: str, deputy: str | None, dates: tuple[date, date], *, is_lent: bool
) -> str:
    """Say that a role was lent, or that this has ended; ``deputy`` is None to the deputy."""
    if deputy is not None:
        return f"{deputy}代您办理“{role}”已结束。"
    if is_lent:
        return f"{principal}委托您代理“{role}”，{dates[0]} 至 {dates[1]}。"
    return f"您代{principal}办理“{role}”已结束。"
