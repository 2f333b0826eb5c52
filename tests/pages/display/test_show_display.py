"""Theme and density: anybody chooses them, the browser keeps them, every page obeys."""

from __future__ import annotations

import pytest

from models import Account
from portal.web.display import COOKIE, Display, display_of
from tests.support.page_client import Page


def shown(page: Page) -> tuple[str, str]:
    root = page.find("html")
    return root["data-theme"], root["data-density"]


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        (None, ("standard", "standard")),
        ("", ("standard", "standard")),
        ("care.compact", ("care", "compact")),
        ("contrast.standard", ("contrast", "standard")),
        ("care", ("care", "standard")),
        ('"><script>.compact', ("standard", "compact")),
        ("care.compact.more", ("care", "standard")),
        ("." * 5000, ("standard", "standard")),
    ],
)
def test_a_cookie_says_how_or_nothing(cookie, expected):
    assert display_of(cookie) == Display(*expected)


def test_before_signing_in_a_choice_holds_on_every_page(pages):
    client = pages()
    page = client.get("/display")
    assert shown(page) == ("standard", "standard")
    page = page.submit("main form", theme="care", density="compact", follow=True)
    assert page.path == "/display"
    assert shown(page) == ("care", "compact")
    assert shown(client.get("/sign-in")) == ("care", "compact")
    assert shown(client.get("/nowhere", 404)) == ("care", "compact")


def test_one_tap_in_the_account_menu_changes_one_thing_and_comes_back(pages):
    client = pages("county_officer")
    client.post("/display", {"theme": "contrast"})
    answer = client.post("/display", {"density": "compact", "back": "/pairings?sort=code"})
    assert answer.location == "/pairings?sort=code"
    page = client.get("/pairings?sort=code")
    assert shown(page) == ("contrast", "compact")
    menu = page.find("form.q-display")
    assert menu.find("input[name=back]")["value"] == "/pairings?sort=code"
    pressed = [one.text for one in menu.find_all("button[aria-pressed=true]")]
    assert pressed == ["高对比", "紧凑"]


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/\\example.org", "javascript:1", "\t//x", ""]
)
def test_leads_back_to_this_portal_only(pages, back):
    assert pages().post("/display", {"theme": "care", "back": back}).location == "/display"


def test_the_same_form_sent_twice_is_obeyed_twice(pages):
    client = pages("county_officer")
    page = client.get("/display")
    assert page.find("main input[name=form_key]") is None
    for _ in range(2):
        client.post("/display", {"theme": "standard"})
        assert shown(page.submit("main form", theme="care", follow=True)) == ("care", "standard")


def test_the_cookie_is_closed_to_scripts_and_other_sites(pages):
    cookie = pages().post("/display", {"theme": "care"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie


def test_refuses_a_theme_that_does_not_exist(pages):
    answer = pages().post("/display", {"theme": "dark"}, expect=200)
    assert answer.errors
    assert "Set-Cookie" not in answer.headers or COOKIE not in answer.headers["Set-Cookie"]


def test_refuses_a_choice_that_another_site_sends(pages):
    pages().post("/display", {"theme": "care"}, expect=400, csrf=False)


def test_is_open_to_somebody_who_must_still_change_the_password(pages, world):
    account = world.session.query(Account).filter_by(login="county_officer").one()
    account.must_change_password = True
    world.session.commit()
    client = pages("county_officer")
    assert client.get("/organisations", 302).location == "/password"
    assert client.post("/display", {"theme": "care", "back": "/password"}).location == "/password"
    assert shown(client.get("/password")) == ("care", "standard")
