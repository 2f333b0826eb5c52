"""How messages are worded, and how long they are kept. Pure."""

from __future__ import annotations

from datetime import date, timedelta

KEEP_MESSAGES = timedelta(days=30)
SHOWN_MESSAGES = 5


def words_of_job(title: str, *, rows: int | None, problem: str | None, keep_days: int) -> str:
    """Say how a job ended: with a file of so many rows, without one, or not as it should."""
    if problem:
        return f"“{title}”没有办成：{problem}"
    if rows is None:
        return f"“{title}”已办完。"
    return f"“{title}”已生成，共 {rows:,} 行，请在 {keep_days} 天内下载。"


def words_of_return(worked_on: date, reason: str | None) -> str:
    """Say that a working day was sent back, and why."""
    day = f"{worked_on.month}月{worked_on.day}日的工作日志被退回"
    return f"{day}：{reason}" if reason else f"{day}。"
