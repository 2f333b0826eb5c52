"""Registering people and certificates, editing, and showing numbers in clear."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from models import AuditEvent, Certificate, Person
from models.types import CertLevel
from portal.people.actions import edit_person, record_certificate, register_person, reveal
from portal.people.queries import find_by_id_number
from portal.people.rules import CertificateFacts, PersonFacts
from portal.refusals import Conflict, Refused
from portal.standards.id_number import make_id_number

ID_NUMBER = make_id_number("110105", date(1993, 3, 1), 77)
NEW = PersonFacts("演示新人", ID_NUMBER, "138 0013 8000", date(2019, 1, 1))


def last_event(world) -> AuditEvent:
    return world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def codes_of(caught) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in caught.value.refusals]


def register(world, **changes) -> Person:
    return register_person(
        world.deed("sending_manager"), world.organisation("sending"), NEW._replace(**changes)
    )


def edited(world, version=None, **changes) -> Person:
    person = world.person("sent1")
    facts = PersonFacts(person.name, "", None, person.service_started_on)._replace(**changes)
    edit_person(world.deed("sending_manager"), person, facts, version=version or person.version)
    return person


def test_registers_a_person_with_one_audit_event_and_no_number_in_it(world):
    events = world.count(AuditEvent)
    person = register(world)
    assert (person.phone_masked, person.organisation_id) == (
        "138****8000",
        world.organisation("sending").id,
    )
    assert ID_NUMBER.encode() not in person.id_number_sealed
    assert world.count(AuditEvent) == events + 1
    event = last_event(world)
    assert (event.event, event.subject) == ("person.registered", f"person:{person.public_id}")
    assert ID_NUMBER not in event.facts


def test_finds_a_person_by_the_number_however_it_is_typed(world):
    person = register(world)
    typed = f" {ID_NUMBER[:6]} {ID_NUMBER[6:].lower()} "
    assert find_by_id_number(world.session, world.deed().vault, typed) is person


def test_refuses_the_same_person_twice_and_says_where_the_first_is(world):
    register(world)
    with pytest.raises(Refused, match="本机构名下"):
        register(world)
    with pytest.raises(Refused, match="另一家机构"):
        register_person(world.deed("other_manager"), world.organisation("sending2"), NEW)


def test_an_edit_keeps_number_and_phone_that_are_left_empty(world):
    before = world.person("sent1").id_number_masked
    edited(world, phone="13900139000")
    person = edited(world, name="演示改名")
    assert (person.name, person.id_number_masked) == ("演示改名", before)
    assert person.phone_masked == "139****9000"
    assert json.loads(last_event(world).facts) == {"changed": ["name"]}


def test_an_edit_of_an_older_version_is_a_conflict(world):
    opened_with = world.person("sent1").version
    edited(world, phone="13900139000")
    with pytest.raises(Conflict):
        edited(world, version=opened_with, phone="13900139001")
    assert world.person("sent1").phone_masked == "139****9000"


def test_an_edit_is_refused_with_every_reason(world):
    with pytest.raises(Refused) as caught:
        edited(world, name=" ", phone="1", service_started_on=date(2030, 1, 1))
    assert codes_of(caught) == [
        ("name", "missing_value"),
        ("phone", "invalid_value"),
        ("service_started_on", "future_date"),
    ]


def record(world, key="received1", **changes) -> Certificate:
    facts = CertificateFacts(CertLevel.ASSISTANT, "演示A1", date(2021, 6, 1))._replace(**changes)
    return record_certificate(world.deed("receiving_manager"), world.person(key), facts)


def test_records_a_certificate_with_one_audit_event(world):
    events = world.count(AuditEvent)
    assert record(world, number=" 演示A1 ").number == "演示A1"
    assert world.count(AuditEvent) == events + 1
    assert last_event(world).event == "certificate.recorded"


def test_mends_the_certificate_of_the_same_level(world):
    first = record(world)
    count = world.count(Certificate)
    assert record(world, issued_on=date(2021, 7, 1)) is first
    assert (world.count(Certificate), first.issued_on) == (count, date(2021, 7, 1))


def test_refuses_the_number_of_somebody_elses_certificate(world):
    record(world)
    with pytest.raises(Refused) as caught:
        record(world, key="received2")
    assert codes_of(caught) == [("certificate_number", "duplicate")]


def test_certificates_without_a_number_do_not_collide(world):
    assert record(world, number="").number is None
    assert record(world, key="received2", number=None).number is None


def test_reveals_the_id_number_and_keeps_the_reason(world):
    person = register(world)
    assert reveal(world.deed("sending_manager"), person, "id_number", " 投保 ") == ID_NUMBER
    assert reveal(world.deed("sending_manager"), person, "phone", "联系") == "13800138000"
    events = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).all()[:2]
    assert [one.event for one in events] == ["person.phone_revealed", "person.id_number_revealed"]
    assert json.loads(events[1].facts) == {"reason": "投保"}


@pytest.mark.parametrize(
    ("column", "reason"), [("id_number", " "), ("phone", "联系"), ("name", "联系")]
)
def test_reveals_nothing_without_a_reason_or_a_value(world, column, reason):
    events = world.count(AuditEvent)
    with pytest.raises(Refused):
        reveal(world.deed("sending_manager"), world.person("sent1"), column, reason)
    assert world.count(AuditEvent) == events
