"""Every page that would offer a deed says, while its pairing waits, why it does not, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.types import AssignmentState
from tests.support.portal import Pages
from tests.support.unconfirmed import confirm, unconfirm
from tests.support.workdays import MONDAY, confirmed, logged
from tests.support.world import World

REASON = "还待受援省民政部门确认结对"
SHORT = "结对待确认，生效后方可"


def nominated(world: World) -> str:
    assignment = world.assignment("sent2")
    assignment.state = AssignmentState.NOMINATED
    world.session.flush()
    return assignment.public_id


PAGES: dict[str, tuple[str, Callable[[World], str], str, str]] = {
    # Who looks, what is there and at which address, the reason, and the button that waits.
    "the pairing": ("province_officer", lambda _: "/pairings/P1", REASON, "a:更正协议信息"),
    "the agreement": (
        "province_officer",
        lambda _: "/pairings/P1/agreement",
        REASON,
        "button:登记",
    ),
    "the form of a day": ("sending_staff", lambda _: "/workdays/new", REASON, "button:提交"),
    "a worker's first page": (
        "sending_staff",
        lambda _: "/",
        "待确认，生效后即可填报",
        "a:填报今天",
    ),
    "a draft": (
        "sending_staff",
        lambda world: f"/workdays/{logged(world, submit=False).id}",
        REASON,
        "button:提交",
    ),
    "a day to confirm": (
        "sending_manager",
        lambda world: f"/workdays/{logged(world).id}",
        REASON,
        "button:确认",
    ),
    "a day to approve": (
        "county_officer",
        lambda world: f"/workdays/{confirmed(world, day=MONDAY + timedelta(1)).id}",
        REASON,
        "button:核准",
    ),
    "an assignment": (
        "sending_province_officer",
        lambda world: f"/assignments/{nominated(world)}",
        REASON,
        "button:批准",
    ),
}

LISTS = {
    "the manager's queue": ("sending_manager", logged, "/workdays/confirmation", SHORT),
    "the county's queue": ("county_officer", confirmed, "/workdays/approval", SHORT),
    "the nominations": (
        "sending_province_officer",
        nominated,
        "/nominations",
        "结对 P1 待确认，不能批准选派：还待受援省民政部门确认结对",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_why_its_button_is_off_until_the_confirmation(
    pages: Pages, world: World, name: str
):
    persona, prepare, reason, button = PAGES[name]
    address = prepare(world)
    unconfirm(world)
    world.session.commit()
    tag, label = button.split(":")
    client = pages(persona)
    page = client.get(address)
    assert reason in page.text
    assert label not in [one.text for one in page.find_all(f"main {tag}")]
    confirm(world)
    world.session.commit()
    page = client.get(address)
    assert reason not in page.text
    assert label in [one.text for one in page.find_all(f"main {tag}")]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_offers_no_line_of_an_unconfirmed_pairing_and_says_why(
    pages: Pages, world: World, name: str
):
    persona, prepare, address, reason = LISTS[name]
    prepare(world)
    unconfirm(world)
    world.session.commit()
    client = pages(persona)
    page = client.get(address)
    assert reason in page.text
    assert page.find_all("input[data-bulk-item]") == []
    confirm(world)
    world.session.commit()
    page = client.get(address)
    assert reason not in page.text
    assert len(page.find_all("input[data-bulk-item]")) == 1


def test_people_may_still_be_named(pages: Pages, world: World):
    unconfirm(world)
    world.session.commit()
    page = pages("sending_manager").get("/pairings/P1").click("提名人员")
    assert "可以先提名。" in page.text
    person = world.person("unqualified")
    page = page.submit(button="提交审批", values={"person": person.public_id}, follow=True)
    assert page.messages == [f"已提名{person.name}，待援派省民政部门审批。"]
