"""What the register knows of the people that a file names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Assignment, Certificate, Person
from models.types import CertLevel
from portal.deeds import Deed
from portal.imports.queries import read_by_key, some_at_a_time
from portal.people.rules import CertificateFacts, PersonFacts
from portal.personal_data.vault import Place
from portal.programme.policy import Policy
from portal.staffing.frozen_queries import QUALIFIES, Frozen, list_frozen


class Stored(NamedTuple):
    """A person who is there, with the certificates by level."""

    id: int
    organisation_id: int | None
    facts: PersonFacts
    certificates: dict[CertLevel, CertificateFacts]


class Facts(NamedTuple):
    organisations: dict[str, int]
    stored: dict[str, Stored]
    holders: dict[str, int]
    region_codes: frozenset[str]
    frozen: dict[int, list[Frozen]]
    policies: dict[date, Policy]


def stored_of(deed: Deed, id_numbers: Collection[str]) -> dict[str, Stored]:
    """Return the people with these ID numbers, whoever may see them."""
    by_index = {deed.vault.index(number): number for number in id_numbers}
    people = [
        row[0]
        for row in read_by_key(
            deed.session, sa.select(Person), Person.id_number_index, by_index.keys()
        )
    ]
    certificates: dict[int, dict[CertLevel, CertificateFacts]] = defaultdict(dict)
    wanted = sa.select(
        Certificate.person_id, Certificate.level, Certificate.number, Certificate.issued_on
    )
    for person_id, *rest in read_by_key(
        deed.session, wanted, Certificate.person_id, {person.id for person in people}
    ):
        facts = CertificateFacts(*rest)
        certificates[person_id][facts.level] = facts
    return {
        number: Stored(
            person.id,
            person.organisation_id,
            PersonFacts(person.name, number, _phone_of(deed, person), person.service_started_on),
            certificates[person.id],
        )
        for person in people
        if (number := by_index[person.id_number_index])
    }


def frozen_of(deed: Deed, person_ids: Collection[int]) -> dict[int, list[Frozen]]:
    """Return the assignments with decided days in closed years, by person id."""
    found: dict[int, list[Frozen]] = defaultdict(list)
    for some in some_at_a_time(person_ids):
        for one in list_frozen(deed.session, sa.and_(Assignment.person_id.in_(some), QUALIFIES)):
            found[one.person_id].append(one)
    return dict(found)


def _phone_of(deed: Deed, person: Person) -> str | None:
    """Return the stored phone; one that does not open is none, so that the file's takes its place."""
    if person.phone_sealed is None:
        return None
    return deed.vault.find(person.phone_sealed, Place("person", "phone", person.public_id))


def holders_of(deed: Deed, numbers: Collection[str]) -> dict[str, int]:
    """Return whose certificates bear these numbers, by person id."""
    wanted = sa.select(Certificate.number, Certificate.person_id)
    return dict(
        tuple(row) for row in read_by_key(deed.session, wanted, Certificate.number, numbers)
    )
