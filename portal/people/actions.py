"""Registering people and their certificates, and showing their numbers in clear."""

from __future__ import annotations

import sqlalchemy as sa

from models import Certificate, Organisation, Person
from models.base import new_public_id
from models.types import CertLevel
from portal.deeds import Deed
from portal.disclosures.actions import disclose
from portal.people import rules
from portal.people.queries import find_by_id_number
from portal.people.rules import CertificateFacts, PersonFacts
from portal.personal_data.vault import Place
from portal.places.queries import known_region_codes
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Conflict, refuse_if
from portal.standards.id_number import mask_id_number, normalise_id_number
from portal.standards.names import stored_name
from portal.standards.phone import mask_phone, normalise_phone
from portal.standards.text import trimmed

REVEALABLE = {"id_number": "证件号码", "phone": "手机号"}


def normalised(facts: PersonFacts) -> PersonFacts:
    """Return the facts as they are stored."""
    return facts._replace(
        name=stored_name(facts.name),
        id_number=normalise_id_number(facts.id_number),
        phone=normalise_phone(facts.phone) if facts.phone else None,
    )


def register_person(deed: Deed, organisation: Organisation, facts: PersonFacts) -> Person:
    """Register a person of an organisation; raise :class:`Refused` with every reason."""
    facts = normalised(facts)
    session = deed.session
    holder = find_by_id_number(session, deed.vault, facts.id_number)
    refuse_if(
        rules.refusals_for_person(
            facts,
            region_codes=known_region_codes(session),
            is_taken=holder is not None,
            is_member=holder is not None and holder.organisation_id == organisation.id,
            today=deed.today,
        )
    )
    person = Person(
        organisation_id=organisation.id,
        created_at=deed.now,
        **columns_of(deed, new_public_id(), facts),
    )
    session.add(person)
    session.flush()
    deed.record("person.registered", f"person:{person.public_id}")
    return person


def edit_person(deed: Deed, person: Person, facts: PersonFacts, *, version: int) -> None:
    """Change name, phone and start of service; the ID number stays, an empty phone too.

    The start of service decides on eligibility: pages and imports call this through
    portal/changes/actions.py. ``version`` is the one that the form was opened with.
    """
    if person.version != version:
        raise Conflict([CHANGED_MEANWHILE])
    facts = normalised(facts)
    refuse_if(rules.refusals_for_details(facts, today=deed.today))
    columns = {
        "name": facts.name,
        "service_started_on": facts.service_started_on,
        **_phone_columns(deed, person.public_id, facts.phone),
    }
    changed = [name for name, value in columns.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, columns[name])
    deed.session.flush()
    deed.record("person.edited", f"person:{person.public_id}", changed=changed)


def record_certificate(deed: Deed, person: Person, facts: CertificateFacts) -> Certificate:
    """Record a certificate, or mend the one of the same level.

    It decides on eligibility: see :func:`edit_person`.
    """
    session = deed.session
    facts = facts._replace(number=trimmed(facts.number) or None if facts.number else None)
    holder = (
        session.scalar(sa.select(Certificate.person_id).where(Certificate.number == facts.number))
        if facts.number
        else None
    )
    refuse_if(
        rules.refusals_for_certificate(
            facts, number_is_taken=holder not in (None, person.id), today=deed.today
        )
    )
    certificate = session.scalars(
        sa.select(Certificate).where(
            Certificate.person_id == person.id, Certificate.level == facts.level
        )
    ).one_or_none()
    if certificate is None:
        certificate = Certificate(person_id=person.id, level=facts.level)
        session.add(certificate)
    certificate.number = facts.number
    certificate.issued_on = facts.issued_on
    certificate.recorded_at = deed.now
    session.flush()
    deed.record("certificate.recorded", f"person:{person.public_id}", level=facts.level.value)
    return certificate


def restore_person(
    deed: Deed,
    person: Person,
    facts: PersonFacts,
    level: CertLevel | None,
    certificate: CertificateFacts | None,
) -> None:
    """Put back what stood before a file changed it, also where that was no phone.

    ``certificate`` is the one of the ``level`` that the file recorded or mended; None if there was
    none. It decides on eligibility: see :func:`edit_person`.
    """
    session = deed.session
    edit_person(deed, person, facts, version=person.version)
    if facts.phone is None:
        person.phone_sealed = person.phone_masked = None
    if certificate is not None:
        record_certificate(deed, person, certificate)
    elif level is not None:
        session.execute(
            sa.delete(Certificate).where(
                Certificate.person_id == person.id, Certificate.level == level
            )
        )
    session.flush()


def reveal(deed: Deed, person: Person, column: str, reason: str) -> str:
    """Return an ID number or phone in clear; the audit keeps who asked and why."""
    sealed = getattr(person, f"{column}_sealed") if column in REVEALABLE else None
    place = Place("person", column, person.public_id)
    return disclose(deed, place, sealed, reason, what=REVEALABLE.get(column, ""))


def columns_of(deed: Deed, public_id: str, facts: PersonFacts) -> dict[str, object]:
    """Return the columns of a person; number and phone sealed, beside their masks."""
    place = Place("person", "id_number", public_id)
    return {
        "public_id": public_id,
        "name": facts.name,
        "id_number_sealed": deed.vault.seal(facts.id_number, place),
        "id_number_index": deed.vault.index(facts.id_number),
        "id_number_masked": mask_id_number(facts.id_number),
        "service_started_on": facts.service_started_on,
        **_phone_columns(deed, public_id, facts.phone),
    }


def _phone_columns(deed: Deed, public_id: str, phone: str | None) -> dict[str, object]:
    if not phone:
        return {}
    return {
        "phone_sealed": deed.vault.seal(phone, Place("person", "phone", public_id)),
        "phone_masked": mask_phone(phone),
    }
