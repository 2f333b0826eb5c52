"""What accounts brings to the house."""

from __future__ import annotations

from models.types import Role
from portal.accounts.check_queries import CHECKS
from portal.accounts.commands import user
from portal.accounts.demo_actions import demonstrate_grants
from portal.accounts.deputy_actions import end_lapsed_by_night
from portal.accounts.grant_queries import counts_to_confirm
from portal.accounts.inbox_queries import asked_passwords, locked_accounts, waiting_grants
from portal.accounts.views import blueprint
from portal.causes import Cause, Urgency
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Nightly, Room

ROOM = Room(
    "accounts",
    blueprint=blueprint,
    door=Door("账号", "accounts.list_accounts", "account.read", counts_to_confirm, menu=Menu.CARE),
    further=(
        Door("开设账号", "accounts.open_account", "account.write"),
        Door("我的账号", "accounts.show_own", "self.use"),
        Door("代理", "accounts.deputies.show_deputies", "self.use"),
    ),
    nightly=(Nightly("end_lapsed_deputies", run=end_lapsed_by_night),),
    causes=(
        Cause(
            Urgency.DECISION,
            "待确认的授权",
            "去确认",
            "accounts.list_grants",
            ("account.secure",),
            waiting_grants,
            lambda latest: f"{latest.who}：{Role(latest.why or '').label}",
            hint="由系统管理员提出，另一人确认后生效。",
        ),
        Cause(
            Urgency.DECISION,
            "请求重置密码",
            "去核实",
            "accounts.list_accounts",
            ("account.secure",),
            asked_passwords,
            lambda latest: latest.who,
            {"state": "asked"},
            "核实是本人后重置，或不予重置。",
            door=False,
        ),
        Cause(
            Urgency.UPKEEP,
            "被锁定的账号",
            "去查看",
            "accounts.list_accounts",
            ("account.secure",),
            locked_accounts,
            lambda latest: latest.who,
            {"state": "locked"},
            door=False,
        ),
    ),
    events={
        "account.opened": "开设账号",
        "account.linked": "账号关联登记人员",
        "grant.proposed": "提出授权",
        "grant.confirmed": "确认授权",
        "grant.revoked": "撤销授权",
        "deputy.named": "委托代理",
        "deputy.ended": "结束代理",
    },
    facts={
        "confirmed": "即时生效",
        "deputy_for": "代谁办理",
        "ends_on": "结束日期",
        "grant": "授权",
        "login": "登录名",
        "person": "人员",
        "role": "角色",
        "scope": "范围",
        "starts_on": "开始日期",
    },
    code_words={
        **{one.value: one.label for one in Role},
    },
    checks=CHECKS,
    commands=(user,),
    topics=(
        Topic(
            "deputies",
            "请人代理",
            "出差、休假时，同机构或同县的同事在约定日期内代为办理。",
            Chapter.SELF,
            ("workday.confirm", "workday.approve"),
            Door("打开代理", "accounts.deputies.show_deputies", "self.use"),
            ("accounts.deputies.show_deputies",),
        ),
        Topic(
            "accounts",
            "开设账号与授权",
            "系统管理员提出，安全管理员确认，两人办成一件事。",
            Chapter.OFFICE,
            ("account.write", "account.secure"),
            Door("打开账号", "accounts.list_accounts", "account.read"),
            (
                "accounts.list_accounts",
                "accounts.list_grants",
                "accounts.show_account",
                "accounts.open_account",
                "accounts.propose_grant",
                "accounts.link_holder",
            ),
        ),
    ),
    demonstrate=demonstrate_grants,
)
