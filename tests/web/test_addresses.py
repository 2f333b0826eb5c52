"""An address that nobody was given shows the first page, or leads nowhere; it breaks nothing."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR

import pytest

from portal.web.addresses import YearConverter
from tests.security.oddities import cursor_of
from tests.support.arena import Arena
from tests.support.portal import Pages

LISTS = [
    ("county_officer", "/people"),
    ("county_officer", "/pairings"),
    ("county_officer", "/organisations"),
    ("county_officer", "/assignments"),
    ("county_officer", "/workdays"),
    ("county_officer", "/summary"),
    ("audit_administrator", "/audit"),
    ("system_administrator", "/accounts"),
    ("system_administrator", "/feedback/inbox"),
    ("sending_staff", "/feedback/mine"),
]


@pytest.mark.parametrize("stored", ['["a","b",100000000000000000000]', "true", "[true,1]"])
@pytest.mark.parametrize(("persona", "path"), LISTS)
def test_a_cursor_that_nobody_was_given_shows_the_first_page(
    pages: Pages, persona: str, path: str, stored: str
) -> None:
    browser = pages(persona)
    page, first = browser.get(f"{path}?cursor={cursor_of(stored)}"), browser.get(path)
    assert [row.text for row in page.find_all("tbody tr")] == [
        row.text for row in first.find_all("tbody tr")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/programme/work-years/99999999999999999999/640000/closure",
        "/programme/allocations/9007199254740992/edit",
        "/calendar/99999999999999999999",
        "/calendar/1999",
    ],
)
def test_a_number_that_nothing_can_have_leads_nowhere(pages: Pages, path: str) -> None:
    pages("national_officer").get(path, 404)


def test_every_year_in_an_address_is_one_that_a_date_can_have(arena: Arena) -> None:
    with_year = [rule for rule in arena.app.url_map.iter_rules() if "year" in rule.arguments]
    assert with_year
    for rule in with_year:
        year = rule._converters["year"]
        assert isinstance(year, YearConverter), rule
        assert MINYEAR <= year.min <= year.max <= MAXYEAR, rule


@pytest.mark.parametrize("name", ["endpoint", "_external", "_scheme", "picture"])
def test_a_query_that_a_page_carries_on_may_have_any_names(pages: Pages, name: str) -> None:
    for persona, path in (
        ("audit_administrator", "/audit"),
        ("county_officer", "/workdays/approval"),
        ("county_officer", "/dashboard"),
    ):
        page = pages(persona).get(f"{path}?{name}=x")
        assert "//localhost" not in page.html
