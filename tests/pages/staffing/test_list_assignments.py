"""/assignments: who takes part, within the scope of whoever asks."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Side
from portal.staffing.actions import nominate
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World

URL = "/assignments"
P1 = {"演示甲一", "演示甲二", "演示乙一", "演示乙二", "演示乙三"}


def names(page) -> set[str]:
    return {row["姓名"] for row in page.table_rows()} if page.find("table") else set()


def test_one_button_is_the_first_of_the_page_whether_it_lists_anything_or_not(pages: Pages):
    for asked in ("", "?q=无此人"):
        page = pages("sending_manager").get(URL + asked)
        assert [one.text for one in page.find_all("main .btn-primary")] == ["提名人员"]


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("national_officer", {*P1, "演示丙一"}),
        ("province_officer", P1),
        ("sending_province_officer", P1),
        ("other_province_officer", {"演示丙一"}),
        ("county_officer", P1),
        ("other_county_officer", set()),
        ("sending_manager", {"演示甲一", "演示甲二"}),
        ("receiving_manager", {"演示乙一", "演示乙二", "演示乙三"}),
        ("sending_staff", {"演示甲一"}),
        ("other_manager", set()),
    ],
)
def test_shows_the_assignments_within_the_scope(pages: Pages, persona, expected):
    assert names(pages(persona).get(URL)) == expected


@pytest.mark.parametrize("persona", ["province_rural_officer", "system_administrator"])
def test_is_no_page_for_others(pages: Pages, persona):
    pages(persona).get(URL, 403)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=甲一", {"演示甲一"}),
        ("q=红寺堡区演示", {"演示乙一", "演示乙二", "演示乙三"}),
        ("q=P3", {"演示丙一"}),
        ("side=received", {"演示乙一", "演示乙二", "演示乙三"}),
        ("state=on_duty", {*P1, "演示丙一"} - {"演示甲二"}),
        ("state=nominated", {"演示甲三"}),
        ("state=rejected", set()),
        ("qualified=no", {"演示甲三"}),
        ("qualified=yes&q=P1", {"演示甲一", "演示甲二"}),
        ("qualified=excepted", set()),
        ("side=x&state=y&qualified=z", {*P1, "演示丙一", "演示甲三"}),
    ],
)
def test_filters_stand_in_the_url(pages: Pages, world: World, query, expected):
    world.assignment("sent2").ends_on = date(2022, 10, 31)
    nominate(
        world.deed("sending_manager"),
        pairing=world.pairing("P1"),
        person=world.person("unqualified"),
        side=Side.SENT,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )
    assert names(pages("national_officer").get(f"{URL}?{query}")) == expected


@pytest.mark.parametrize("sort", ["name", "-starts_on", "pairing", "-organisation", "ends_on", "x"])
def test_sorts_by_what_the_url_says(pages: Pages, sort):
    assert names(pages("national_officer").get(f"{URL}?sort={sort}")) == {*P1, "演示丙一"}


def test_an_empty_list_says_what_to_do(pages: Pages):
    page = pages("other_manager").get(URL)
    assert ("提名人员", "/pairings/P2/nomination") in page.links()
    assert "由双方机构提名" in pages("other_county_officer").get(URL).find(".q-empty").text
    page = pages("sending_manager").get(f"{URL}?q=没有这样的人")
    assert ("清除筛选", URL) in page.links()


def test_whoever_approves_sees_how_many_wait(pages: Pages):
    assert ("待我审批（0）", "/nominations") in pages("county_officer").get(URL).links()
    assert not any("待我审批" in text for text, _ in pages("sending_manager").get(URL).links())


def test_costs_the_same_number_of_queries_for_few_and_for_many(pages: Pages):
    client = pages("national_officer")
    client.get(URL)
    costs = []
    for url in (f"{URL}?q=丙一", URL):
        with statements(pages.app) as sent:
            client.get(url)
        costs.append(len(sent))
    assert costs[0] == costs[1]
