"""代理: who may lend which role to whom, and for how long. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from models.types import GrantState, Role
from portal.access.policy import ADMINISTRATORS, MANAGERS
from portal.refusals import Refusal

LENDABLE = frozenset({*MANAGERS, Role.COUNTY_CIVIL})
"""Roles whose decisions others wait for every day."""

LONGEST_DAYS = 90
"""Beyond it somebody needs a grant of their own, by two administrators."""


class Lent(NamedTuple):
    """A grant that its holder wants to lend. ``is_enabled`` says so of its account."""

    role: Role
    state: GrantState
    person_id: int
    organisation_id: int | None
    is_lent: bool
    has_deputy: bool
    is_enabled: bool = True


class Deputy(NamedTuple):
    """Whom the holder names. ``is_near`` says that the account belongs to the same scope already."""

    person_id: int
    organisation_id: int | None
    roles: Collection[Role]
    is_enabled: bool
    is_near: bool
    holds_it: bool


def refusals_for_deputy(
    lent: Lent,
    deputy: Deputy,
    *,
    person_id: int | None,
    starts_on: date,
    ends_on: date,
    today: date,
) -> list[Refusal]:
    """Say every reason why a role cannot be lent to this account for these dates."""
    return [
        *_about_the_grant(lent, person_id),
        *_about_the_deputy(lent, deputy),
        *_about_the_dates(starts_on, ends_on, today),
    ]


def _about_the_grant(lent: Lent, person_id: int | None) -> list[Refusal]:
    holds = lent.state is GrantState.CONFIRMED and lent.is_enabled
    if lent.person_id != person_id or lent.is_lent or not holds:
        return [Refusal("", "own_entry", "只能委托本人持有且有效的角色；代理来的角色不能再委托。")]
    if lent.role not in LENDABLE:
        return [
            Refusal(
                "",
                "wrong_role",
                f"“{lent.role.label}”不能委托；可以委托的是机构负责人和县级民政部门的角色。",
            )
        ]
    if lent.has_deputy:
        return [
            Refusal(
                "",
                "duplicate",
                "这个角色已有代理人（含尚未开始的），同一时间只能有一人；请先结束那一项代理。",
            )
        ]
    return []


def _about_the_deputy(lent: Lent, deputy: Deputy) -> list[Refusal]:
    def refused(code: str, sentence: str) -> list[Refusal]:
        return [Refusal("deputy", code, sentence)]

    if deputy.person_id == lent.person_id:
        return refused("own_entry", "代理人应为另一人，所选账号也是您本人的。")
    if not deputy.is_enabled:
        return refused("wrong_state", "所选账号已停用，请选择其他账号。")
    if not deputy.is_near:
        where = "本机构" if lent.organisation_id is not None else "本县"
        return refused("out_of_scope", f"代理人应持有{where}的有效角色，请选择{where}的账号。")
    if deputy.holds_it:
        return refused("duplicate", "该账号的使用人已有同样的角色，无须代理即可办理。")
    if any(role in ADMINISTRATORS for role in deputy.roles):
        return refused("separation_of_duties", "三员分立：系统、安全和审计管理员不能代理业务角色。")
    if lent.organisation_id is not None and deputy.organisation_id not in (
        None,
        lent.organisation_id,
    ):
        return refused("other_organisation", "该人员登记在另一家机构，不能代理这家机构的角色。")
    return []


def _about_the_dates(starts_on: date, ends_on: date, today: date) -> list[Refusal]:
    if starts_on < today:
        return [
            Refusal(
                "starts_on",
                "invalid_value",
                f"代理不能从过去开始：填写的是 {starts_on}，最早为今天（{today}）。",
            )
        ]
    if ends_on < starts_on:
        return [
            Refusal(
                "ends_on",
                "invalid_value",
                f"结束日期 {ends_on} 早于开始日期 {starts_on}，请核对。",
            )
        ]
    days = (ends_on - starts_on).days + 1
    if days > LONGEST_DAYS:
        return [
            Refusal(
                "ends_on",
                "invalid_value",
                f"代理最长 {LONGEST_DAYS} 天，填写的是 {days} 天；更久的请系统管理员另行授权。",
            )
        ]
    return []
