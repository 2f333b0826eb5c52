"""How often an item is tried, how soon again, how long what it made is kept, what is refused. Pure."""

from __future__ import annotations

from datetime import timedelta

from portal.refusals import Refusal


class LostClaim(Exception):
    """The claim ran out and somebody else has the item, or the job was cancelled: write nothing."""


LEASE_SECONDS = 60.0
"""So long a claim holds without a word of its worker; then another takes the item over."""

MOST_ATTEMPTS = 6
FIRST_WAIT_SECONDS = 5.0
WAIT_GROWS_BY = 4
LONGEST_WAIT_SECONDS = 900.0

KEEP_RESULTS = timedelta(days=7)
KEEP_JOBS = timedelta(days=30)

SHOWN_JOBS = 50

MOST_OPEN = 10
"""Jobs of one person that wait or are being done, over all accounts: a manager with a workbook of
each kind stays below, and nobody else waits behind more than ten of the same person."""

MOST_A_DAY = 60
"""Jobs that one person asks for in 24 hours: one every ten minutes of a long working day. Their
files lie on the disk for a week."""

DAY = timedelta(days=1)


def wait_after(attempts: int) -> float:
    """Return the seconds until an item that failed so often is tried again: 5, 20, 80, 320, 900."""
    wait = FIRST_WAIT_SECONDS * float(WAIT_GROWS_BY) ** (attempts - 1)
    return min(wait, LONGEST_WAIT_SECONDS)


def is_worn_out(attempts: int) -> bool:
    """Has an item been tried as often as it ever is?"""
    return attempts >= MOST_ATTEMPTS


def fault_in_words(reference: str, attempts: int) -> str:
    """Say that the portal itself failed: what was tried, and what the log has more of."""
    return f"系统出错，已尝试 {attempts} 次（编号 {reference}）。请联系系统管理员，由其查看日志后重试。"


CUT_OFF = f"办理进程已连续 {MOST_ATTEMPTS} 次中断，没有写入任何内容。请联系系统管理员，由其查看日志后重试。"
NO_ACCOUNT = "申请人的账号已停用，不能继续办理。如仍需要，请由有权限的人员重新提出。"
NO_PERMISSION = "申请人已没有办理所需的权限，没有写入任何内容。如仍需要，请由有权限的人员重新提出。"
GONE = "要办理的对象已不存在，或已不在申请人的管辖范围内，没有写入任何内容。请核对后重新提出。"

AREA_CHANGED = Refusal(
    "",
    "area_changed",
    "这份文件按生成时的权限和管辖范围编制，您现在的授权已不包括其全部内容，不能下载。"
    "请按现在的管辖范围重新导出；如属授权有误，请联系系统管理员。",
)

FINISHED = Refusal("", "wrong_state", "这项任务已经结束，不能再取消。请刷新页面查看结果。")
NOT_DEAD = Refusal(
    "", "wrong_state", "这项任务没有未办成的部分，或已取消，不能重试。请刷新页面查看现状。"
)


def slot_is_held(title: str) -> Refusal:
    """Say that one job of this sort runs already, and what to do."""
    return Refusal(
        "",
        "busy",
        f"“{title}”正在办理，同一时间只能办理一项。请在“后台任务”中等它完成，或先取消它，再重新提出。",
    )


def refusals_for_asking(*, unfinished: int, lately: int) -> list[Refusal]:
    """Say why a person gets no further job: too many are unfinished, or were asked for in a day."""
    if unfinished >= MOST_OPEN:
        sentence = (
            f"您有 {unfinished} 项后台任务还没有办完（各账号合并计算），最多同时 {MOST_OPEN} 项。"
            "请在“后台任务”中等它们完成，或取消不需要的，再重新提出。"
        )
        return [Refusal("", "too_many_jobs", sentence)]
    if lately >= MOST_A_DAY:
        sentence = (
            f"您在过去 24 小时内已提出 {lately} 项后台任务（各账号合并计算），最多 {MOST_A_DAY} 项。"
            "请先使用“后台任务”中已生成的结果，明天再继续。"
        )
        return [Refusal("", "too_many_jobs_today", sentence)]
    return []
