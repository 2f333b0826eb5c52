"""What must I do now? One function a role; a task is there as long as its cause is.

Each costs a fixed number of queries, however much waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account
from models.types import Role
from portal.access.actor import Actor
from portal.accounts.queries import count_waiting_grants
from portal.calendar.queries import list_year_standings
from portal.clock import date_of
from portal.pairings.listing import count_to_confirm
from portal.staffing.listing import count_nominations
from portal.workdays.waiting import CAP, Waiting, waiting_for


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: what, how much of it, and the page on which it is done."""

    label: str
    count: int
    endpoint: str
    action_label: str
    note: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @property
    def count_text(self) -> str:
        return f"{CAP - 1}+" if self.count >= CAP else str(self.count)


class Moment(NamedTuple):
    """Who asks, when, and what of the working days waits for them."""

    session: Session
    actor: Actor
    now: datetime
    waiting: Waiting


TaskMaker: TypeAlias = Callable[[Moment], list[Task]]


def tasks_for(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """Return what waits for an actor in all their roles, each task once; empty if nothing does."""
    moment = Moment(session, actor, now, waiting_for(session, actor))
    makers = dict.fromkeys(maker for role in actor.roles for maker in TASKS_OF[role])
    return [task for make in makers for task in make(moment) if task.count]


def worker_tasks(moment: Moment) -> list[Task]:
    """Own entries that wait for their person."""
    return [
        Task(
            "被退回的日志",
            moment.waiting.returned,
            "workdays.list_workdays",
            "去修改",
            "修改后重新提交，否则不计入",
            {"state": "returned"},
        ),
        Task(
            "尚未提交的草稿",
            moment.waiting.drafts,
            "workdays.list_workdays",
            "去提交",
            values={"state": "draft"},
        ),
    ]


def manager_tasks(moment: Moment) -> list[Task]:
    """What the own organisation's people handed in."""
    count = moment.waiting.to_confirm
    return [Task("待确认的工作日志", count, "workdays.confirm_workdays", "去确认")]


def county_tasks(moment: Moment) -> list[Task]:
    """What managers confirmed, and the received people whom they nominate."""
    count = moment.waiting.to_approve
    return [
        Task("待核准的工作日志", count, "workdays.approve_workdays", "去核准"),
        _nominations(moment, "待审批的受援人员"),
    ]


def province_tasks(moment: Moment) -> list[Task]:
    """The sent people whom managers nominate, and pairings that the other province proposed."""
    count = count_to_confirm(moment.session, moment.actor)
    return [
        _nominations(moment, "待审批的援派人员"),
        Task(
            "待本省确认的结对",
            count,
            "pairings.list_pairings",
            "去确认",
            "由另一省提出，两省都确认后生效",
            {"state": "waiting"},
        ),
    ]


def _nominations(moment: Moment, label: str) -> Task:
    count = count_nominations(moment.session, moment.actor)
    return Task(label, count, "staffing.list_nominations", "去审批")


def calendar_tasks(moment: Moment) -> list[Task]:
    """Years up to the next one whose notice of holidays is not loaded."""
    today = date_of(moment.now)
    missing = [
        str(one.year)
        for one in list_year_standings(moment.session, today)
        if not one.is_official and one.year <= today.year + 1
    ]
    return [
        Task(
            "缺少节假日安排的年份",
            len(missing),
            "calendar.calendar",
            "去录入",
            f"{'、'.join(missing)} 年暂按周一至周五计算",
        )
    ]


def security_tasks(moment: Moment) -> list[Task]:
    """Grants that the system administrator proposed, and accounts locked by failed attempts."""
    locked = moment.session.scalar(
        sa.select(sa.func.count()).select_from(Account).where(Account.locked_until > moment.now)
    )
    return [
        Task(
            "待确认的授权",
            count_waiting_grants(moment.session),
            "accounts.list_accounts",
            "去确认",
            "由系统管理员提出，另一人确认后生效",
        ),
        Task("被锁定的账号", locked or 0, "accounts.list_accounts", "去查看"),
    ]


TASKS_OF: dict[Role, tuple[TaskMaker, ...]] = {
    Role.NAT_CIVIL: (calendar_tasks,),
    Role.NAT_RURAL: (),
    Role.PROV_CIVIL: (province_tasks,),
    Role.PROV_RURAL: (),
    Role.PREF_CIVIL: (),
    Role.PREF_RURAL: (),
    Role.COUNTY_CIVIL: (county_tasks,),
    Role.COUNTY_RURAL: (),
    Role.SEND_MGR: (manager_tasks,),
    Role.SEND_STAFF: (worker_tasks,),
    Role.RECV_MGR: (manager_tasks,),
    Role.RECV_STAFF: (worker_tasks,),
    Role.EVALUATOR: (),
    Role.ASSOCIATION: (),
    Role.SYS_ADMIN: (calendar_tasks,),
    Role.SEC_ADMIN: (security_tasks,),
    Role.AUDIT_ADMIN: (),
}
"""Whoever is not named here has nothing to do in the portal but to read."""
