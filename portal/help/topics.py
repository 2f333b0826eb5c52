"""The tasks that have a page of help: whom they concern, where they are done, what they explain.

The text of each stands in ``templates/help/tasks/<slug>.html``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from models.types import Role
from portal.access.actor import Actor
from portal.access.policy import POLICY, Reach

REACHES: dict[Reach, str] = {
    Reach.NATION: "全国",
    Reach.PROVINCE: "本省（结对任一方）",
    Reach.PROVINCE_HOME: "本省所在",
    Reach.PROVINCE_SENT: "本省派出",
    Reach.PREFECTURE: "本地市",
    Reach.COUNTY: "本县",
    Reach.COUNTY_HOME: "本县所在",
    Reach.COUNTY_RECEIVED: "本县受援",
    Reach.ORGANISATION: "本机构",
    Reach.SELF: "本人",
}
"""How far a role reaches, in words."""


class Door(NamedTuple):
    """The page where the task is done, for whoever holds the permission."""

    label: str
    endpoint: str
    permission: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of help. ``pages`` are the endpoints whose 本页帮助 it is."""

    slug: str
    title: str
    summary: str
    group: str
    permissions: tuple[str, ...]
    door: Door | None = None
    pages: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return f"help/tasks/{self.slug}.html"

    def concerns(self, actor: Actor) -> bool:
        """Has the actor something to do with this task?"""
        return any(actor.holds(permission) for permission in self.permissions)


class Who(NamedTuple):
    """Who may do one thing: the permission's label, and each role with how far it reaches."""

    what: str
    roles: list[tuple[Role, str]]
    is_everybody: bool


def who_may(topic: Topic) -> list[Who]:
    """Return who may do a task, as the policy table says it now."""
    found = []
    for name in topic.permissions:
        permission = POLICY[name]
        roles = [(role, REACHES[reach]) for role, reach in permission.reaches.items()]
        found.append(Who(permission.label, roles, len(roles) == len(Role)))
    return found


DAYS, PAIRS, FIGURES, OFFICE, SELF = "工作日志", "结对和人员", "汇总和导入", "管理", "使用本平台"
GROUPS = (DAYS, PAIRS, FIGURES, OFFICE, SELF)

TOPICS: tuple[Topic, ...] = (
    Topic(
        "log-workday",
        "填报工作日",
        "一天一条，手机上三步完成；可存草稿、可补录。",
        DAYS,
        ("workday.write",),
        Door("填报工作日", "workdays.log_workday", "workday.write"),
        ("workdays.log_workday", "workdays.show_receipt", "workdays.list_workdays"),
    ),
    Topic(
        "mend-returned",
        "被退回怎么改",
        "看退回原因、修改、重新提交，或作废。",
        DAYS,
        ("workday.write",),
        Door("查看我的日志", "workdays.list_workdays", "workday.write"),
        ("workdays.edit_workday", "workdays.show_workday"),
    ),
    Topic(
        "correct-workday",
        "更正已核准的日志",
        "已核准的不能直接改：申请更正，重新确认和核准。",
        DAYS,
        ("workday.write",),
        Door("查看我的日志", "workdays.list_workdays", "workday.write"),
        ("corrections.correct_workday",),
    ),
    Topic(
        "papers",
        "月报表、服务证明和情况表",
        "打印月报表签字，开具、重开和核验服务证明，打印结对情况表。",
        DAYS,
        ("workday.read", "document.issue", "document.read"),
        Door("核验服务证明", "papers.verify_document", "document.read"),
        (
            "papers.show_month",
            "papers.issue_certificate",
            "papers.show_document",
            "papers.verify_document",
            "papers.show_pairing",
        ),
    ),
    Topic(
        "confirm-workdays",
        "确认本机构日志",
        "机构负责人成批核对、确认或退回。",
        DAYS,
        ("workday.confirm",),
        Door("打开待确认", "confirmations.confirm_workdays", "workday.confirm"),
        ("confirmations.confirm_workdays", "confirmations.return_to_person"),
    ),
    Topic(
        "approve-workdays",
        "核准日志",
        "县级民政部门核准后，天数才计入。",
        DAYS,
        ("workday.approve",),
        Door("打开待核准", "confirmations.approve_workdays", "workday.approve"),
        ("confirmations.approve_workdays", "confirmations.return_from_county"),
    ),
    Topic(
        "register",
        "登记机构与人员",
        "机构由所在地民政部门登记，人员和证书由机构登记。",
        PAIRS,
        ("organisation.register", "person.write"),
        Door("打开机构", "organisations.list_organisations", "organisation.read"),
        (
            "organisations.list_organisations",
            "organisations.show_organisation",
            "organisations.register_organisation",
            "organisations.edit_organisation",
            "organisations.reveal",
            "people.list_people",
            "people.show_person",
            "people.register_person",
            "changes.people.edit_person",
            "changes.people.record_certificate",
            "people.reveal",
        ),
    ),
    Topic(
        "nominate",
        "提名人员",
        "机构提名，援派省或受援县审批，资格自动核对。",
        PAIRS,
        ("assignment.write", "assignment.approve", "assignment.except"),
        Door("打开选派", "staffing.list_assignments", "assignment.read"),
        (
            "staffing.list_assignments",
            "staffing.list_nominations",
            "staffing.assignment",
            "staffing.nominate",
            "staffing.reject_assignment",
            "staffing.grant_exception",
            "staffing.end_assignment",
            "staffing.replace_assignment",
        ),
    ),
    Topic(
        "create-pairing",
        "建立结对",
        "一对一；跨省的由另一省确认后生效；也说明怎样不同意、撤回和终止。",
        PAIRS,
        ("pairing.write",),
        Door("打开结对", "pairings.list_pairings", "pairing.read"),
        (
            "pairings.list_pairings",
            "pairings.pairing",
            "pairings.create_pairing",
            "changes.pairings.decide_on_exception",
            "changes.pairings.decline_pairing",
            "changes.pairings.terminate_pairing",
        ),
    ),
    Topic(
        "record-agreement",
        "登记帮扶协议",
        "双方签订后，登记编号和签订日期。",
        PAIRS,
        ("pairing.write",),
        Door("打开结对", "pairings.list_pairings", "pairing.read"),
        ("pairings.record_agreement",),
    ),
    Topic(
        "import",
        "批量导入",
        "下载模板、填写、上传检查、看错误、确认写入。",
        FIGURES,
        ("import.use",),
        Door("打开批量导入", "imports.list_imports", "import.use"),
        (
            "imports.list_imports",
            "imports.upload_file",
            "imports.show_import",
            "imports.confirm_claims",
        ),
    ),
    Topic(
        "summary",
        "查汇总与导出",
        "每个数字都能点到明细；导出 Excel、CSV、PDF、Word、JSON。",
        FIGURES,
        ("summary.read", "summary.export"),
        Door("打开汇总", "summaries.show_summary", "summary.read"),
        ("summaries.show_summary", "summaries.show_province", "summaries.export_summary"),
    ),
    Topic(
        "as-of",
        "数据截至某日怎么查",
        "按某一天结束时系统已知的情况重算汇总。",
        FIGURES,
        ("summary.read",),
        Door("打开汇总", "summaries.show_summary", "summary.read"),
    ),
    Topic(
        "charts",
        "看图表",
        "进度、阶段、分省、流向、各月工作日，一张图一张表。",
        FIGURES,
        ("dashboard.read",),
        Door("打开图表", "dashboards.show_dashboard", "dashboard.read"),
        ("dashboards.show_dashboard",),
    ),
    Topic(
        "calendar",
        "维护工作日历",
        "按国务院办公厅通知录入放假和调休，先看影响再保存。",
        OFFICE,
        ("calendar.write",),
        Door("打开工作日历", "calendar.calendar", "calendar.read"),
        ("calendar.show_year", "changes.calendar.load_notice", "changes.calendar.edit_day"),
    ),
    Topic(
        "policy",
        "调整政策口径",
        "每个数字都有依据和生效日期；调整从某日起，原值保留。",
        OFFICE,
        ("programme.write",),
        Door("打开政策口径", "programme.show_policy", "programme.read"),
        ("programme.show_policy", "programme.show_parameter", "changes.programme.change_parameter"),
    ),
    Topic(
        "close-year",
        "设立和关闭工作年度",
        "下一期计划和工作年度提前设立；关闭后数字不再变动，确需补正时可重新开放。",
        OFFICE,
        ("programme.write",),
        Door("打开计划", "programme.show_programmes", "programme.read"),
        (
            "programme.show_programmes",
            "changes.programme.open_period",
            "programme.close_period",
            "changes.programme.open_year",
            "programme.close_year",
            "changes.programme.reopen",
        ),
    ),
    Topic(
        "accounts",
        "开设账号与授权",
        "系统管理员提出，安全管理员确认，两人办成一件事。",
        OFFICE,
        ("account.write", "account.secure"),
        Door("打开账号", "accounts.list_accounts", "account.read"),
        (
            "accounts.list_accounts",
            "accounts.show_account",
            "accounts.open_account",
            "accounts.propose_grant",
            "accounts.link_holder",
        ),
    ),
    Topic(
        "search",
        "搜索与快捷键",
        "县、机构、结对、人员、页面，一处搜索；Ctrl+K。",
        SELF,
        ("self.use",),
        Door("打开搜索", "search.search", "self.use"),
        ("search.search",),
    ),
    Topic(
        "display",
        "显示设置与关怀版",
        "大字的关怀版、高对比、紧凑表格。",
        SELF,
        ("self.use",),
        Door("打开显示设置", "display.show_display", "self.use"),
        ("display.show_display",),
    ),
)
BY_SLUG: dict[str, Topic] = {topic.slug: topic for topic in TOPICS}
BY_PAGE: dict[str, Topic] = {page: topic for topic in TOPICS for page in topic.pages}


class Group(NamedTuple):
    """Topics under one heading."""

    title: str
    topics: list[Topic]


def grouped(topics: Iterable[Topic]) -> list[Group]:
    """Return topics by what they are about, empty groups left out."""
    found = list(topics)
    groups = [Group(title, [one for one in found if one.group == title]) for title in GROUPS]
    return [group for group in groups if group.topics]


def own_first(actor: Actor | None) -> tuple[list[Topic], list[Group]]:
    """Return what concerns the actor's roles in the order of the work, and all the rest by group."""
    own = [one for one in TOPICS if actor is not None and one.concerns(actor)]
    return own, grouped(one for one in TOPICS if one not in own)
