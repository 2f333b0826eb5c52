"""From a pairing: register somebody, record the certificate, nominate; nothing is typed twice."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import Assignment, Person
from models.types import AssignmentState
from portal.standards.id_number import make_id_number
from tests.support.portal import Pages
from tests.support.world import World

NEWCOMER = {
    "name": "演示新人",
    "id_number": make_id_number("110105", date(1993, 3, 1), 77),
    "service_started_on": "2018-01-01",
}
CERTIFICATE = {
    "certificate_level": "intermediate",
    "certificate_number": "演示-新-1",
    "certificate_issued_on": "2019-06-01",
}


def register_url(world: World, key: str, code: str) -> str:
    return f"/organisations/{world.organisation(key).credit_code}/people/new?for={code}"


def test_a_sent_newcomer_is_nominated_in_three_forms_that_lead_on(pages: Pages, world: World):
    client = pages("sending_manager")
    page = client.get("/pairings/P1/nomination")
    assert ("登记新人员", register_url(world, "sending", "P1")) in page.links()
    page = client.get(register_url(world, "sending", "P1"))
    assert page.find("[aria-current=step]").text.split() == ["1登记人员"]
    page = page.submit(**NEWCOMER, follow=True)
    assert page.h1 == "登记证书"
    assert page.find("[aria-current=step]").text.split() == ["2登记证书"]
    page = page.submit(**CERTIFICATE, follow=True)
    assert page.h1 == "提名人员"
    assert "持有社会工作师证书（2019-06-01 取得）" in page.text
    page = page.submit(button="提交审批", follow=True)
    assert page.messages == ["已提名演示新人，待援派省民政部门审批。"]
    person = world.session.scalars(sa.select(Person).where(Person.name == "演示新人")).one()
    made = world.session.scalars(
        sa.select(Assignment).where(Assignment.person_id == person.id)
    ).one()
    assert (made.state, made.is_qualified) == (AssignmentState.NOMINATED, True)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_whoever_is_received_is_asked_no_certificate(pages: Pages, world: World):
    page = pages("receiving_manager").get(register_url(world, "receiving", "P1"))
    page = page.submit(**NEWCOMER, follow=True)
    assert page.h1 == "提名人员"
    page = page.submit(button="提交审批", follow=True)
    assert page.messages == ["已提名演示新人，待受援县民政部门审批。"]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_certificate_may_be_left_for_later(pages: Pages, world: World):
    page = pages("sending_manager").get(register_url(world, "sending", "P1"))
    page = page.submit(**NEWCOMER, follow=True)
    later = dict(page.links())["暂不登记，直接提名"]
    page = pages("sending_manager").get(later)
    assert page.find("#person option[selected]").text.startswith("演示新人")
    mending = dict(page.links())["登记证书"]
    assert mending.endswith("?for=P1")


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_person_without_a_path_is_led_on_by_the_primary_button(pages: Pages, world: World):
    client = pages("sending_manager")
    url = register_url(world, "sending", "P1").partition("?")[0]
    page = client.get(url).submit(**NEWCOMER, follow=True)
    (primary,) = page.find_all(".q-page-header .btn-primary")
    assert primary.text == "登记证书"
    page = client.get(primary["href"]).submit(**CERTIFICATE, follow=True)
    assert page.h1 == "提名人员"


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_somebody_who_is_in_every_pairing_is_nominated_to_none(pages: Pages, world: World):
    page = pages("sending_manager").get(f"/people/{world.person('sent1').public_id}")
    assert not [text for text, _ in page.links() if text.startswith("提名到")]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("persona", "key", "code", "status"),
    [
        ("sending_manager", "sending", "P2", 404),
        ("sending_manager", "sending", "X9", 404),
        ("receiving_manager", "sending", "P1", 404),
        ("province_officer", "sending", "P1", 403),
    ],
)
def test_the_pairing_of_an_address_is_found_like_any_other(
    pages: Pages, world: World, persona, key, code, status
):
    pages(persona).get(register_url(world, key, code), status)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_person_of_another_organisation_is_not_to_be_named(pages: Pages, world: World):
    stranger = world.person("received1").public_id
    pages("sending_manager").get(f"/pairings/P1/nomination?person={stranger}", 404)
