"""Nominations of the demonstration: tasks of a province and of the county."""

from __future__ import annotations

from datetime import date, timedelta

from models import Organisation, Person
from models.types import CertLevel, Side
from portal.deeds import Deed
from portal.people.actions import record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.actions import nominate
from portal.stage import Stage
from portal.standards.id_number import make_id_number

REGION_WITHOUT_ADULTS = "653228"
"""A county founded in 2024: no adult bears an ID number of it (portal/places/data/README.md)."""

EXPERIENCED = date(2015, 7, 1)
NOMINATED_AGO = timedelta(days=6)


def nominate_people(stage: Stage) -> None:
    """Have both managers nominate one more person each: tasks of a province and of the county."""
    at = stage.deed.now - NOMINATED_AGO
    for serial, (login, organisation, side) in enumerate(
        (
            ("yanshi-send-mgr", stage.sending, Side.SENT),
            ("yanshi-recv-mgr", stage.receiving, Side.RECEIVED),
        ),
        start=1,
    ):
        deed = stage.deed_of(login, at)
        nominate(
            deed,
            pairing=stage.pairing,
            person=_newcomer(deed, organisation, side, serial),
            side=side,
            starts_on=stage.deed.today,
            ends_on=None,
        )


def _newcomer(deed: Deed, organisation: Organisation, side: Side, serial: int) -> Person:
    number = make_id_number(REGION_WITHOUT_ADULTS, date(1979, 1, serial), serial)
    name = f"新演示{'援派' if side == Side.SENT else '受援'}"
    started_on = EXPERIENCED if side == Side.SENT else None
    person = register_person(deed, organisation, PersonFacts(name, number, None, started_on))
    if side == Side.SENT:
        facts = CertificateFacts(CertLevel.INTERMEDIATE, "演示证书新01", date(2018, 12, 1))
        record_certificate(deed, person, facts)
    return person
