"""The steps of the tour, by what somebody mainly does. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from models.types import Role
from portal.access.policy import ADMINISTRATORS, MANAGERS, STAFF

APPROVERS = frozenset({Role.COUNTY_CIVIL})


class Step(NamedTuple):
    """One step of the tour. ``endpoint`` is where it leads, if it leads anywhere."""

    words: str
    endpoint: str | None = None


_LOG = Step(
    "每天的工作在“填报工作日”里记一条：选日期、天数和任务，写一句话就提交。", "workdays.log_workday"
)
_MINE = Step(
    "首页列出要您办的事和本年度的进度；被退回的日志也在那里，改完重新提交即可。", "home.home"
)
_CONFIRM = Step(
    "本机构人员提交的日志在“待确认”里，可成批确认，不对的写明原因退回。",
    "confirmations.confirm_workdays",
)
_APPROVE = Step(
    "机构确认后的日志在“待核准”里，核准后才计入天数。", "confirmations.approve_workdays"
)
_TODO = Step("首页列出要您办的事，办完就消失；菜单上的数字是还在等您的件数。", "home.home")
_SUMMARY = Step("“汇总”里的每个数字都能点到明细，也能按某一天查看。", "summaries.show_summary")
_ACCOUNTS = Step(
    "开设账号和授权由系统管理员提出、安全管理员确认，两人办成一件事。", "accounts.list_accounts"
)
_AUDIT = Step("“审计”里是每一次写入、登录、导出和查看原文的记录，只可查看。", "audit.list_events")
_SEARCH = Step(
    "页面上方的搜索框可找县、机构、结对和人员；在任何页面按 Ctrl+K 也能打开。", "search.search"
)
_FIND = Step("页面上方的搜索框可直接打开您能用的页面；按 Ctrl+K 也能打开。", "search.search")
_HELP = Step("不清楚怎么办时看页脚的“本页帮助”；有问题或想法写在“投诉建议”里。", "help.show_index")


def tour_for(roles: Collection[Role]) -> tuple[Step, ...]:
    """Return three or four steps for whoever holds these roles; the most particular role counts."""
    held = set(roles)
    if held & STAFF.keys():
        return (_LOG, _MINE, _SEARCH, _HELP)
    if held & MANAGERS.keys():
        return (_TODO, _CONFIRM, _SEARCH, _HELP)
    if held & APPROVERS:
        return (_TODO, _APPROVE, _SEARCH, _HELP)
    if Role.AUDIT_ADMIN in held:
        return (_AUDIT, _FIND, _HELP)
    if held & ADMINISTRATORS:
        return (_TODO, _ACCOUNTS, _FIND, _HELP)
    if held:
        return (_TODO, _SUMMARY, _SEARCH, _HELP)
    return (_FIND, _HELP)
