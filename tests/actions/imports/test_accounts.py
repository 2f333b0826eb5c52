"""Accounts from a file: who, as what, over what; the rules of the page say no in the same words."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from models import Account, Person, RoleGrant
from models.types import GrantState, ImportKind, Role
from portal.access.password_store import NO_PASSWORD
from tests.support.imports import Row, check_rows, codes_of, credit_code_of, id_number, import_rows
from tests.support.world import World

ADMINISTRATOR = "system_administrator"
COUNTY = Role.COUNTY_CIVIL.label
STAFF = Role.SEND_STAFF.label


def row(name: str = "演示新人", role: str = COUNTY, scope: str = "红寺堡区", **cells: Any) -> Row:
    return {"姓名": name, "角色": role, "范围": scope, **cells}


def worker(name: str = "演示甲二", **cells: Any) -> Row:
    return row(name, STAFF, credit_code_of("sending"), **cells)


def brought(world: World, *rows: Row, persona: str | None = ADMINISTRATOR):
    return import_rows(world, ImportKind.ACCOUNTS, rows, persona=persona)


def refused(world: World, *rows: Row) -> list[tuple[int, str, str]]:
    checked = check_rows(world, ImportKind.ACCOUNTS, rows, persona=ADMINISTRATOR)
    return codes_of(checked)


def account(world: World, login: str) -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def test_opens_accounts_whose_grants_wait_and_which_have_no_password(world: World):
    brought(world, row(登录名="new.one", 联系电话="13800138000"), worker())
    officer, sent = account(world, "new.one"), account(world, "yanshijiaer")
    assert {officer.password_hash, sent.password_hash} == {NO_PASSWORD}
    assert officer.must_change_password
    assert sent.person_id == world.person("sent2").id
    holder = world.session.get_one(Person, officer.person_id)
    assert (holder.name, holder.phone_masked) == ("演示新人", "138****8000")
    grants = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id.in_([officer.id, sent.id]))
    ).all()
    assert {grant.state for grant in grants} == {GrantState.PROPOSED}
    assert {grant.scope_code for grant in grants} == {"640303", credit_code_of("sending")}


def test_a_second_import_changes_nothing(world: World):
    rows = [row(登录名="new.one"), row("演示另人"), worker()]
    brought(world, *rows)
    again = brought(world, *rows).report
    assert (again.accepted, again.unchanged, again.errors) == (0, 3, ())


def test_logins_made_of_one_name_are_numbered(world: World):
    account(world, "county_officer").login = "yanshixinren"
    world.session.flush()
    brought(world, row())
    assert account(world, "yanshixinren2").must_change_password


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "column", "code"),
    [
        (row(登录名="county_officer"), "登录名", "duplicate"),
        (row(登录名="a b"), "登录名", "invalid_value"),
        (row(scope="月球"), "范围", "unknown_scope"),
        (row(scope="宁夏回族自治区"), "范围", "wrong_scope"),
        (row(scope="城关区"), "范围", "ambiguous"),
        (row(role="局长"), "角色", "invalid_value"),
        (row(联系电话="123"), "联系电话", "invalid_value"),
        (row(""), "姓名", "missing_value"),
        (worker("演示乙一"), "姓名", "not_registered"),
        (worker(机构信用代码=credit_code_of("receiving")), "机构信用代码", "invalid_value"),
        (worker("演示甲一", 身份证件号=id_number("sent2")), "姓名", "invalid_value"),
        (worker(身份证件号=id_number("received1")), "姓名", "invalid_value"),
        (row(f"演示{COUNTY}", scope="西吉县"), "姓名", "ambiguous"),
    ],
)
def test_says_what_is_wrong_with_a_row(world: World, wrong: Row, column: str, code: str):
    assert (2, column, code) in refused(world, wrong)


def test_two_of_one_name_are_told_apart_by_the_id_number(world: World):
    other = world.person("unqualified")
    other.name = "演示甲二"
    world.session.flush()
    assert refused(world, worker()) == [(2, "身份证件号", "ambiguous")]
    assert refused(world, worker(身份证件号=id_number("unqualified"))) == []


def test_one_row_a_person_and_one_administrators_role(world: World):
    assert (3, "姓名", "duplicate") in refused(world, row(), row(scope="同心县"))
    separate = worker("演示甲一", 身份证件号=id_number("sent1"))
    separate = {**separate, "角色": Role.SEC_ADMIN.label, "范围": "CN"}
    assert (2, "角色", "separation_of_duties") in refused(world, separate)


def test_what_the_operator_brings_holds_at_once(world: World):
    brought(world, row(登录名="new.one"), persona=None)
    grant = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account(world, "new.one").id)
    ).one()
    assert grant.state == GrantState.CONFIRMED
