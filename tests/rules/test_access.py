"""Logins, passwords, scopes and the separation of the three administrators."""

import pytest

from models.types import Role, ScopeKind
from portal.access import rules
from portal.access.common_password_rules import is_common


def codes(refusals):
    assert all(one.sentence.endswith("。") for one in refusals)
    return [(one.field, one.code) for one in refusals]


@pytest.mark.parametrize("login", ["abc", "zhang.san", "zhang_san-1@fj", "0755", "a" * 60])
def test_accepts_a_login(login):
    assert rules.refusals_for_login(login, is_taken=False) == []


@pytest.mark.parametrize("login", ["", "ab", "Zhang", "张三", ".abc", "a b c", "a" * 61, "abc\n"])
def test_refuses_a_login(login):
    assert codes(rules.refusals_for_login(login, is_taken=False)) == [("login", "invalid_value")]


def test_refuses_a_login_that_somebody_has():
    assert codes(rules.refusals_for_login("zhangsan", is_taken=True)) == [("login", "duplicate")]


@pytest.mark.parametrize(
    "password",
    [
        "teal-otter-9-planks",
        "correct-horse-7-battery",
        "yanshi-2026-qianshou",
        "春江花月夜2026何处无月",
        "x7#kQ!m2&zP9",
        "a1b2c3d4e5g7",
        "k" * 8 + "abcd" + "z" * 116,
    ],
)
def test_accepts_a_password(password):
    assert rules.refusals_for_password(password, login="zhangsan") == []


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("x7#kQ!m2&zP", "password_length"),
        ("", "password_length"),
        ("x7#kQ!m2&zP9" * 11, "password_length"),
        ("9-zhangsan-kQ!m2", "password_has_login"),
        ("9-ZhangSan-kQ!m2", "password_has_login"),
        ("password1234", "password_common"),
        ("P@ssw0rd2022!", "password_common"),
        ("Qianshou2022!!", "password_common"),
        ("adm1n1strator!", "password_common"),
        ("123456789012", "password_common"),
        ("a1b2c3d4e5f6", "password_common"),
        ("x7#kx7#kx7#k", "password_common"),
        ("abababababac", "password_common"),
    ],
)
def test_refuses_a_password(password, expected):
    found = codes(rules.refusals_for_password(password, login="zhangsan"))
    assert ("password", expected) in found


def test_refuses_a_password_that_was_used_before():
    found = rules.refusals_for_password("teal-otter-9-planks", login="abc", is_remembered=True)
    assert codes(found) == [("password", "password_reused")]


def test_knows_the_login_itself_as_common():
    assert is_common("z-h-a-n-g-s-a-n", ["zhangsan"])
    assert not is_common("z-h-a-n-g-s-a-n", ["lisi"])


def test_refuses_a_scope_that_nobody_knows():
    found = rules.refusals_for_scope(Role.PROV_CIVIL, "999999", None)
    assert codes(found) == [("scope_code", "unknown_scope")]


@pytest.mark.parametrize(
    ("role", "kind", "allowed"),
    [
        (Role.PROV_CIVIL, ScopeKind.PROVINCE, True),
        (Role.PROV_CIVIL, ScopeKind.NATION, False),
        (Role.COUNTY_CIVIL, ScopeKind.PROVINCE, False),
        (Role.SEND_STAFF, ScopeKind.ORGANISATION, True),
        (Role.SEND_STAFF, ScopeKind.COUNTY, False),
        (Role.EVALUATOR, ScopeKind.NATION, True),
        (Role.EVALUATOR, ScopeKind.PROVINCE, True),
        (Role.SYS_ADMIN, ScopeKind.PROVINCE, False),
    ],
)
def test_a_role_is_held_over_its_own_kind_of_scope(role, kind, allowed):
    assert (rules.refusals_for_scope(role, "x", kind) == []) is allowed


HERE, ELSEWHERE = 1, 2


@pytest.mark.parametrize(
    ("role", "organisation_id", "may_be_unregistered", "expected"),
    [
        (Role.SEND_STAFF, HERE, False, None),
        (Role.SEND_STAFF, ELSEWHERE, True, "other_organisation"),
        (Role.SEND_STAFF, None, False, "not_registered"),
        (Role.SEND_STAFF, None, True, None),
        (Role.RECV_MGR, None, False, None),
        (Role.RECV_MGR, ELSEWHERE, False, "other_organisation"),
        (Role.COUNTY_CIVIL, None, False, None),
        (Role.COUNTY_CIVIL, ELSEWHERE, False, None),
    ],
)
def test_who_may_hold_a_role_of_an_organisation(
    role, organisation_id, may_be_unregistered, expected
):
    found = rules.refusals_for_holder(
        role,
        organisation_id=organisation_id,
        scope_organisation_id=HERE,
        may_be_unregistered=may_be_unregistered,
    )
    assert codes(found) == ([("name", expected)] if expected else [])


ADMINISTRATORS = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN)


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("wanted", list(Role))
def test_an_administrator_holds_no_second_role(held, wanted):
    found = rules.refusals_for_grant(wanted, {held})
    if wanted == held:
        assert found == []
    else:
        assert codes(found) == [("role", "separation_of_duties")]
        assert held.label in found[0].sentence
        assert wanted.label in found[0].sentence


@pytest.mark.parametrize("wanted", ADMINISTRATORS)
def test_no_business_role_is_joined_by_an_administrators(wanted):
    found = rules.refusals_for_grant(wanted, {Role.COUNTY_CIVIL})
    assert codes(found) == [("role", "separation_of_duties")]


def test_business_roles_may_be_joined():
    assert rules.refusals_for_grant(Role.PROV_CIVIL, {Role.PREF_CIVIL, Role.EVALUATOR}) == []


def test_refuses_the_same_grant_twice():
    found = rules.refusals_for_grant(Role.PROV_CIVIL, {Role.PROV_CIVIL}, is_held=True)
    assert codes(found) == [("role", "duplicate")]


@pytest.mark.parametrize(
    ("is_disabled", "disable", "is_own_account", "expected"),
    [
        (False, True, False, None),
        (True, False, False, None),
        (True, True, False, "wrong_state"),
        (False, False, False, "wrong_state"),
        (False, True, True, "own_entry"),
    ],
)
def test_an_account_is_switched_by_somebody_else(is_disabled, disable, is_own_account, expected):
    found = rules.refusals_for_switching(
        is_disabled=is_disabled, disable=disable, is_own_account=is_own_account
    )
    assert codes(found) == ([("", expected)] if expected else [])


@pytest.mark.parametrize(
    ("held", "is_own_account", "is_operator", "expected"),
    [
        ({Role.COUNTY_CIVIL}, False, False, None),
        (set(), False, False, None),
        ({Role.COUNTY_CIVIL}, True, False, "own_entry"),
        ({Role.SYS_ADMIN}, False, False, "separation_of_duties"),
        ({Role.AUDIT_ADMIN}, False, False, "separation_of_duties"),
        ({Role.SEC_ADMIN}, False, True, None),
    ],
)
def test_only_the_operator_resets_an_administrators_password(
    held, is_own_account, is_operator, expected
):
    found = rules.refusals_for_reset(held, is_own_account=is_own_account, is_operator=is_operator)
    assert codes(found) == ([("", expected)] if expected else [])


@pytest.mark.parametrize(
    ("is_registered", "roles", "expected"),
    [
        (False, [Role.SEND_STAFF], None),
        (False, [Role.RECV_MGR, Role.EVALUATOR], None),
        (True, [Role.SEND_STAFF], "wrong_state"),
        (False, [Role.COUNTY_CIVIL], "wrong_role"),
    ],
)
def test_only_an_account_of_an_organisation_is_linked_once(is_registered, roles, expected):
    found = rules.refusals_for_link(is_registered=is_registered, roles=roles)
    assert codes(found) == ([("", expected)] if expected else [])


@pytest.mark.parametrize(
    ("where", "at_place", "is_address_spent", "is_account_open", "expected"),
    [
        ("DEVICE", 1, False, True, True),
        ("DEVICE", 5, True, False, True),  # whatever others do, there and elsewhere
        ("DEVICE", 6, False, True, False),
        ("ADDRESS", 5, True, False, True),
        ("ADDRESS", 6, False, True, False),
        ("NEW", 1, False, True, True),
        ("NEW", 9, False, True, True),  # the account's own count decides
        ("NEW", 1, True, True, False),
        ("NEW", 1, False, False, False),
    ],
)
def test_an_attempt_is_weighed_by_where_it_comes_from(
    where, at_place, is_address_spent, is_account_open, expected
):
    standing = rules.CountedAttempts(
        rules.Where[where], at_place, is_address_spent, is_account_open
    )
    assert rules.may_compare(standing) is expected


@pytest.mark.parametrize("kind", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_refuses_to_leave_a_kind_of_administrator_without_holder(kind):
    (found,) = rules.refusals_for_last_administrators({kind}, "停用")
    assert found.code == "last_administrator"
    assert f"唯一启用的“{kind.label}”" in found.sentence
    assert rules.refusals_for_last_administrators(set(), "停用") == []
