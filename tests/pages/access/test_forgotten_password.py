"""A forgotten password is asked of the administrator; who has an account nobody learns."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent, PasswordRequest
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import PASSWORD, World

URL = "/password/forgotten"


def ask(pages: Pages, login: str, expect: int = 302) -> Page:
    return pages().get(URL).submit(login=login, expect=expect)


def account(world: World, login: str = "county_officer") -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def waiting(world: World) -> list[int]:
    world.session.expire_all()
    return list(
        world.session.scalars(
            sa.select(PasswordRequest.account_id).where(PasswordRequest.settled_at.is_(None))
        )
    )


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_the_sign_in_page_leads_there(pages: Pages):
    assert ("忘记密码", URL) in pages().get("/sign-in").links()


@pytest.mark.parametrize("login", ["county_officer", "COUNTY_OFFICER", "nobody.here"])
def test_the_answer_is_the_same_whoever_is_asked_for(pages: Pages, world: World, login):
    page = ask(pages, login)
    assert page.location == "/sign-in"
    assert page.follow().messages == [
        "请求已发出。登录名无误的，安全管理员会核实您的身份，重置后告知您初始密码。"
    ]
    assert len(waiting(world)) == (login != "nobody.here")
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.event == "account.password_asked"


def test_one_request_waits_however_often_it_is_made(pages: Pages, world: World):
    for _ in range(3):
        ask(pages, "county_officer")
    assert waiting(world) == [account(world).id]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_disabled_account_asks_for_nothing(pages: Pages, world: World):
    account(world).is_disabled = True
    ask(pages, "county_officer")
    assert waiting(world) == []


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_an_address_asks_ten_times_an_hour(pages: Pages, world: World, clock):
    for number in range(10):
        ask(pages, f"nobody.{number}")
    page = ask(pages, "county_officer", expect=429)
    assert "上限是 10 次" in page.errors[0]
    assert waiting(world) == []
    clock.pass_time(minutes=61)
    ask(pages, "county_officer")
    assert waiting(world) == [account(world).id]


def test_the_security_administrator_resets_and_the_request_is_settled(pages: Pages, world: World):
    ask(pages, "county_officer")
    client = pages("security_administrator")
    assert "请求重置密码" in client.get("/").text
    (row,) = client.get("/accounts?state=asked").table_rows("账号")
    assert row["登录名"] == "county_officer"
    page = client.get(f"/accounts/{account(world).public_id}")
    assert "请先核实是本人" in page.text
    page.submit("form[action$='/password']", expect=200)
    assert waiting(world) == []
    assert "请求重置密码" not in client.get("/").text


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_or_does_not_reset_and_it_is_settled_too(pages: Pages, world: World):
    ask(pages, "county_officer")
    before = account(world).password_hash
    page = pages("security_administrator").get(f"/accounts/{account(world).public_id}")
    form = "form[action$='/password-request/dismissal']"
    assert page.submit(form, follow=True).messages == ["没有重置密码，该请求已了结。"]
    assert (waiting(world), account(world).password_hash) == ([], before)
    path = f"/accounts/{account(world).public_id}/password-request/dismissal"
    pages("security_administrator").post(path, expect=409)


@pytest.mark.usefixtures("door")
def test_whoever_remembers_and_changes_it_asks_no_more(pages: Pages, world: World):
    ask(pages, "county_officer")
    page = pages("county_officer").get("/password")
    new = "teal-otter-9-planks"
    page.submit(current=PASSWORD, password=new, repeated=new)
    assert waiting(world) == []


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_nobody_else_dismisses_it(pages: Pages, world: World):
    ask(pages, "county_officer")
    path = f"/accounts/{account(world).public_id}/password-request/dismissal"
    pages("system_administrator").post(path, expect=403)
    pages("county_officer").post(path, expect=404)
