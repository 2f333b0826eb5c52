"""Signing in, as a visitor and as somebody who guesses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app import create_app
from models import AuditEvent, SignInAddress, WebSession
from portal.access import attempt_actions
from portal.access.password_store import Passwords
from portal.access.queries import token_hash
from portal.settings import Settings
from tests.support.databases import MASTER_KEY
from tests.support.page_client import PageClient
from tests.support.world import PASSWORD

from .conftest import WRONG


def last_event(world):
    return world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def test_lets_in_with_the_right_password(door, world):
    before = world.count(WebSession)
    page = door.try_in()
    assert page.location == "/"
    assert world.count(WebSession) == before + 1
    assert last_event(world).event == "session.started"
    assert last_event(world).actor == "county_officer"


def test_the_first_page_of_a_visitor_signs_in_too(pages, door):
    page = pages().get("/").submit(login="county_officer", password=PASSWORD)
    assert page.location == "/"


def test_takes_the_login_in_capitals_and_with_blanks(door):
    assert door.try_in(login=" County_Officer ").location == "/"


def test_keeps_only_the_hash_of_the_token(door, pages, world):
    client = pages()
    door.try_in(client=client)
    with client.client.session_transaction() as session:
        token = session["_user_id"]
    assert len(token) >= 43
    stored = world.session.scalars(sa.select(WebSession).order_by(WebSession.id.desc())).first()
    assert stored.token_hash == token_hash(token)
    assert token.encode() not in stored.token_hash


def test_answers_alike_to_a_wrong_password_and_an_unknown_login(door):
    wrong = door.try_in("wrong-password", expect=200)
    unknown = door.try_in("wrong-password", login="nobody-here", expect=200)
    assert wrong.errors == unknown.errors == [WRONG]
    assert wrong.text == unknown.text


def test_a_locked_or_disabled_account_is_answered_like_a_wrong_password(door, world):
    door.fail(5)
    world.session.execute(
        sa.text("UPDATE account SET is_disabled = :yes WHERE login = 'sending_staff'"),
        {"yes": True},
    )
    locked = door.try_in(expect=200)
    disabled = door.try_in(login="sending_staff", expect=200)
    assert locked.errors == disabled.errors == [WRONG]


def statements_of(door, portal, expect=200, **attempt) -> list[str]:
    """Return what one attempt sends to the database, without the values."""
    seen: list[str] = []
    engine = portal.extensions["qianshou_database"].engine
    page = door.pages().get("/sign-in")

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        page.submit(expect=expect, **attempt)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return seen


def test_takes_the_same_steps_for_a_known_and_an_unknown_login(door, portal, world):
    world.session.execute(
        sa.text("UPDATE account SET is_disabled = :yes WHERE login = 'sending_staff'"),
        {"yes": True},
    )
    unknown = statements_of(door, portal, login="nobody-here", password="wrong-password")
    known = statements_of(door, portal, login="county_officer", password="wrong-password")
    disabled = statements_of(door, portal, login="sending_staff", password=PASSWORD)
    door.fail(4)
    locked = statements_of(door, portal, login="county_officer", password=PASSWORD)
    assert unknown == known == disabled == locked
    assert any("UPDATE account" in statement for statement in unknown)


def test_locks_after_five_failures_for_fifteen_minutes(door, clock):
    door.fail(5)
    assert door.account().locked_until is not None
    door.fail(1, PASSWORD)
    clock.pass_time(minutes=15)
    assert door.try_in().location == "/"
    assert (door.account().failed_attempts, door.account().locked_until) == (0, None)


def test_four_failures_do_not_lock_and_a_success_forgets_them(door):
    door.fail(4)
    assert door.try_in().location == "/"
    door.fail(4)
    assert door.try_in().location == "/"


def test_the_right_password_does_not_prolong_a_lock(door, clock):
    door.fail(5)
    until = door.account().locked_until
    clock.pass_time(minutes=10)
    door.fail(3, PASSWORD)
    assert door.account().locked_until == until


def test_counts_anew_after_a_lock_is_over(door, clock):
    door.fail(5)
    clock.pass_time(minutes=15, seconds=1)
    door.fail(1)
    assert (door.account().failed_attempts, door.account().locked_until) == (1, None)


class CountingPasswords(Passwords):
    """Compares as ever, and remembers with what."""

    def __init__(self) -> None:
        super().__init__(8)
        self.compared: list[str | None] = []

    def matches(self, stored: str | None, password: str) -> bool:
        self.compared.append(stored)
        return super().matches(stored, password)


def test_of_twenty_parallel_attempts_only_five_are_compared(door, portal):
    hasher = portal.extensions["qianshou_passwords"] = CountingPasswords()
    stored = door.account().password_hash
    door.world.session.commit()
    clients = [PageClient(portal.test_client()) for _ in range(20)]
    forms = [client.get("/sign-in").form().values for client in clients]

    def attempt(client, values):
        data = {**values, "login": "county_officer", "password": "wrong-password"}
        return client.client.post("/sign-in", data=data).status_code

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, clients, forms))
    assert answers == [200] * 20
    assert hasher.compared.count(stored) == 5
    assert hasher.compared.count(None) == 15
    assert door.account().failed_attempts == 5
    door.fail(1, PASSWORD)


def test_limits_the_failures_from_one_address(door, world, clock):
    world.session.add(
        SignInAddress(
            address="127.0.0.1", began_at=clock(), failures=attempt_actions.MOST_FROM_ADDRESS
        )
    )
    page = door.try_in(expect=429)
    assert page.h1 == "操作过于频繁"
    clock.pass_time(minutes=15)
    assert door.try_in().location == "/"


def test_a_success_uses_up_nothing_of_the_address(door, world):
    door.fail(2)
    for _ in range(3):
        door.try_in()
    assert world.session.scalars(sa.select(SignInAddress.failures)).one() == 2


def test_a_failure_is_recorded_without_what_was_typed(door, world):
    door.try_in("secret-that-was-typed", expect=200)
    event = last_event(world)
    assert (event.event, event.actor) == ("session.refused", "visitor")
    assert event.subject == f"account:{door.account().public_id}"
    door.try_in("x" * 12, login="my-password-in-the-wrong-field", expect=200)
    event = last_event(world)
    assert event.subject == "address:127.0.0.1"
    assert "my-password" not in event.facts


def test_an_empty_password_is_no_attempt(door):
    page = door.try_in("", expect=200)
    assert page.errors == ["密码：请输入密码。"]
    assert door.account().failed_attempts == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?next=/pairings?year=2022", "/pairings?year=2022"),
        ("?next=/people%3Fq%3D%25E7%2594%25B2", "/people?q=%E7%94%B2"),
        ("", "/"),
    ],
)
def test_goes_on_to_the_page_that_was_asked_for(door, query, expected):
    assert door.try_in(query=query).location == expected


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        " //evil.example",
        "",
    ],
)
def test_never_leaves_the_portal(door, pages, target):
    page = door.pages().get("/sign-in")
    client = page.client.client
    data = {name: values[0] for name, values in page.form().values.items()}
    data |= {"login": "county_officer", "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": target}, data=data)
    assert (answer.status_code, answer.location) == (302, "/")


def test_gives_a_new_session_at_sign_in(door, pages):
    client = pages()
    with client.client.session_transaction() as session:
        session["planted"] = "by an attacker"
    page = client.get("/sign-in")
    with client.client.session_transaction() as session:
        before = session["csrf_token"]
    page.submit(login="county_officer", password=PASSWORD)
    with client.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_somebody_signed_in_goes_straight_home(pages):
    assert pages("county_officer").get("/sign-in", 302).location == "/"


def test_a_visitor_is_sent_to_the_sign_in_and_back(pages):
    page = pages().get("/password?x=1", 302)
    assert page.location == "/sign-in?next=/password?x%3D1"


def test_a_host_header_leads_nowhere(door, pages):
    client = pages().client
    answer = client.get("/password", headers={"Host": "evil.example"})
    assert answer.location.startswith("/sign-in")
    assert "evil.example" not in client.get("/sign-in", headers={"Host": "evil.example"}).text


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_believes_a_forwarded_address_only_from_a_known_proxy(
    door, world, world_database, clock, tmp_path, proxies, expected
):
    settings = Settings(
        world_database.url, tmp_path, MASTER_KEY, now=clock, argon2_memory_kib=8, proxies=proxies
    )
    app = create_app(settings)
    client = app.test_client()
    form = PageClient(client).get("/sign-in").form().values
    client.post(
        "/sign-in",
        data={**form, "login": "nobody-here", "password": "x" * 12},
        headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"},
    )
    app.extensions["qianshou_database"].engine.dispose()
    counted = world.session.scalars(sa.select(SignInAddress.address)).all()
    assert [one for one in counted if not one.startswith("at ")] == [expected]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "?"),
        ("unix:", "?"),
    ],
)
def test_counts_an_ipv6_network_as_one_address(address, expected):
    assert attempt_actions.network_of(address) == expected
