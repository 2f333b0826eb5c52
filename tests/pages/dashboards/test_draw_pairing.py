"""The small picture of one pairing, an image of its own."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.support.portal import Pages

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("side", "words"),
    [("sent", "援派：计入 2.5 天，需要 40 天"), ("received", "受援：计入 1.5 天，需要 120 天")],
)
def test_draws_a_side_beside_what_it_needs(pages: Pages, side: str, words: str) -> None:
    answer = pages("county_officer").get(f"/dashboard/pairings/P1.svg?year=2022&side={side}")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(answer.body)
    assert next(one.text for one in root.iter(f"{SVG}text")) == words
    needed, counted = [one.get("points", "").split() for one in root.iter(f"{SVG}polyline")]
    assert (len(needed), len(counted)) == (12, 11)


def test_the_page_of_the_pairing_shows_both(pages: Pages) -> None:
    page = pages("county_officer").get("/pairings/P1?year=2022")
    sources = [image["src"] for image in page.find_all("main img")]
    assert sources == [
        f"/dashboard/pairings/P1.svg?year=2022&side={side}" for side in ("sent", "received")
    ]


@pytest.mark.parametrize(
    ("persona", "path", "status"),
    [
        ("sending_staff", "P1.svg?year=2022", 200),
        ("other_county_officer", "P1.svg?year=2022", 404),
        ("national_officer", "P1.svg?year=1999", 200),
        ("national_officer", "P9.svg?year=2022", 404),
        ("system_administrator", "P1.svg?year=2022", 404),
    ],
)
def test_a_foreign_pairing_is_as_good_as_missing(pages, persona, path, status) -> None:
    pages(persona).get(f"/dashboard/pairings/{path}", expect=status)
