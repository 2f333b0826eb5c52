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
    draft = logged(world, "sent2", MONDAY + timedelta(1), submit=False)
    page = client.get(GRID)
    cells = {cell.text for cell in page.find_all("tbody td")}
    assert "代代填，待本人确认" not in cells, "the own draft is the person's alone"
    draft.entered_by_person_id = world.actor("sending_manager").person_id
    draft.entered_by_operator = False
    day.disputed_by_person_id = world.person("received1").id
    world.session.commit()
    page = client.get(GRID)
    cells = {cell.text for cell in page.find_all("tbody td")}
    assert "代代填，待本人确认" in cells
    assert page.find("th[data-opens-here]").text.startswith("14")
    names = {world.person(one).name for one in ("sent1", "sent2")}
    shown = {one.text.split()[0] for one in page.find_all("tbody th")}
    assert names <= shown
    assert world.person("received1").name not in shown
    link = page.find(f"a[href='/workdays/{day.id}']")
    assert link["aria-label"] == f"{world.person('sent1').name} 2022-11-14 对方有异议，待确认"
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


def test_days_are_ticked_in_the_month_and_decided_there(pages: Pages, world: World):
    first, second = logged(world), logged(world, "sent2")
    halves = [logged(world, "sent1", MONDAY + timedelta(1), half_days=1) for _ in "ab"]
    own = logged(world, "sent2", MONDAY + timedelta(2))
    own.entered_by_person_id = world.actor("sending_manager").person_id
    own.entered_by_operator = False
    world.session.commit()
    client = pages("sending_manager")
    page = client.get(GRID)
    both = " ".join(f"{one.id}-{one.version}" for one in halves)
    cells = [one["value"] for one in page.find_all("input[name=chosen]")]
    assert sorted(cells) == sorted([f"{first.id}-1", both, f"{second.id}-1"])
    page = page.submit("#grid", button="确认所选", chosen=[f"{first.id}-1", both], follow=True)
    assert page.messages == ["已确认 3 条，现由县级民政部门核准。"]
    assert page.find(".q-grid") is not None
    page = page.submit("#grid", button="退回所选", chosen=[f"{second.id}-1"], expect=200)
    assert page.title.startswith("退回所选日志")
    page = page.submit("form.q-panel", button="退回", reason="演示：请补充", follow=True)
    assert page.find(".q-grid") is not None, "back in the month from which one came"
    world.session.expire_all()
    states = {one.state for one in (first, *halves)}
    assert (states, second.state, own.state) == ({"confirmed"}, "returned", "submitted")


def test_the_month_says_why_what_was_ticked_cannot_be_confirmed(pages: Pages, world: World):
    day = logged(world)
    world.session.commit()
    page = pages("sending_manager").get(GRID)
    day.version = 2
    world.session.commit()
    page = page.submit("#grid", button="确认所选", chosen=[f"{day.id}-1"], expect=200)
    assert "在您打开页面之后" in page.errors[0]
    assert pages("sending_manager").post(GRID, {}, 200).errors == ["请先勾选要确认的条目。"]
