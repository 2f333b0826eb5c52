"""What a login, a password, a grant must be. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from models.types import Role, ScopeKind
from portal.access.policy import ADMINISTRATORS
from portal.refusals import Refusal

MIN_PASSWORD = 12
MAX_PASSWORD = 128
MIN_DISTINCT_CHARACTERS = 5
LOGIN_PATTERN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")

SCOPES_OF_ROLE: dict[Role, frozenset[ScopeKind]] = {
    Role.NAT_CIVIL: frozenset({ScopeKind.NATION}),
    Role.NAT_RURAL: frozenset({ScopeKind.NATION}),
    Role.PROV_CIVIL: frozenset({ScopeKind.PROVINCE}),
    Role.PROV_RURAL: frozenset({ScopeKind.PROVINCE}),
    Role.PREF_CIVIL: frozenset({ScopeKind.PREFECTURE}),
    Role.PREF_RURAL: frozenset({ScopeKind.PREFECTURE}),
    Role.COUNTY_CIVIL: frozenset({ScopeKind.COUNTY}),
    Role.COUNTY_RURAL: frozenset({ScopeKind.COUNTY}),
    Role.SEND_MGR: frozenset({ScopeKind.ORGANISATION}),
    Role.SEND_STAFF: frozenset({ScopeKind.ORGANISATION}),
    Role.RECV_MGR: frozenset({ScopeKind.ORGANISATION}),
    Role.RECV_STAFF: frozenset({ScopeKind.ORGANISATION}),
    Role.EVALUATOR: frozenset({ScopeKind.NATION, ScopeKind.PROVINCE}),
    Role.ASSOCIATION: frozenset({ScopeKind.NATION, ScopeKind.PROVINCE}),
    Role.SYS_ADMIN: frozenset({ScopeKind.NATION}),
    Role.SEC_ADMIN: frozenset({ScopeKind.NATION}),
    Role.AUDIT_ADMIN: frozenset({ScopeKind.NATION}),
}


def refusals_for_login(login: str, *, is_taken: bool) -> list[Refusal]:
    """Say why this login name cannot be used."""
    if not LOGIN_PATTERN.fullmatch(login):
        return [
            Refusal(
                "login",
                "invalid_value",
                "登录名应为 3–60 位小写字母、数字或 . _ @ -，以字母或数字开头。",
            )
        ]
    if is_taken:
        return [Refusal("login", "duplicate", f"登录名“{login}”已被使用，请换一个。")]
    return []


def refusals_for_password(
    password: str, *, login: str, common: Collection[str] = ()
) -> list[Refusal]:
    """Say why this password is too weak: length, the login in it, or a well-known one."""
    refusals = []
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        refusals.append(
            Refusal(
                "password",
                "password_length",
                f"密码应为 {MIN_PASSWORD}–{MAX_PASSWORD} 位，实际为 {len(password)} 位。",
            )
        )
    if login and login.lower() in password.lower():
        refusals.append(Refusal("password", "password_has_login", "密码不能包含登录名。"))
    if password.lower() in common or len(set(password)) < MIN_DISTINCT_CHARACTERS:
        refusals.append(
            Refusal("password", "password_common", "该密码过于常见或重复，请换一个不易猜到的。")
        )
    return refusals


def refusals_for_scope(role: Role, kind: ScopeKind) -> list[Refusal]:
    """Say why a role cannot be held over this kind of scope."""
    allowed = SCOPES_OF_ROLE[role]
    if kind in allowed:
        return []
    wanted = "或".join(sorted(one.label for one in allowed))
    return [
        Refusal(
            "scope_code",
            "wrong_scope",
            f"角色“{role.label}”的范围应为{wanted}，实际为{kind.label}。",
        )
    ]


def refusals_for_grant(role: Role, held: Collection[Role]) -> list[Refusal]:
    """三员分立: an administrator holds one administrator's role and no business role."""
    others = [one for one in held if one != role]
    clash = [one for one in others if role in ADMINISTRATORS or one in ADMINISTRATORS]
    if not clash:
        return []
    return [
        Refusal(
            "role",
            "separation_of_duties",
            f"该人员已有“{clash[0].label}”角色，按三员分立要求不能再授予“{role.label}”。",
        )
    ]


def refusals_for_confirmation(
    *, is_open: bool, is_own_proposal: bool, is_own_account: bool
) -> list[Refusal]:
    """Say why a grant cannot be confirmed by this administrator."""
    if not is_open:
        return [Refusal("", "wrong_state", "该授权已确认或已撤销。")]
    if is_own_proposal or is_own_account:
        return [Refusal("", "own_entry", "授权须由另一名管理员确认，不能由提出人或本人确认。")]
    return []
