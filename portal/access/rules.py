"""What a login, a password, a grant must be. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from models.types import Role, ScopeKind
from portal.access.common_password_rules import is_common
from portal.access.policy import ADMINISTRATORS, MANAGERS, STAFF
from portal.refusals import Refusal

MAX_NAME = 60
"""Characters of the name of who holds an account."""

MIN_PASSWORD = 12
MAX_PASSWORD = 128
MIN_DISTINCT_CHARACTERS = 5
REMEMBERED = 5
"""The last passwords that may not come back (等保 2.0)."""

LOCK_AFTER = 5
"""Failed attempts after which an account is locked (等保 2.0): those from new places together,
those with one known device, those from one known address."""

LOCKED_FOR = timedelta(minutes=15)

MOST_FROM_ADDRESS = 50
"""Failures from one address in a window; a county office shares one address."""

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


class Where(Enum):
    """From where somebody signs in, seen from the account: the nearer, the less others weigh."""

    DEVICE = "a browser that this account has signed in with before"
    ADDRESS = "an address from which this account has signed in before"
    NEW = "anywhere else"


class CountedAttempts(NamedTuple):
    """What is counted against an attempt. ``at_place`` is how many it is there, itself included."""

    where: Where
    at_place: int
    is_address_spent: bool
    is_account_open: bool


def may_compare(standing: CountedAttempts) -> bool:
    """Say whether an attempt is compared with the password at all.

    A known place has five attempts of its own, whatever others do there or elsewhere. All new
    places share the five of the account, and an address fifty for all accounts.
    """
    if standing.where is not Where.NEW:
        return standing.at_place <= LOCK_AFTER
    return standing.is_account_open and not standing.is_address_spent


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


def refusals_for_name(name: str) -> list[Refusal]:
    """Say why nobody can be called so; ``name`` is in its stored form."""
    if not name:
        return [Refusal("name", "missing_value", "请填写使用人姓名。")]
    if len(name) > MAX_NAME:
        sentence = f"姓名 {len(name)} 字，超过上限 {MAX_NAME} 字。"
        return [Refusal("name", "text_too_long", sentence)]
    return []


def refusals_for_password(
    password: str, *, login: str, is_remembered: bool = False
) -> list[Refusal]:
    """Say why this password cannot be used.

    ``is_remembered`` says that it is one of the last five of the account.
    """
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
    elif is_common(password, (login,)) or len(set(password)) < MIN_DISTINCT_CHARACTERS:
        refusals.append(
            Refusal(
                "password",
                "password_common",
                "该密码过于常见或重复，请换一个不易猜到的，例如几个互不相关的词。",
            )
        )
    if is_remembered:
        refusals.append(
            Refusal(
                "password",
                "password_reused",
                f"不能使用最近 {REMEMBERED} 次用过的密码，请换一个。",
            )
        )
    return refusals


def refusals_for_scope(role: Role, code: str, kind: ScopeKind | None) -> list[Refusal]:
    """Say why a role cannot be held over a scope; ``kind`` is None for a code nobody knows."""
    if kind is None:
        return [
            Refusal(
                "scope_code",
                "unknown_scope",
                f"范围代码“{code}”不存在：全国填“全国”，地区填区划全称（如“红寺堡区”）或代码，机构填全称或统一社会信用代码。",
            )
        ]
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


def refusals_for_holder(
    role: Role,
    *,
    organisation_id: int | None,
    scope_organisation_id: int | None,
    may_be_unregistered: bool,
) -> list[Refusal]:
    """Say why this person cannot hold a role in an organisation.

    ``organisation_id`` is where the person is registered, None for nobody's. A worker logs days
    as the person that is assigned, so a worker's account must be that person's.
    """
    if role not in STAFF and role not in MANAGERS:
        return []
    if organisation_id is None:
        if may_be_unregistered or role in MANAGERS:
            return []
        return [
            Refusal(
                "name",
                "not_registered",
                f"“{role.label}”的账号须属于该机构已登记的人员，"
                "请先由机构负责人登记此人，再开设账号。",
            )
        ]
    if organisation_id != scope_organisation_id:
        return [
            Refusal(
                "name", "other_organisation", "该人员登记在另一家机构，不能持有这家机构的角色。"
            )
        ]
    return []


def refusals_for_grant(
    role: Role, held: Collection[Role], *, is_held: bool = False
) -> list[Refusal]:
    """三员分立: an administrator holds one administrator's role and no business role.

    ``held`` are the roles of the person, over all accounts; ``is_held`` says that this account
    has, or waits for, the very same grant.
    """
    if is_held:
        return [Refusal("role", "duplicate", f"该账号已有或正等待同一范围的“{role.label}”授权。")]
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


def refusals_for_switching(
    *, is_disabled: bool, disable: bool, is_own_account: bool
) -> list[Refusal]:
    """Say why an account cannot be switched off or on."""
    if is_disabled == disable:
        word = "停用" if disable else "启用"
        return [Refusal("", "wrong_state", f"该账号已经{word}，无须再次办理。")]
    if is_own_account:
        return [Refusal("", "own_entry", "不能停用或启用本人的账号，请由另一名管理员办理。")]
    return []


def refusals_for_last_administrators(kinds: Collection[Role], verb: str) -> list[Refusal]:
    """Say of which kinds of administrator nobody would be left (等保 2.0: 三员缺一不可).

    ``kinds`` are those whose only enabled holder is the account that is to be 停用 or 撤销.
    """
    return [
        Refusal(
            "",
            "last_administrator",
            f"该账号是唯一启用的“{kind.label}”，{verb}后三员缺一。请先为另一人提出“{kind.label}”"
            f"授权，经确认生效后再{verb}。",
        )
        for kind in sorted(kinds)
    ]


def refusals_for_reset(
    held: Collection[Role], *, is_own_account: bool, is_operator: bool
) -> list[Refusal]:
    """Say why a password cannot be set by somebody else.

    Whoever sets a password can use the account until its owner changes it. An administrator who
    could do that to another administrator would be two of the three.
    """
    if is_operator:
        return []
    if is_own_account:
        return [Refusal("", "own_entry", "本人的密码请在“修改密码”中修改。")]
    administrators = [role for role in held if role in ADMINISTRATORS]
    if administrators:
        return [
            Refusal(
                "",
                "separation_of_duties",
                f"该人员是“{administrators[0].label}”。按三员分立要求，管理员的密码只能由服务器"
                "操作员用命令 flask user password 重置。",
            )
        ]
    return []


def refusals_for_link(*, is_registered: bool, roles: Collection[Role]) -> list[Refusal]:
    """Say why an account cannot be given to a registered person (see ``link_person``)."""
    if is_registered:
        return [Refusal("", "wrong_state", "该账号已关联到登记人员，不能再改。")]
    if not any(role in STAFF or role in MANAGERS for role in roles):
        return [Refusal("", "wrong_role", "只有机构负责人和社工的账号需要关联登记人员。")]
    return []


def both_have_signed(name: str) -> Refusal:
    """Say that an account cannot be given to whoever was the second person for its holder."""
    return Refusal(
        "",
        "same_person_twice",
        f"该账号经手的事项中，有的已由{name}本人确认、核准或批准，关联后一人办理了两个环节，不能关联；"
        "请核对是否选错了人。确为同一人的，请先由其他人员退回或更正这些事项。",
    )
