"""Opening an account, for an officer and for a worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent, Person
from models.types import Role
from portal.accounts.actions import open_account
from tests.support.page_client import PageClient


def fill(pages, persona="system_administrator", expect=200, **fields):
    asked = {
        "login": "new.account",
        "name": "演示新人",
        "role": "county_civil",
        "scope_code": "640303",
        **fields,
    }
    return pages(persona).get("/accounts/new").submit(expect=expect, **asked)


def account(world, login="new.account") -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def test_shows_the_first_password_once(pages, world):
    page = fill(pages)
    assert page.h1 == "账号已开设"
    password = page.find("code").text
    assert len(password) == 19
    assert password not in page.click("已转交，查看账号").html
    hasher = pages.app.extensions["qianshou_passwords"]
    assert hasher.matches(account(world).password_hash, password)
    facts = world.session.scalars(sa.select(AuditEvent.facts)).all()
    assert not any(password in text for text in facts)
    assert page.headers["Cache-Control"] == "no-store"


def test_the_password_opens_nothing_but_changing_it(pages, world):
    password = fill(pages).find("code").text
    page = pages().get("/sign-in").submit(login="new.account", password=password)
    assert page.follow(302).location == "/password"


def test_waits_for_the_security_administrator(pages, world):
    page = fill(pages)
    assert "授权尚待安全管理员确认" in page.text
    assert world.actor("new.account").roles == ()
    rows = pages("system_administrator").get("/accounts?state=waiting").table_rows()
    assert [row["登录名"] for row in rows] == ["new.account"]
    assert rows[0]["角色和范围"] == "县级民政（社会工作）部门 · 红寺堡区 待确认"


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("640303", "640303"),
        ("红寺堡区", "640303"),
        (" 红寺堡区 ", "640303"),
    ],
)
def test_takes_a_scope_by_code_or_by_name(pages, world, scope, code):
    fill(pages, scope_code=scope)
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert f'"scope": "{code}"' in event.facts


def test_asks_for_the_code_where_a_name_means_several_places(pages):
    page = fill(pages, scope_code="城关区")
    assert "同名" in page.errors[0]
    assert "620102" in page.errors[0]
    assert "兰州市" in page.errors[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"login": "county_officer"}, "登录名：登录名“county_officer”已被使用，请换一个。"),
        ({"login": "张三"}, "登录名：登录名应为 3–60 位小写字母"),
        ({"scope_code": "月球"}, "范围：范围代码“月球”不存在"),
        ({"scope_code": "640000"}, "范围：角色“县级民政（社会工作）部门”的范围应为县，实际为省"),
        ({"name": ""}, "姓名：请填写使用人姓名。"),
    ],
)
def test_refuses_and_says_why(pages, world, fields, words):
    before = world.count(Account)
    page = fill(pages, **fields)
    assert any(error.startswith(words) for error in page.errors), page.errors
    assert world.count(Account) == before
    assert "同名人员" not in page.text


class TestWorkers:
    def worker(self, pages, world, **fields):
        code = world.organisation("sending").credit_code
        return fill(pages, **{"role": "send_staff", "scope_code": code, **fields})

    def test_is_the_registered_person_of_that_name(self, pages, world):
        page = self.worker(pages, world, name="演示甲二")
        assert "福州市演示甲社会工作服务中心" in page.text
        assert account(world).person_id == world.person("sent2").id

    def test_takes_the_organisation_by_its_name(self, pages, world):
        name = world.organisation("sending").name
        self.worker(pages, world, name="演示甲二", scope_code=name)
        assert account(world).person_id == world.person("sent2").id

    def test_is_refused_where_nobody_of_that_name_is_registered(self, pages, world):
        page = self.worker(pages, world, name="演示乙一")
        assert "须属于该机构已登记的人员" in page.errors[0]

    def test_asks_which_of_two_people_of_the_name(self, pages, world):
        other = world.person("unqualified")
        other.name = "演示甲二"
        page = self.worker(pages, world, name="演示甲二")
        assert "有 2 位同名人员" in page.errors[0]
        choices = [one["value"] for one in page.find_all("select[name=holder] option")]
        assert other.public_id in choices
        assert "110105" not in page.text  # masked numbers tell them apart
        page.submit(holder=other.public_id, expect=200)
        assert account(world).person_id == other.id

    def test_a_manager_need_not_be_a_registered_worker(self, pages, world):
        self.worker(pages, world, role="send_mgr", name="演示负责人")
        assert world.session.get_one(Person, account(world).person_id).organisation_id is None


class TestSeveralAccountsOfOnePerson:
    def open_second(self, pages, world, **fields):
        name = "演示同名人"
        open_account(
            world.deed(),
            login="first.account",
            password_hash="x",
            name=name,
            role=Role.SEC_ADMIN,
            scope_code="CN",
        )
        return fill(pages, name=name, **fields)

    def test_asks_whether_it_is_the_same_person(self, pages, world):
        page = self.open_second(pages, world)
        assert "有 1 位同名人员" in page.errors[0]
        assert "已有账号 first.account" in page.text

    def test_the_same_person_is_bound_by_the_first_account(self, pages, world):
        page = self.open_second(pages, world)
        same = world.session.get_one(Person, account(world, "first.account").person_id).public_id
        page = page.submit(holder=same, expect=200)
        assert page.errors == [
            "角色：该人员已有“安全管理员”角色，按三员分立要求不能再授予“县级民政（社会工作）部门”。"
        ]

    def test_another_person_of_the_name_is_not(self, pages, world):
        page = self.open_second(pages, world)
        page = page.submit(holder="new", expect=200)
        assert page.h1 == "账号已开设"
        assert account(world).person_id != account(world, "first.account").person_id


def test_parallel_copies_of_the_form_open_one_account(portal, world):
    token = world.token("system_administrator")
    clients = [PageClient(portal.test_client()) for _ in range(8)]
    for client in clients:
        with client.client.session_transaction() as session:
            session["_user_id"] = token
            session["csrf_token"] = "0" * 40
    form = {name: each[0] for name, each in clients[0].get("/accounts/new").form().values.items()}
    form |= {
        "login": "new.account",
        "name": "演示新人",
        "role": "county_civil",
        "scope_code": "640303",
    }
    world.session.commit()

    def send(client):
        return client.client.post("/accounts/new", data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, clients)) == {200}
    assert account(world)
    assert (
        len(
            world.session.scalars(
                sa.select(AuditEvent).where(
                    AuditEvent.event == "account.opened", AuditEvent.facts.contains("new.account")
                )
            ).all()
        )
        == 1
    )


@pytest.mark.parametrize("persona", ["security_administrator"])
def test_others_who_see_accounts_open_none(pages, persona):
    pages(persona).get("/accounts/new", 403)
