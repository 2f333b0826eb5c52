"""Where a closed work year forbids a deed, its page says so beside the buttons that it leaves out."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Side
from portal.programme.actions import close_work_year
from portal.staffing.frozen_queries import years_if_counting
from tests.support.portal import Pages
from tests.support.waiting_days import nominated, unqualified
from tests.support.world import World

CLOSED = "2022 工作年度已关闭，不能再"


def end_with_2022(world: World) -> None:
    """Let pairing and assignments end with the year that is closed."""
    pairing, assignment = world.pairing(), world.assignment("sent1")
    pairing.ends_on = assignment.ends_on = date(2022, 12, 31)


def url_of(thing: str, world: World) -> str:
    match thing:
        case "nominated":
            return f"/assignments/{nominated(world).public_id}"
        case "unqualified":
            return f"/assignments/{unqualified(world).public_id}"
        case "ending":
            end_with_2022(world)
            return f"/assignments/{world.assignment('sent1').public_id}"
        case "pairing":
            end_with_2022(world)
            return "/pairings/P1"
        case "agreement":
            return "/pairings/P2/agreement"
        case _:
            unqualified(world)
            return f"/people/{world.person('unqualified').public_id}/{thing}"


@pytest.mark.parametrize(
    ("persona", "thing", "button"),
    [
        ("sending_province_officer", "nominated", "批准"),
        ("sending_province_officer", "unqualified", "批准资格例外"),
        ("sending_manager", "ending", "提前结束"),
        ("sending_manager", "ending", "由他人接替"),
        ("province_officer", "pairing", "终止结对"),
        ("province_officer", "agreement", "登记"),
    ],
)
def test_a_deed_that_a_closed_year_forbids_is_named_instead_of_offered(
    pages: Pages, world: World, persona: str, thing: str, button: str
) -> None:
    url = url_of(thing, world)
    world.session.commit()
    page = pages(persona).get(url)
    assert button in words_of_buttons(page)
    assert CLOSED not in page.text
    close_work_year(world.deed(), 2022, "年度结束")
    world.session.commit()
    page = pages(persona).get(url)
    assert button not in words_of_buttons(page)
    assert page.text.count(CLOSED) == 1


@pytest.mark.parametrize("thing", ["edit", "certificates/new"])
def test_the_pages_of_a_person_say_which_year_no_longer_changes(
    pages: Pages, world: World, thing: str
) -> None:
    url = url_of(thing, world)
    world.session.commit()
    assert CLOSED not in pages("sending_manager").get(url).text
    close_work_year(world.deed(), 2022, "年度结束")
    world.session.commit()
    assert CLOSED in pages("sending_manager").get(url).text


def test_nothing_is_held_fast_where_no_day_was_decided(world: World) -> None:
    assignment = world.assignment("sent2")
    close_work_year(world.deed(), 2022, "年度结束")
    assert assignment.side == Side.SENT
    assert years_if_counting(world.session, assignment) == ()


def words_of_buttons(page) -> set[str]:
    return {one.text.strip() for one in (*page.find_all("main a"), *page.find_all("main button"))}
