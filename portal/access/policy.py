"""THE table: permission × role → reach. One cell, one rule; what is not here is refused.

After domain/roles.md of the plan's authors: N all, P own province (either side of a pairing),
C own county, O own organisation, S own records, Op what the partner of the own organisation has
handed in. Some reaches are narrower: an authority changes
only what has its seat at home (Ph, Ch); the sending province decides on the people that it sends
(Ps), the county on the people that are received (Cr).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from models.types import Role

PUBLIC = "public"
"""The permission of a page that is open to everybody."""

SIGNED_IN = "signed_in"
"""What whoever is signed in may do, even while no role is confirmed: leave, and change the password."""

OF_NO_ROLE = frozenset({PUBLIC, SIGNED_IN})


class Reach(Enum):
    """How far inside its scope a role's permission goes."""

    NATION = "N"
    PROVINCE = "P"
    PROVINCE_HOME = "Ph"
    PROVINCE_SENT = "Ps"
    PREFECTURE = "F"
    COUNTY = "C"
    COUNTY_HOME = "Ch"
    COUNTY_RECEIVED = "Cr"
    ORGANISATION = "O"
    PARTNER = "Op"
    SELF = "S"


N, F, O, S = (  # noqa: E741 - the letters of the roles table
    Reach.NATION,
    Reach.PREFECTURE,
    Reach.ORGANISATION,
    Reach.SELF,
)
P, PH, PS = Reach.PROVINCE, Reach.PROVINCE_HOME, Reach.PROVINCE_SENT
C, CH, CR = Reach.COUNTY, Reach.COUNTY_HOME, Reach.COUNTY_RECEIVED


@dataclass(frozen=True, slots=True)
class Permission:
    """A verb on a kind of object, its Chinese name, and who has it how far."""

    name: str
    label: str
    reaches: dict[Role, Reach]


R = Role
EVERYBODY = dict.fromkeys(Role, N)
GOVERNMENT: dict[Role, Reach] = {
    R.NAT_CIVIL: N,
    R.NAT_RURAL: N,
    R.PROV_CIVIL: P,
    R.PROV_RURAL: P,
    R.PREF_CIVIL: F,
    R.PREF_RURAL: F,
    R.COUNTY_CIVIL: C,
    R.COUNTY_RURAL: C,
}
ORGANISATIONS = {R.SEND_MGR: O, R.RECV_MGR: O, R.SEND_STAFF: O, R.RECV_STAFF: O}
MANAGERS = {R.SEND_MGR: O, R.RECV_MGR: O}
STAFF = {R.SEND_STAFF: S, R.RECV_STAFF: S}
SUPPORT = {R.EVALUATOR: P, R.ASSOCIATION: P}
# The rural-revitalisation line below the nation reads working days and sums, no file of a person.
STAFF_READERS: dict[Role, Reach] = {
    role: reach
    for role, reach in {**GOVERNMENT, **MANAGERS, **STAFF, **SUPPORT}.items()
    if role not in (R.PROV_RURAL, R.PREF_RURAL, R.COUNTY_RURAL)
}

PAYERS: dict[Role, Reach] = {R.NAT_CIVIL: N, R.PROV_CIVIL: PS}
"""The ministry pays its subsidy, the sending province what it guarantees (三(一), 三(二))."""
FUND_READERS: dict[Role, Reach] = {
    role: reach for role, reach in GOVERNMENT.items() if role not in (R.PREF_RURAL, R.COUNTY_RURAL)
}

_TABLE = (
    Permission("self.use", "使用本人账号", EVERYBODY),
    Permission("programme.read", "查看计划、政策口径和工作年度", EVERYBODY),
    Permission("programme.write", "设立和关闭计划、工作年度，调整政策口径", {R.NAT_CIVIL: N}),
    Permission("calendar.read", "查看工作日历", EVERYBODY),
    Permission("calendar.write", "维护工作日历", {R.NAT_CIVIL: N, R.SYS_ADMIN: N}),
    Permission(
        "allocation.read",
        "查看任务分配表",
        {**GOVERNMENT, **MANAGERS, R.ASSOCIATION: P},
    ),
    Permission("allocation.write", "编制任务分配表", {R.NAT_CIVIL: N}),
    Permission(
        "organisation.read",
        "查看机构",
        {**GOVERNMENT, **ORGANISATIONS, R.ASSOCIATION: P},
    ),
    Permission("organisation.register", "登记机构", {R.PROV_CIVIL: PH, R.COUNTY_CIVIL: CH}),
    Permission(
        "organisation.write",
        "修改机构",
        {R.PROV_CIVIL: PH, R.COUNTY_CIVIL: CH, **MANAGERS},
    ),
    Permission("person.read", "查看人员（证件脱敏）", STAFF_READERS),
    Permission("person.write", "登记和修改人员", MANAGERS),
    Permission(
        "person.reveal",
        "查看证件号码和电话原文",
        {R.PROV_CIVIL: PH, R.COUNTY_CIVIL: CH, **MANAGERS},
    ),
    Permission("pairing.read", "查看结对", {**GOVERNMENT, **ORGANISATIONS, **SUPPORT}),
    Permission("pairing.write", "建立、变更和终止结对", {R.PROV_CIVIL: P}),
    Permission("assignment.read", "查看选派人员", STAFF_READERS),
    Permission("assignment.write", "提出和结束选派", MANAGERS),
    Permission("assignment.approve", "审批选派", {R.PROV_CIVIL: PS, R.COUNTY_CIVIL: CR}),
    Permission("assignment.except", "批准资格例外", {R.PROV_CIVIL: PS}),
    Permission("document.read", "查看服务证明", STAFF_READERS),
    Permission("document.issue", "开具服务证明", {**MANAGERS, R.PROV_CIVIL: PS}),
    Permission(
        "workday.read",
        "查看工作日志",
        {**GOVERNMENT, **MANAGERS, **STAFF, **SUPPORT},
    ),
    Permission("workday.write", "填报和更正工作日志", STAFF),
    Permission("workday.propose", "为本机构多人代填工作日志", MANAGERS),
    Permission("workday.confirm", "确认本机构工作日志", MANAGERS),
    Permission(
        "workday.dispute",
        "查看对方填报的工作日并提出异议",
        {R.SEND_MGR: Reach.PARTNER, R.RECV_MGR: Reach.PARTNER},
    ),
    Permission("workday.approve", "核准工作日志", {R.COUNTY_CIVIL: C}),
    Permission(
        "fund.read",
        "查看资金安排、拨付和台账",
        {**FUND_READERS, **MANAGERS, R.EVALUATOR: P},
    ),
    Permission("fund.plan", "编制资金安排", PAYERS),
    Permission("fund.approve", "核定资金安排", PAYERS),
    Permission("fund.pay", "登记拨付", PAYERS),
    Permission("fund.receive", "确认到账", {R.SEND_MGR: O}),
    Permission("fund.raise", "登记自行筹措的资金", MANAGERS),
    Permission("fund.transfer", "按协议向对方机构转付资金", {R.SEND_MGR: O}),
    Permission("fund.accept", "确认收到对方机构转付的资金", {R.RECV_MGR: O}),
    Permission(
        "spending.read",
        "查看支出",
        {**FUND_READERS, **MANAGERS, **STAFF, R.EVALUATOR: P},
    ),
    Permission("spending.claim", "登记支出", {**MANAGERS, **STAFF}),
    Permission("spending.book", "支出入账", MANAGERS),
    Permission("spending.review", "抽查支出、核准其他类支出", {R.PROV_CIVIL: PH}),
    Permission("spending.rule", "调整本省支出范围", {R.PROV_CIVIL: PH}),
    Permission("settlement.submit", "提交年度结算", MANAGERS),
    Permission("settlement.settle", "核定年度结算", {R.PROV_CIVIL: PH}),
    Permission(
        "fund.question",
        "查看资金疑点和审核记录",
        {
            R.NAT_CIVIL: N,
            R.NAT_RURAL: N,
            R.PROV_CIVIL: PH,
            R.PROV_RURAL: PH,
            R.EVALUATOR: PH,
            **MANAGERS,
        },
    ),
    Permission("fund.review", "询问和审核机构的资金", {R.PROV_CIVIL: PH}),
    Permission("fund.answer", "说明资金疑点、报告整改", MANAGERS),
    Permission(
        "award.read",
        "查看证书奖补",
        {R.NAT_CIVIL: N, R.PROV_CIVIL: PH, **MANAGERS, **STAFF},
    ),
    Permission("award.claim", "申请证书奖补", {**MANAGERS, **STAFF}),
    Permission("award.decide", "核验、公示和发放证书奖补", {R.PROV_CIVIL: PH}),
    Permission("award.rule", "登记本省证书奖补规定", {R.PROV_CIVIL: PH}),
    Permission("summary.read", "查看汇总", {**GOVERNMENT, **MANAGERS, **STAFF, **SUPPORT}),
    Permission(
        "summary.export",
        "导出汇总",
        {R.NAT_CIVIL: N, R.NAT_RURAL: N, R.PROV_CIVIL: P, R.PROV_RURAL: P, R.COUNTY_CIVIL: C},
    ),
    Permission("dashboard.read", "查看图表", {**GOVERNMENT, **MANAGERS, **SUPPORT}),
    Permission(
        "import.use",
        "批量导入",
        # The system administrator's files open accounts and nothing else.
        {R.NAT_CIVIL: N, R.PROV_CIVIL: P, R.COUNTY_CIVIL: C, **MANAGERS, R.SYS_ADMIN: N},
    ),
    Permission("account.read", "查看账号", {R.SYS_ADMIN: N, R.SEC_ADMIN: N}),
    Permission("account.write", "开设和停用账号、提出授权", {R.SYS_ADMIN: N}),
    Permission("account.secure", "确认授权、解锁和强制下线", {R.SEC_ADMIN: N}),
    Permission("audit.read", "查看审计记录", {R.AUDIT_ADMIN: N}),
    Permission("feedback.read", "查看投诉建议", {R.SYS_ADMIN: N, R.AUDIT_ADMIN: N}),
    Permission("feedback.answer", "答复投诉建议", {R.SYS_ADMIN: N}),
    Permission("map.write", "管理标准地图", {R.SYS_ADMIN: N}),
    Permission("job.read", "查看后台任务", {**dict.fromkeys(Role, S), R.SYS_ADMIN: N}),
    Permission("job.retry", "重试未办成的后台任务", {R.SYS_ADMIN: N}),
    Permission("design.read", "查看设计组件", EVERYBODY),
)

POLICY: dict[str, Permission] = {permission.name: permission for permission in _TABLE}

ADMINISTRATORS = frozenset({R.SYS_ADMIN, R.SEC_ADMIN, R.AUDIT_ADMIN})
"""三员分立: no person holds two of these, and none of them holds a business role."""
