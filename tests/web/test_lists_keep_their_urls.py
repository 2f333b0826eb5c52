"""What a list is asked stands in its URL, and each link on it keeps the rest: Back leads there again."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.portal import Pages

LISTS = {
    # A filter and an order of each list, and the year where there is one.
    "/organisations": {"type": "social_work", "sort": "-name"},
    "/people": {"level": "intermediate", "sort": "-name"},
    "/pairings": {"state": "active", "sort": "-county", "year": "2022"},
    "/assignments": {"side": "sent", "sort": "-name"},
    "/workdays": {"side": "sent", "sort": "entered", "year": "2022"},
    "/summary": {"mode": "cross_province", "sort": "-code", "year": "2022"},
}


def asked(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def url_of(path: str) -> str:
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in LISTS[path].items())}"


@pytest.mark.parametrize("path", LISTS)
def test_a_new_filter_keeps_the_order_and_the_year(pages: Pages, path: str) -> None:
    page = pages("national_officer").get(url_of(path))
    found = page.submit("form.q-filter")
    sent = {key: value for key, value in asked(found.path).items() if value}
    assert sent == LISTS[path]


@pytest.mark.parametrize("path", LISTS)
def test_another_order_keeps_the_filters_and_the_year(pages: Pages, path: str) -> None:
    page = pages("national_officer").get(url_of(path))
    orders = [link["href"] for link in page.find_all("th a") if "sort=" in link["href"]]
    # An empty list has no head to sort by.
    assert orders or page.find(".q-empty")
    kept = {key: value for key, value in LISTS[path].items() if key != "sort"}
    for href in orders:
        assert kept.items() <= asked(href).items()


@pytest.mark.parametrize("path", ["/pairings", "/summary"])
def test_another_year_keeps_the_filters_and_the_order(pages: Pages, path: str) -> None:
    page = pages("national_officer").get(url_of(path))
    kept = {key: value for key, value in LISTS[path].items() if key != "year"}
    years = [link["href"] for link in page.find_all(".q-years a")]
    assert years
    for href in years:
        assert kept.items() <= asked(href).items()
