"""The accounts of the demonstration programme, one a role and a second province; opened by ``flask demo`` only."""

from __future__ import annotations

from typing import NamedTuple

from models.types import Role

DEMO_PASSWORD = "yanshi-2026-qianshou"  # noqa: S105 - of invented accounts on invented data


class DemoAccount(NamedTuple):
    """An account shown on the sign-in page of a demonstration; ``note`` says what to look at.

    ``scope`` is empty where the role has only one in the demonstration (portal/demo/actions.py).
    """

    role: Role
    login: str
    note: str
    scope: str = ""
    password: str = DEMO_PASSWORD

    @property
    def role_label(self) -> str:
        return self.role.label


SENDING_PROVINCE = "350000"
"""福建省, which sends to the county that the other accounts are of."""

DEMO_ACCOUNTS = (
    DemoAccount(Role.SEND_STAFF, "yanshi-send-staff", "填报今天的工作日志"),
    DemoAccount(Role.SEND_MGR, "yanshi-send-mgr", "确认本机构日志，查看达标情况"),
    DemoAccount(Role.RECV_STAFF, "yanshi-recv-staff", "受援一方填报"),
    DemoAccount(Role.RECV_MGR, "yanshi-recv-mgr", "受援一方确认"),
    DemoAccount(Role.COUNTY_CIVIL, "yanshi-county", "核准日志，审批受援人员"),
    DemoAccount(Role.COUNTY_RURAL, "yanshi-county-rural", "查看本县进展"),
    DemoAccount(Role.PREF_CIVIL, "yanshi-pref", "查看本市各县"),
    DemoAccount(Role.PREF_RURAL, "yanshi-pref-rural", "查看本市各县"),
    DemoAccount(Role.PROV_CIVIL, "yanshi-prov", "受援省：确认结对、汇总"),
    DemoAccount(Role.PROV_CIVIL, "yanshi-prov-send", "援派省：审批援派人员", SENDING_PROVINCE),
    DemoAccount(Role.PROV_RURAL, "yanshi-prov-rural", "查看本省进展"),
    DemoAccount(Role.NAT_CIVIL, "yanshi-national", "全国汇总、政策口径、工作年度"),
    DemoAccount(Role.NAT_RURAL, "yanshi-national-rural", "全国汇总"),
    DemoAccount(Role.EVALUATOR, "yanshi-evaluator", "评估查看"),
    DemoAccount(Role.ASSOCIATION, "yanshi-association", "行业组织查看"),
    DemoAccount(Role.SYS_ADMIN, "yanshi-sys-admin", "开设账号、维护日历"),
    DemoAccount(Role.SEC_ADMIN, "yanshi-sec-admin", "确认授权、解锁"),
    DemoAccount(Role.AUDIT_ADMIN, "yanshi-audit-admin", "查看审计记录"),
)
