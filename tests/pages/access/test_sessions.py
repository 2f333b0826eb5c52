"""How long a session lives, and what ends it at once."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from models import Account, Organisation, RoleGrant, WebSession
from models.types import Role
from portal.access import actions, session_actions
from portal.access.jobs import end_stale_sessions
from portal.access.password_store import Passwords
from portal.accounts import actions as accounts
from portal.deeds import operator_deed
from tests.support.world import PASSWORD

OWN_PAGE = "/password"


def is_in(client) -> bool:
    answer = client.client.get(OWN_PAGE)
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def account(world, login="county_officer") -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


@pytest.mark.parametrize(
    ("persona", "minutes"), [("county_officer", 30), ("security_administrator", 15)]
)
def test_ends_after_idle_minutes(pages, clock, persona, minutes):
    client = pages(persona)
    clock.pass_time(minutes=minutes)
    assert is_in(client)
    clock.pass_time(minutes=minutes)
    assert is_in(client)
    clock.pass_time(minutes=minutes, seconds=1)
    assert not is_in(client)
    assert not is_in(client)


def test_ends_after_twelve_hours_however_busy(pages, clock):
    client = pages("county_officer")
    for _ in range(12 * 3):
        clock.pass_time(minutes=20)
        assert is_in(client)
    clock.pass_time(minutes=1)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("persona", "pause", "words"),
    [
        (
            "county_officer",
            31,
            "登录已超时，请重新登录：您已超过 30 分钟没有操作，系统已自动退出。",
        ),
        (
            "security_administrator",
            16,
            "登录已超时，请重新登录：您已超过 15 分钟没有操作，系统已自动退出。",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/search?q=演示", "/"])
def test_says_that_it_ended_for_idleness_and_leads_back(
    door, pages, clock, persona, pause, words, path
):
    client = pages(persona)
    client.get(path)
    clock.pass_time(minutes=pause)
    page = client.get(path, follow=True)
    assert page.h1 == "登录"
    back = "" if path == "/" else "登录后回到刚才的页面。"
    assert page.messages == [words + back]
    again = page.submit(login=persona, password=PASSWORD)
    assert unquote(again.location) == path
    assert again.follow().messages == []


def test_leads_back_to_no_other_site(pages, clock):
    client = pages("county_officer")
    clock.pass_time(minutes=31)
    page = client.get("/sign-in?next=//elsewhere.example/")
    assert page.messages == ["登录已超时，请重新登录：您已超过 30 分钟没有操作，系统已自动退出。"]
    page = client.get("/sign-in?next=/search")
    assert page.messages == [
        "登录已超时，请重新登录：您已超过 30 分钟没有操作，系统已自动退出。登录后回到刚才的页面。"
    ]


def test_a_form_sent_too_late_gives_back_what_was_typed_and_the_way(pages, clock, world):
    client = pages("county_officer")
    client.client.environ_base["HTTP_ORIGIN"] = "http://localhost"  # as a browser says it
    form = client.get("/organisations/new")
    clock.pass_time(minutes=31)
    before = world.count(Organisation)
    page = form.submit(name="演示春晖中心", expect=400)
    assert page.h1 == "登录已结束，没有提交"
    assert "您已超过 30 分钟没有操作" in page.text
    assert "机构名称 演示春晖中心" in page.text
    assert ("重新登录", "/sign-in?next=/organisations/new") in page.links()
    assert world.count(Organisation) == before


def test_signing_out_too_late_is_signing_out(pages, clock):
    client = pages("county_officer")
    client.get("/search")
    clock.pass_time(minutes=31)
    assert client.post("/sign-out").location == "/sign-in"


def test_says_why_it_ended_before_its_time(pages, world, clock):
    busy, changed = pages("county_officer"), pages("province_officer")
    for _ in range(12 * 3):
        clock.pass_time(minutes=20)
        busy.get("/search")
        changed.get("/search")
    clock.pass_time(minutes=1)
    assert busy.get("/sign-in").messages == [
        "登录已超时，请重新登录：本次登录已满 12 小时，系统已自动退出。"
    ]
    account(world, "province_officer").epoch += 1
    assert changed.get("/sign-in").messages == ["您的授权或密码有变动，须重新登录。"]
    account(world, "province_officer").is_disabled = True
    assert changed.get("/sign-in").messages == []


def test_says_so_too_of_a_session_that_was_tidied_away_by_night(pages, world, clock, portal):
    client = pages("county_officer")
    clock.pass_time(minutes=13 * 60)
    end_stale_sessions(world.deed(), portal.extensions["qianshou_settings"].var)
    assert client.get("/sign-in").messages == [
        "登录已超时，请重新登录：您已超过 30 分钟没有操作，系统已自动退出。"
    ]


def test_says_nothing_of_a_session_that_was_signed_out(pages):
    client = pages("county_officer")
    client.post("/sign-out")
    assert client.get("/sign-in").messages == []


def test_notes_the_last_use_once_a_minute(pages, world, clock):
    client = pages("county_officer")
    started = clock()

    def last_seen():
        return world.session.scalars(sa.select(WebSession.last_seen_at)).one()

    clock.pass_time(seconds=60)
    assert is_in(client)
    assert last_seen() == started
    clock.pass_time(seconds=1)
    assert is_in(client)
    assert last_seen() == clock()


def test_a_page_does_not_wait_to_note_its_use(pages, portal, clock):
    """While somebody imports for long, others go on reading."""
    client = pages("county_officer")
    clock.pass_time(minutes=2)
    with portal.extensions["qianshou_database"].open() as importing:
        importing.execute(sa.update(WebSession).values(address="held"))
        assert client.client.get(OWN_PAGE).status_code == 200
        importing.rollback()


def test_ends_when_the_account_is_disabled(pages, world):
    client = pages("county_officer")
    assert is_in(client)
    actions.disable_account(world.deed(), account(world), disabled=True)
    assert not is_in(client)


def test_ends_when_a_grant_is_revoked(pages, world):
    client = pages("county_officer")
    grant = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account(world).id)
    ).one()
    accounts.revoke_grant(world.deed(), grant)
    assert not is_in(client)


def test_ends_when_a_grant_is_confirmed_but_not_when_it_is_proposed(pages, world):
    client = pages("county_officer")
    deed = world.deed("system_administrator")
    grant = accounts.propose_grant(deed, account(world), Role.COUNTY_CIVIL, "640324")
    assert is_in(client)
    accounts.confirm_grant(world.deed("security_administrator"), grant)
    assert not is_in(client)


def test_ends_when_the_password_changes(pages, world):
    client = pages("county_officer")
    actions.set_password(
        operator_deed(world.session, world.clock()),
        account(world),
        "teal-otter-9-planks",
        Passwords(8),
        by_owner=False,
    )
    assert not is_in(client)


def test_ends_when_an_administrator_cuts_it_off(pages, world):
    client, other = pages("county_officer"), pages("county_officer")
    ids = world.session.scalars(sa.select(WebSession.id).order_by(WebSession.id)).all()
    deed = world.deed("security_administrator")
    assert session_actions.end_sessions(deed, account(world), ids[0]) == 1
    assert (is_in(client), is_in(other)) == (False, True)
    assert session_actions.end_sessions(deed, account(world)) == 1
    assert not is_in(other)


def test_signing_out_ends_the_session_for_good(pages, world):
    client = pages("county_officer")
    with client.client.session_transaction() as session:
        token = session["_user_id"]
    assert client.post("/sign-out").location == "/sign-in"
    with client.client.session_transaction() as session:
        assert "_user_id" not in session
        session["_user_id"] = token  # an old cookie that somebody kept
    assert not is_in(client)
    assert client.get("/sign-in").h1 == "登录"


def test_signing_out_ends_one_session_of_several(pages):
    here, there = pages("county_officer"), pages("county_officer")
    here.post("/sign-out")
    assert is_in(there)


def test_a_forged_or_foreign_cookie_is_nobody(pages):
    client = pages()
    with client.client.session_transaction() as session:
        session["_user_id"] = "0" * 43
    assert not is_in(client)
    client.client.set_cookie("qianshou", "eyJfdXNlcl9pZCI6IjEifQ.forged.forged")
    assert not is_in(client)
    client.client.set_cookie("remember_token", "1|forged")
    assert not is_in(client)


class TestFirstPassword:
    def test_leads_nowhere_but_to_changing_it(self, pages, world):
        client = pages("county_officer")
        account(world).must_change_password = True
        page = client.get(OWN_PAGE)
        assert "初始密码" in page.text
        for path in ("/", "/sign-in"):
            assert client.get(path, 302).location == OWN_PAGE
        client.post("/sign-out")

    def test_is_replaced_by_an_own_one(self, door, world):
        world.session.execute(sa.update(Account).values(must_change_password=True))
        page = door.try_in()
        page = page.client.get(OWN_PAGE)
        page.submit(
            current=PASSWORD, password="teal-otter-9-planks", repeated="teal-otter-9-planks"
        )
        page = door.try_in("teal-otter-9-planks")
        assert not account(world).must_change_password
        assert page.client.client.get("/").location != OWN_PAGE
