"""The month of an organisation's people, for who confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import MONDAY, approved, logged
from tests.support.world import World

GRID = "/workdays/grid"


def test_the_month_shows_the_own_people_and_leads_to_day_and_queue(pages: Pages, world: World):
    day = logged(world)
    approved(world, "sent2")
    logged(world, "received1")
    client = pages("sending_manager")
    page = client.get(GRID)
    names = {world.person(one).name for one in ("sent1", "sent2")}
    shown = {one.text.split()[0] for one in page.find_all("tbody th")}
    assert names <= shown
    assert world.person("received1").name not in shown
    link = page.find(f"a[href='/workdays/{day.id}']")
    assert link["aria-label"] == f"{world.person('sent1').name} 2022-11-14 待确认"
    queue = page.click(f"去确认 1 条：{world.person('sent1').name}")
    assert len(queue.find_all("input[data-bulk-item]")) == 1


def test_other_months_are_one_click_away(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get(GRID).click("上个月")
    assert "2022 年 10 月" in page.text
    assert page.find("tbody td a") is None
    assert "2022 年 11 月" in page.click("下个月").text
    assert "2022 年 11 月" in pages("sending_manager").get(GRID + "?month=nonsense").text


def test_a_month_costs_the_same_whatever_is_logged(pages: Pages, world: World):
    client = pages("sending_manager")
    logged(world)
    client.get(GRID)
    with statements(pages.app) as few:
        client.get(GRID)
    for number in range(1, 6):
        logged(world, day=MONDAY + timedelta(number))
        logged(world, "sent2", MONDAY - timedelta(number))
    with statements(pages.app) as many:
        client.get(GRID)
    assert len(many) == len(few)


@pytest.mark.parametrize("persona", ["county_officer", "sending_staff", "national_officer"])
def test_only_whoever_confirms_has_it(pages: Pages, persona: str):
    pages(persona).get(GRID, expect=403)
