"""``flask user``: what the operator of the server does with accounts."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent
from models.types import Role
from portal.accounts.commands import user
from tests.support.world import PASSWORD

ADD = ["add", "new.account", "--name", "演示新人", "--password-stdin"]


@pytest.fixture
def run(portal, world):
    """Run a command on the world; its password comes from standard input."""

    def run_(*arguments: str, password: str = PASSWORD, status: int = 0) -> str:
        world.session.commit()
        result = portal.test_cli_runner().invoke(user, arguments, input=f"{password}\n")
        world.session.expire_all()
        assert result.exit_code == status, result.output
        return result.output

    return run_


def account(world, login="new.account") -> Account | None:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one_or_none()


@pytest.mark.parametrize(
    ("role", "scope", "code"),
    [
        (Role.COUNTY_CIVIL, "640303", "640303"),
        (Role.COUNTY_CIVIL, "红寺堡", "640303"),  # as on the page
        (Role.SYS_ADMIN, "全国", "CN"),  # the refusal of any other text says so
    ],
)
def test_opens_an_account_whose_grant_holds(run, world, role, scope, code):
    said = run(*ADD, "--role", role.value, "--scope", scope)
    assert said == f"账号 new.account（{role.label}，{code}）已开设。\n"
    assert [grant.scope_code for grant in world.actor("new.account").grants] == [code]
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.actor) == ("account.opened", "system")


def test_links_a_worker_who_is_alone_of_the_name_and_says_so(run, world):
    code = world.organisation("sending").credit_code
    arguments = ["add", "w.1", "--name", "演示甲二", "--password-stdin", "--role", "send_staff"]
    said = run(*arguments, "--scope", code)
    assert "已关联到登记人员演示甲二（证件号码" in said
    assert account(world, "w.1").person_id == world.person("sent2").id


def test_asks_which_of_several_people_of_the_name(run, world):
    other = world.person("unqualified")
    other.name = "演示甲二"
    code = world.organisation("sending").credit_code
    arguments = ["add", "w.1", "--name", "演示甲二", "--password-stdin", "--role", "send_staff"]
    said = run(*arguments, "--scope", code, status=1)
    assert "该机构有 2 位“演示甲二”" in said
    assert other.public_id in said
    assert account(world, "w.1") is None
    run(*arguments, "--scope", code, "--person", other.public_id)
    assert account(world, "w.1").person_id == other.id


def test_opens_a_worker_by_name_only_and_links_later(run, world):
    code = world.organisation("sending").credit_code
    arguments = ["add", "w.1", "--name", "演示未登记", "--password-stdin", "--role", "send_staff"]
    assert "登记后请用 flask user link 关联" in run(*arguments, "--scope", code)
    person = world.person("sent2")
    said = run("link", "w.1", "--person", person.public_id)
    assert said == "账号 w.1 已关联到登记人员 演示甲二。\n"
    assert account(world, "w.1").person_id == person.id
    assert "该账号已关联" in run("link", "w.1", "--person", person.public_id, status=1)


def test_speaks_json(run, world):
    said = run(*ADD, "--role", "prov_civil", "--scope", "640000", "--json")
    facts = json.loads(said)
    assert (facts["login"], facts["role"], facts["scope"]) == (
        "new.account",
        "prov_civil",
        "640000",
    )
    assert facts["linked"] is False
    said = run(*ADD, "--role", "prov_civil", "--scope", "640000", "--json", status=1)
    assert [error["code"] for error in json.loads(said)["errors"]] == ["duplicate"]


@pytest.mark.parametrize(
    ("role", "scope", "password", "words"),
    [
        ("county_civil", "999999", PASSWORD, "范围代码“999999”不存在"),
        ("county_civil", "CN", PASSWORD, "的范围应为县，实际为全国"),
        ("county_civil", "640303", "short", "密码应为 12–128 位"),
        ("county_civil", "640303", "new.account-12345", "密码不能包含登录名"),
        ("county_civil", "640303", "password2022", "过于常见"),
    ],
)
def test_refuses_with_the_reason(run, world, role, scope, password, words):
    said = run(*ADD, "--role", role, "--scope", scope, password=password, status=1)
    assert words in said
    assert account(world) is None


def test_takes_no_password_from_the_command_line(run):
    arguments = [one for one in ADD if one != "--password-stdin"]
    said = run(*arguments, "--role", "county_civil", "--scope", "640303", status=2)
    assert "--password-stdin" in said


def test_resets_the_password_of_an_administrator(run, world, portal):
    run("password", "audit_administrator", "--password-stdin", password="teal-otter-9-planks")
    held = account(world, "audit_administrator")
    assert held.must_change_password
    hasher = portal.extensions["qianshou_passwords"]
    assert hasher.matches(held.password_hash, "teal-otter-9-planks")
    run("password", "nobody-here", "--password-stdin", status=1)
