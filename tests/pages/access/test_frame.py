"""What holds for every answer: headers, cookies, CSRF, faults, and forms that are sent twice."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from werkzeug.routing import AnyConverter, Rule

from app import create_app
from models import AuditEvent, FormKey
from portal.settings import Settings
from portal.web.headers import CONTENT_SECURITY_POLICY
from tests.support.databases import MASTER_KEY
from tests.support.page_client import PageClient
from tests.support.world import PASSWORD


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    parts = dict(part.strip().partition(" ")[::2] for part in CONTENT_SECURITY_POLICY.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert set(parts.values()) == {"'none'", "'self'", "'self' data:"}
    assert parts["img-src"] == "'self' data:"


ANSWERS = [
    ("GET", "/sign-in", 200),
    ("GET", "/password", 302),
    ("GET", "/nothing", 404),
    ("GET", "/%00", 400),
    ("GET", "/sign-in?next=%00", 400),
    ("POST", "/", 405),
    ("POST", "/sign-in", 400),
    ("PUT", "/sign-in", 405),
    ("TRACE", "/sign-in", 405),
    ("OPTIONS", "/sign-in", 200),
    ("HEAD", "/sign-in", 200),
    ("GET", "/static/css/base.css", 200),
    ("GET", "/static/css/nothing.css", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(pages, method, path, status):
    answer = pages().client.open(path, method=method)
    assert answer.status_code == status
    headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] in ("no-store", "no-cache") or "static" in path
    assert "Strict-Transport-Security" not in headers
    answer.close()


def test_static_files_with_their_hash_are_kept_by_browsers(pages):
    page = pages().get("/sign-in")
    href = page.find("link[rel=stylesheet]")["href"]
    answer = page.client.client.get(href)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    answer.close()


@pytest.fixture
def tls_portal(world_database, clock, tmp_path):
    app = create_app(
        Settings(
            database_url=world_database.url,
            var=tmp_path,
            master_key=MASTER_KEY,
            now=clock,
            argon2_memory_kib=8,
            behind_tls=True,
        )
    )
    yield app
    app.extensions["qianshou_database"].engine.dispose()


def test_behind_tls_the_cookie_is_bound_to_host_and_transport(tls_portal):
    answer = tls_portal.test_client().get("/sign-in", base_url="https://portal.example")
    cookie = answer.headers["Set-Cookie"]
    name, _, attributes = cookie.partition("=")
    assert name == "__Host-qianshou"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes.split("; ")[1:])
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_tls_the_cookie_still_hides_from_scripts(pages):
    cookie = pages().client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("qianshou=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")[1:])
    assert "Expires" not in cookie


def posts(app: flask.Flask) -> list[str]:
    """Every address that takes a POST, with something in the place of its arguments."""
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, something_for(rule), method="POST")
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
    ]


def something_for(rule: Rule) -> dict[str, object]:
    return {
        name: min(kind.items) if isinstance(kind, AnyConverter) else getattr(kind, "min", None) or 1
        for name, kind in rule._converters.items()
    }


def test_no_address_takes_a_post_without_the_token(pages, portal):
    client = pages("county_officer")
    assert len(posts(portal)) >= 3
    for path in posts(portal):
        page = client.post(path, {"form_key": "x"}, 400, csrf=False)
        assert page.h1 == "页面已过期，请重新提交", path
        client.post(path, {"csrf_token": "forged"}, 400, csrf=False)


def test_a_token_of_another_session_is_no_token(pages):
    theirs = pages("province_officer").get("/password").form().values["csrf_token"][0]
    pages("county_officer").post("/sign-out", {"csrf_token": theirs}, 400, csrf=False)


def test_refuses_a_body_larger_than_the_limit(world_database, clock, tmp_path):
    app = create_app(
        Settings(world_database.url, tmp_path, MASTER_KEY, now=clock, max_upload_bytes=1000)
    )
    data = {"file": (io.BytesIO(b"x" * 2000), "big.xlsx")}
    answer = app.test_client().post("/sign-in", data=data)
    app.extensions["qianshou_database"].engine.dispose()
    assert answer.status_code in (400, 413)
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/", "/password", "/nothing"])
def test_says_that_the_database_is_away(tmp_path, path):
    """The page of the fault asks nothing of what is broken."""
    app = create_app(
        Settings(
            "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2",
            Path(tmp_path),
            MASTER_KEY,
            argon2_memory_kib=8,
        )
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "0" * 43
    page = PageClient(client).get(path, 503)
    assert page.h1 == "数据库暂时不可用"
    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


class TestSentTwice:
    NEW = "teal-otter-9-planks"

    def events(self, world):
        return world.session.scalar(
            sa.select(sa.func.count())
            .select_from(AuditEvent)
            .where(AuditEvent.event == "account.password_set")
        )

    def test_parallel_copies_of_a_form_have_one_effect(self, portal, door, world):
        """The password changes once, although each copy carries the right current one."""
        token = world.token("county_officer")
        clients = [portal.test_client() for _ in range(20)]
        page = PageClient(clients[0])
        with clients[0].session_transaction() as session:
            session["_user_id"] = token
        form = {name: each[0] for name, each in page.get("/password").form().values.items()}
        form |= {"current": PASSWORD, "password": self.NEW, "repeated": self.NEW}
        cookie = clients[0].get_cookie("qianshou").value
        for client in clients[1:]:
            client.set_cookie("qianshou", cookie)
        world.session.commit()
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda one: one.post("/password", data=form), clients))
        # The session ended with the change: who came later is asked to sign in.
        assert {answer.status_code for answer in answers} <= {200, 302}
        assert self.events(world) == 1
        assert world.count(FormKey) == 1

    def test_the_same_key_with_another_body_is_a_conflict(self, pages, world):
        client = pages("county_officer")
        client.post("/sign-out", {"form_key": "k1"}, csrf=True)
        client = pages("county_officer")
        assert client.post("/sign-out", {"form_key": "k1"}).location == "/sign-in"
        assert client.get("/password").h1 == "修改密码"
        page = client.post("/sign-out", {"form_key": "k1", "more": "x"}, 409)
        assert "这张表单已提交过一次且内容不同" in page.text
        assert world.count(FormKey) == 1
