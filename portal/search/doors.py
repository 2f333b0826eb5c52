"""The pages of the portal, found by their names."""

from __future__ import annotations

from portal.access.actor import Actor
from portal.search.queries import EXACT_LABEL, Group, Hit
from portal.search.rules import Asked
from portal.web.pages import ROOMS, Room

FURTHER = (
    Room("填报工作日", "workdays.log_workday", "workday.write"),
    Room("待确认的工作日志", "confirmations.confirm_workdays", "workday.confirm"),
    Room("待核准的工作日志", "confirmations.approve_workdays", "workday.approve"),
    Room("待审批的选派提名", "staffing.list_nominations", "assignment.approve"),
    Room("登记机构", "organisations.register_organisation", "organisation.register"),
    Room("建立结对", "pairings.create_pairing", "pairing.write"),
    Room("导出汇总", "summaries.export_summary", "summary.export"),
    Room("政策口径", "programme.show_policy", "programme.read"),
    Room("任务分配表", "programme.show_allocations", "allocation.read"),
    Room("开设账号", "accounts.open_account", "account.write"),
    Room("修改密码", "access.change_password", "self.use"),
)
"""Pages that stand one step behind the navigation."""


def with_doors(groups: list[Group], actor: Actor, asked: Asked) -> list[Group]:
    """Return the groups with the pages that the actor may open and whose name has every word.

    They are few and stand first, but for what was named by its code.
    """
    hits = [
        Hit("页面", room.label, "打开页面", room.endpoint)
        for room in (*ROOMS, *FURTHER)
        if actor.holds(room.permission)
        and all(word.lower() in room.label.lower() for word in asked.words)
    ]
    exact = [group for group in groups if group.label == EXACT_LABEL]
    rest = [group for group in groups if group.label != EXACT_LABEL]
    return [*exact, *([Group("页面", hits)] if hits else []), *rest]
