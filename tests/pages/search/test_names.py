"""Every box that takes a name finds it as it is pasted, typed, or spelt in pinyin."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import sqlalchemy as sa

from models import Person
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.workdays import confirmed
from tests.support.world import World

PERSON, ORGANISATION = "阿依古丽·单ABC", "演示单阿依ABC中心（一）"

TYPED_PERSON = (
    PERSON,
    "阿依古丽・单ＡＢＣ",
    "阿依古丽 • 单 abc",
    "\u202d阿依古丽·单ABC\u202c\u200b",
    "阿依古丽　单",
    "ayiguli",
    "a yi gu li",
    "AYGL",
    "ａｙｇｌ",
    "guli",
)
TYPED_ORGANISATION = (
    ORGANISATION,
    "演示单阿依ＡＢＣ中心(一)",
    "演示 单阿依\u200babc 中心",
    "yanshidanayi",
    "yan shi dan",
    "ysday",
)

PERSON_BOXES = (
    ("province_officer", "/search?q={}"),
    ("province_officer", "/people?q={}"),
    ("province_officer", "/assignments?q={}"),
    ("province_officer", "/workdays?person={}"),
    ("county_officer", "/workdays/approval?person={}"),
    ("system_administrator", "/accounts?q={}"),
)
ORGANISATION_BOXES = (
    ("province_officer", "/search?q={}"),
    ("province_officer", "/organisations?q={}"),
    ("province_officer", "/people?organisation={}"),
    ("province_officer", "/pairings?q={}"),
    ("province_officer", "/assignments?q={}"),
)


@pytest.fixture
def called(world: World) -> World:
    """The world, with a person and an organisation under names of every kind of character.

    The person has a day that waits for the county.
    """
    confirmed(world, "sent1")
    world.person("sent1").name = PERSON
    world.organisation("sending").name = ORGANISATION
    world.session.commit()
    return world


def shown(page: Page) -> str:
    """Return the rows of a list or the hits of the search; not the box, which echoes."""
    lines = page.find_all(".q-hits .q-hit") or page.find_all("tbody tr")
    return "\n".join(line.text for line in lines)


def test_every_box_finds_a_person_however_the_name_is_typed(pages: Pages, called: World) -> None:
    missed = [
        (address, typed)
        for persona, address in PERSON_BOXES
        for typed in TYPED_PERSON
        if PERSON not in shown(pages(persona).get(address.format(quote(typed))))
    ]
    assert missed == []


def test_every_box_finds_an_organisation_however_the_name_is_typed(
    pages: Pages, called: World
) -> None:
    missed = [
        (address, typed)
        for persona, address in ORGANISATION_BOXES
        for typed in TYPED_ORGANISATION
        if ORGANISATION not in shown(pages(persona).get(address.format(quote(typed))))
    ]
    assert missed == []


def test_a_county_is_found_by_its_sound(pages: Pages) -> None:
    for typed in ("红寺堡", "hongsibu", "hsbq", "红　寺堡区\u200b", "wuzhong"):
        found = shown(pages("province_officer").get(f"/search?q={quote(typed)}"))
        assert "红寺堡区" in found, typed
    # 贵州省 and 内蒙古自治区 (…gzzq) stand before the many counties that sound like that.
    provinces = shown(pages("national_officer").get("/search?q=gz"))
    assert provinces.index("贵州省") < provinces.index("巴林左旗")


def test_does_not_find_what_is_not_in_the_name(pages: Pages, called: World) -> None:
    for typed in ("阿依娜", "iguli", "abd", "·\u200b", "%"):
        found = shown(pages("province_officer").get(f"/search?q={quote(typed)}"))
        assert PERSON not in found, typed


def test_a_list_by_name_goes_by_pinyin_and_pages_by_it(pages: Pages, world: World) -> None:
    ordered = [
        "阿演示",
        "An演示",
        "卢演示",
        "吕演示",
        "单演示",
        "曾演示",
        "张演示",
        "章演示",
        "赵演示",
    ]
    organisation_id = world.organisation("receiving").id
    rows = [
        {"name": name, "organisation_id": organisation_id, "created_at": world.clock()}
        for name in sorted(ordered * 8)
    ]
    world.session.execute(sa.insert(Person), rows)
    world.session.commit()
    client = pages("receiving_manager")
    page = client.get("/people?sort=name")
    first = [row["姓名"] for row in page.table_rows("人员")]
    second = [row["姓名"] for row in page.click("下一页").table_rows("人员")]
    listed = [name for name in (*first, *second) if name in ordered]
    assert list(dict.fromkeys(listed)) == ordered
    assert len(listed) == len(rows)
