"""Who counts as a received 专业人才 is a dated parameter (B41); changing it judges anew."""

from __future__ import annotations

from datetime import date

import pytest

from models import PairingYearTotal
from models.types import CertLevel
from portal.changes.actions import change_parameter, edit_person, record_certificate
from portal.compliance.queries import explain
from portal.compliance.rules import codes_in
from portal.people.rules import CertificateFacts, PersonFacts
from tests.support.workdays import approved
from tests.support.world import World

MONDAY, TUESDAY = date(2022, 11, 14), date(2022, 11, 15)
SINCE = date(2022, 1, 1)


@pytest.fixture
def worked(world: World) -> World:
    approved(world, "received1", MONDAY)
    approved(world, "received2", TUESDAY)
    return world


def ask(world: World, value: str) -> None:
    change_parameter(world.deed("national_officer"), "received_requires", value, SINCE, "演示")


def standing(world: World) -> tuple[int, int, int, int, bool]:
    """Return heads that count and do not, days that count and wait, and the finding."""
    total = world.session.get_one(PairingYearTotal, (world.pairing().id, 2022))
    return (
        total.received_staff,
        total.unqualified_received_staff,
        total.received_centidays,
        total.received_pending_centidays,
        "received_staff_not_qualified" in codes_in(total.findings),
    )


def test_whoever_is_employed_and_assigned_counts_by_default(worked: World) -> None:
    assert standing(worked) == (2, 0, 200, 0, False)


@pytest.mark.parametrize("value", ["social_work", "certificate"])
def test_a_stricter_value_leaves_out_whoever_lacks_it_and_says_so(worked, value) -> None:
    ask(worked, value)
    assert standing(worked) == (0, 2, 0, 200, True)
    found = explain(worked.session, worked.pairing(), 2022, date(2022, 11, 21))
    assert found is not None
    (finding,) = [one for one in found.findings if one.code == "received_staff_not_qualified"]
    assert (finding.have, finding.need) == (0, 2)
    lacking = found.unqualified(finding.code)
    assert len(lacking) == 3  # everybody assigned, with days or without
    ask(worked, "employed")
    assert standing(worked) == (2, 0, 200, 0, False)


def test_who_gets_what_was_missing_counts_at_once(worked: World) -> None:
    ask(worked, "certificate")
    facts = CertificateFacts(CertLevel.ASSISTANT, "演示证300", date(2020, 6, 1))
    record_certificate(worked.deed("receiving_manager"), worked.person("received1"), facts)
    assert standing(worked) == (1, 1, 100, 100, True)


def test_a_start_in_social_work_counts_where_it_is_asked(worked: World) -> None:
    ask(worked, "social_work")
    person = worked.person("received2")
    facts = PersonFacts(person.name, "", None, date(2021, 12, 31))
    edit_person(worked.deed("receiving_manager"), person, facts, version=person.version)
    assert standing(worked) == (1, 1, 100, 100, True)


def test_an_assignment_of_before_the_date_keeps_its_standing(worked: World) -> None:
    deed = worked.deed("national_officer")
    change_parameter(deed, "received_requires", "certificate", date(2022, 6, 1), "演示")
    assert standing(worked) == (2, 0, 200, 0, False)
