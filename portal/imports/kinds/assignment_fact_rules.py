"""The facts by which nominations of a file are judged. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.types import Side
from portal.imports.fact_rules import WorkYears
from portal.imports.naming_rules import NamedPerson
from portal.pairings.life_rules import PairingLife
from portal.people.rules import CertificateFacts
from portal.programme.policy import Policy
from portal.workdays.rules import Term


class PairingFacts(NamedTuple):
    id: int
    code: str
    sending_organisation_id: int
    receiving_organisation_id: int
    receiving_province_code: str
    starts_on: date
    ends_on: date
    life: PairingLife

    def organisation_of(self, side: Side) -> int:
        return self.sending_organisation_id if side == Side.SENT else self.receiving_organisation_id


class PersonFacts(NamedTuple):
    id: int
    organisation_id: int | None
    service_started_on: date | None
    name: str


class PersonInFile(NamedTuple):
    """Somebody whom a file may name; ``words`` tell two of one name apart."""

    person: PersonFacts
    name: str
    code: str
    words: str


class Facts(NamedTuple):
    """``people`` by ID number; ``members`` are whom the file names otherwise, as far as in reach."""

    pairings: dict[str, PairingFacts]
    people: dict[str, PersonFacts]
    members: tuple[PersonInFile, ...]
    certificates: dict[int, list[CertificateFacts]]
    terms: dict[tuple[int, int], list[Term]]
    work_years: WorkYears
    policies: dict[date, Policy]
    is_operator: bool

    def members_called(self, named: NamedPerson, organisation_id: int) -> list[PersonInFile]:
        """Return who of an organisation is meant by a name, a code, or both."""
        return [
            one
            for one in self.members
            if one.person.organisation_id == organisation_id
            and (not named.name or one.name == named.name)
            and (not named.code or one.code == named.code)
        ]
