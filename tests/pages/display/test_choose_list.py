"""Rows a page and the columns of a list: chosen once, kept by the browser for whoever chose."""

from __future__ import annotations

import pytest

from portal.web.lists import COOKIE, LONGEST_COOKIE, Lists, lists_of
from tests.pages.people.test_list_people import add_people
from tests.support.page_client import Page

ALL = ["姓名", "机构", "证件号码", "证书", "从业时长", "援派资格"]
KEYS = ["organisation", "id_number", "certificates", "service", "is_qualified"]


def heads(page: Page) -> list[str]:
    return list(page.table_rows("人员")[0])


def place(page: Page) -> str:
    return page.find(".q-pagination p").text


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        (None, Lists()),
        ("", Lists()),
        ("me", Lists()),
        ("me/20", Lists(20)),
        ("me/30", Lists()),
        (
            "me/100/people.list_people:name+service",
            Lists(100, {"people.list_people": ("name", "service")}),
        ),
        ("me/50/a.b:x/c.d:", Lists(50, {"a.b": ("x",)})),
        ("me/50/<script>:x/a.b:<x>+y", Lists(50, {"a.b": ("y",)})),
        ("somebody/20/a.b:x", Lists()),
        ("me/20" + "/a.b:x" * LONGEST_COOKIE, Lists()),
    ],
)
def test_a_cookie_says_how_or_nothing(cookie: str | None, expected: Lists) -> None:
    assert lists_of(cookie, "me") == expected


def test_rows_a_page_hold_on_every_list_and_the_place_is_said(pages, world):
    add_people(world, 118)
    client = pages("county_officer")
    page = client.get("/people?sort=-name")
    assert place(page) == "第 1–50 条，共 123 条"
    answer = client.post("/display/lists", {"size": "20", "back": "/people?sort=-name"})
    assert answer.location == "/people?sort=-name"
    page = client.get(answer.location)
    assert (len(page.table_rows("人员")), place(page)) == (20, "第 1–20 条，共 123 条")
    page = page.click("下一页")
    assert place(page) == "第 21–40 条，共 123 条"
    assert page.click("上一页").find("button[aria-pressed=true][name=size]").text == "20 条"


def test_a_short_list_offers_no_sizes(pages):
    assert pages("county_officer").get("/people").find(".q-pagination__sizes") is None


def test_columns_left_out_are_left_out_of_that_list_until_all_are_wanted(pages):
    client = pages("national_officer")
    page = client.get("/people?level=senior")
    assert heads(page) == ALL
    chosen = {"list": "people.list_people", "offered": KEYS, "back": "/people?level=senior"}
    answer = client.post("/display/lists", {**chosen, "shown": ["organisation", "is_qualified"]})
    page = client.get(answer.location)
    assert heads(page) == ["姓名", "机构", "援派资格"]
    assert "列（3／6）" in page.find(".q-fold--columns > summary").text
    client.post("/display/lists", {**chosen, "whole": "1"})
    assert heads(client.get("/people?level=senior")) == ALL


def test_the_form_of_a_page_offers_its_columns_and_comes_back_to_it(pages):
    page = pages("national_officer").get("/people?level=senior&cursor=x")
    form = page.find(".q-fold--columns form")
    assert [one["value"] for one in form.find_all("input[name=offered]")] == KEYS
    assert form.find("input[name=back]")["value"] == "/people?level=senior"
    shown = page.submit(".q-fold--columns form", button="保存", shown=["service"], follow=True)
    assert heads(shown) == ["姓名", "从业时长"]


def test_what_names_the_row_stays(pages):
    client = pages("national_officer")
    client.post("/display/lists", {"list": "people.list_people", "offered": ["name", *KEYS]})
    assert heads(client.get("/people")) == ["姓名"]


def test_the_next_one_at_the_browser_starts_anew(pages):
    client, other = pages("national_officer"), pages("province_officer")
    answer = client.post("/display/lists", {"size": "20"})
    cookie = answer.headers["Set-Cookie"]
    value = cookie.partition(";")[0].partition("=")[2]
    owner = value.partition("/")[0]
    assert lists_of(value, owner) == Lists(20)
    other_answer = other.post("/display/lists", {"size": "20"})
    assert other_answer.headers["Set-Cookie"].partition("/")[0] != f"{COOKIE}={owner}"
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "sent",
    [
        {"size": "7"},
        {"size": "x"},
        {"list": "nowhere.at_all", "offered": ["a"]},
        {"list": "people.list_people", "offered": ["<b>", "a b", "../x"]},
        {"back": "//example.org"},
    ],
)
def test_what_no_page_offers_changes_nothing(pages, sent):
    answer = pages("national_officer").post("/display/lists", sent)
    assert answer.location == sent.get("back", "/display").replace("//example.org", "/display")
    value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    assert lists_of(value, value.partition("/")[0]) == Lists()
