"""Nominations of the demonstration: tasks of a province and of the county."""

from __future__ import annotations

from datetime import date, timedelta

from models import Organisation, Person
from models.types import CertLevel, Side
from portal.deeds import Deed
from portal.people.rules import CertificateFacts, PersonFacts
from portal.people.set_actions import Newcomer, add_people
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
    is_sent = side == Side.SENT
    name, started_on = ("新演示援派", EXPERIENCED) if is_sent else ("新演示受援", None)
    certificate = CertificateFacts(CertLevel.INTERMEDIATE, "演示证书新01", date(2018, 12, 1))
    facts = PersonFacts(name, number, None, started_on)
    newcomer = Newcomer(organisation.id, facts, certificate if is_sent else None)
    (person_id,) = add_people(deed, [newcomer])
    return deed.session.get_one(Person, person_id)
