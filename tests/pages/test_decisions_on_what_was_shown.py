"""Whoever decides, decides on what the page showed: what changed meanwhile is refused, not decided on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from models import Pairing, Workday
from models.types import Line, Side
from portal.organisations.actions import register_organisation
from portal.pairings import actions
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.unconfirmed import unconfirm
from tests.support.workdays import confirmed, logged
from tests.support.world import World, organisation_facts

REASON = "演示：日期有误"


def day_of_the_manager(world: World) -> Workday:
    return logged(world)


def day_of_the_county(world: World) -> Workday:
    return confirmed(world)


def proposal(world: World) -> Pairing:
    return unconfirm(world)


def changed(world: World, subject: Workday | Pairing) -> None:
    """Change a subject as another person's deed does."""
    model = type(subject)
    world.session.execute(
        sa.update(model)
        .where(model.id == subject.id)
        .values(version=model.version + 1)
        .execution_options(synchronize_session=False)
    )
    world.session.commit()


CASES = {
    "a manager returns a day": (
        day_of_the_manager,
        "sending_manager",
        "/workdays/{0.id}/confirmation/return",
        "退回",
    ),
    "a county returns a day": (
        day_of_the_county,
        "county_officer",
        "/workdays/{0.id}/approval/return",
        "退回",
    ),
    "a province confirms": (proposal, "province_officer", "/pairings/{0.code}", "确认结对"),
    "a province declines": (
        proposal,
        "province_officer",
        "/pairings/{0.code}/refusal",
        "不同意结对",
    ),
}


def decide(page: Page, button: str, expect: int) -> Page:
    given = {} if button == "确认结对" else {"reason": REASON}
    return page.submit(button=button, expect=expect, **given)


@pytest.mark.parametrize(("made", "persona", "path", "button"), CASES.values(), ids=CASES)
def test_refuses_what_changed_since_it_was_shown(
    pages: Pages,
    world: World,
    made: Callable[[World], Workday | Pairing],
    persona: str,
    path: str,
    button: str,
) -> None:
    subject = made(world)
    world.session.commit()
    client = pages(persona)
    page = client.get(path.format(subject))
    before = subject.state
    changed(world, subject)
    answer = decide(page, button, 409)
    assert "已由他人办理或修改" in answer.text
    world.session.expire_all()
    assert subject.state == before
    decide(client.get(path.format(subject)), button, 302)
    world.session.expire_all()
    assert subject.state != before


def test_refuses_a_decision_on_an_exception_that_changed(pages: Pages, world: World) -> None:
    facts = organisation_facts("52", "640302", 72, "利通区演示新社会工作服务中心")
    receiving = register_organisation(world.deed(), facts)
    made = actions.create_pairing(
        world.deed("province_officer"),
        code="P8",
        sending=world.organisation("sending"),
        receiving=receiving,
        county_code="640302",
        line=Line.CONTINUATION,
        starts_on=world.clock().date(),
        ends_on=None,
        exception_reason="演示：力量充足",
    )
    world.session.commit()
    path = f"/pairings/P8/exceptions/{Side.SENT.value}"
    client = pages("sending_province_officer")
    page = client.get(path)
    changed(world, made)
    answer = page.submit(button="提交决定", decision="grant", expect=409)
    assert "已由他人办理或修改" in answer.text
    client.get(path).submit(button="提交决定", decision="grant", expect=302)
