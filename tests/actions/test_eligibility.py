"""A changed record decides anew who qualifies, in the same transaction."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import AssignmentDecision, AuditEvent, Certificate, Person
from models.types import CertLevel, Side
from portal.changes.actions import edit_person, record_certificate
from portal.people.queries import Filters, list_people
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.actions import nominate
from portal.staffing.queries import checks_of

TODAY = date(2022, 11, 21)


def send(world, key="unqualified"):
    return nominate(
        world.deed(),
        pairing=world.pairing("P1"),
        person=world.person(key),
        side=Side.SENT,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )


def since(world, day, key="unqualified"):
    person = world.person(key)
    facts = PersonFacts(person.name, "", None, day)
    edit_person(world.deed("sending_manager"), person, facts, version=person.version)


def certify(world, level, issued_on, key="unqualified"):
    number = None if key == WITHOUT_NUMBER else f"演示{key}{level}"
    facts = CertificateFacts(level, number, issued_on)
    record_certificate(world.deed("sending_manager"), world.person(key), facts)


def kinds(world, assignment):
    return world.session.scalars(
        sa.select(AssignmentDecision.kind)
        .where(AssignmentDecision.assignment_id == assignment.id)
        .order_by(AssignmentDecision.id)
    ).all()


def test_certificate_and_service_together_make_somebody_qualify(world):
    assignment = send(world)
    assert not assignment.is_qualified
    certify(world, CertLevel.INTERMEDIATE, date(2021, 6, 1))
    assert not assignment.is_qualified
    since(world, date(2019, 1, 1))
    assert assignment.is_qualified
    assert kinds(world, assignment)[-1] == "qualified"


def test_a_later_start_of_service_takes_the_standing_away(world):
    assignment = world.assignment("sent1")
    since(world, date(2021, 6, 1), key="sent1")
    assert not assignment.is_qualified
    assert kinds(world, assignment)[-1] == "disqualified"


def test_a_certificate_of_after_the_first_day_does_not_help(world):
    assignment = send(world)
    since(world, date(2019, 1, 1))
    certify(world, CertLevel.INTERMEDIATE, date(2022, 3, 2))
    assert not assignment.is_qualified


def test_a_change_that_decides_nothing_leaves_no_decision(world):
    assignment = world.assignment("sent1")
    before, events = kinds(world, assignment), world.count(AuditEvent)
    since(world, date(2015, 2, 1), key="sent1")
    assert kinds(world, assignment) == before
    assert world.count(AuditEvent) == events + 1


CASES = {
    # Each person gets a level, the day on which it was issued, and a start of service.
    "sent1": (CertLevel.INTERMEDIATE, date(2018, 6, 1), date(2020, 11, 21)),
    "sent2": (CertLevel.INTERMEDIATE, date(2018, 6, 1), date(2020, 11, 22)),
    "unqualified": (CertLevel.ASSISTANT, date(2018, 6, 1), date(2015, 1, 1)),
    "received1": (CertLevel.INTERMEDIATE, date(2018, 6, 1), None),
    "received2": (CertLevel.SENIOR, None, date(2015, 1, 1)),
    "received3": (CertLevel.SENIOR, TODAY, date(2015, 1, 1)),
    "foreign": (CertLevel.SENIOR, date(2018, 6, 1), date(2015, 1, 1)),
    "sent_other": (CertLevel.SENIOR, date(2018, 6, 1), date(2015, 1, 1)),
}
WITHOUT_NUMBER = "sent_other"


def settle(world):
    """Give everybody in CASES the certificate and the service that stand there."""
    world.session.execute(sa.delete(Certificate))
    for key, (level, issued_on, started_on) in CASES.items():
        world.person(key).service_started_on = started_on
        if level:
            certify(world, level, issued_on, key=key)
    world.session.flush()


def ids_of_listed(world, on, *, is_qualified):
    found = list_people(
        world.session,
        world.actor("national_officer"),
        Filters(is_qualified=is_qualified),
        on=on,
    )
    assert all(row.is_qualified == is_qualified for row in found.rows)
    return {row.id for row in found.rows}


@pytest.mark.parametrize("on", [TODAY, date(2023, 2, 28), date(2022, 11, 20)])
def test_the_list_and_the_rule_agree_on_who_qualifies(world, on):
    settle(world)
    everybody = world.session.scalars(
        sa.select(Person.id).where(Person.organisation_id.is_not(None))
    ).all()
    by_rule = {
        one
        for one in everybody
        if all(check.is_met for check in checks_of(world.session, one, Side.SENT, on))
    }
    assert by_rule
    assert ids_of_listed(world, on, is_qualified=True) == by_rule
    received = {world.person(f"received{number}").id for number in (1, 2, 3)}
    lacking = set(everybody) - by_rule - received  # of whom nobody asks it
    assert ids_of_listed(world, on, is_qualified=False) == lacking
