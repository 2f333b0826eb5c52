"""Registering a person, by the manager of the organisation."""

from __future__ import annotations

from datetime import date

import pytest

from models import AuditEvent, Person
from portal.standards.id_number import make_id_number

ID_NUMBER = make_id_number("110105", date(1993, 3, 1), 77)
FILLED = {"name": "演示新人", "id_number": ID_NUMBER}


def path(world, key="sending") -> str:
    return f"/organisations/{world.organisation(key).credit_code}/people/new"


def test_registers_and_leads_to_the_new_page(pages, world):
    form = pages("sending_manager").get(path(world))
    events = world.count(AuditEvent)
    page = form.submit(**FILLED, phone="13800138000", service_started_on="2020/11/21", follow=True)
    assert page.h1 == "演示新人"
    assert "截至今日从业 2 年" in page.text
    assert "138****8000" in page.text
    assert ID_NUMBER not in page.html
    assert world.count(AuditEvent) == events + 1


def test_shows_all_refusals_beside_their_fields_and_keeps_what_was_typed(pages, world):
    count = world.count(Person)
    page = (
        pages("sending_manager")
        .get(path(world))
        .submit(
            name="长" * 61,
            id_number=ID_NUMBER[:-1] + "A",
            phone="12345",
            service_started_on="2030-01-01",
            expect=200,
        )
    )
    marked = [node["id"] for node in page.find_all("[aria-invalid=true]")]
    assert sorted(marked) == ["id_number", "name", "phone", "service_started_on"]
    assert len(page.errors) == 4
    assert page.find("[name=name]")["value"] == "长" * 61
    assert world.count(Person) == count


def test_required_fields_are_asked_for(pages, world):
    page = pages("sending_manager").get(path(world)).submit(expect=200)
    assert page.errors == [
        "姓名：请填写姓名（与证件一致）。",
        "身份证件号：请填写18位公民身份号码。",
    ]


def test_the_same_person_is_not_registered_twice(pages, world):
    client = pages("sending_manager")
    client.get(path(world)).submit(**FILLED)
    page = client.get(path(world)).submit(**FILLED, expect=200)
    assert "已登记在本机构名下" in page.errors[0]


@pytest.mark.parametrize(
    ("persona", "expect"),
    [
        ("province_officer", 403),
        ("sending_staff", 403),
        ("receiving_manager", 404),
        ("other_manager", 404),
    ],
)
def test_nobody_else_may(pages, world, persona, expect):
    pages(persona).get(path(world), expect=expect)
    pages(persona).post(path(world), FILLED, expect=expect)
