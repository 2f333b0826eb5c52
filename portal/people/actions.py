"""Registering people and their certificates."""

from __future__ import annotations

import sqlalchemy as sa

from models import Certificate, Organisation, Person
from models.base import new_public_id
from portal.deeds import Deed
from portal.people import rules
from portal.people.queries import find_by_id_number
from portal.people.rules import CertificateFacts, PersonFacts
from portal.personal_data.vault import Place
from portal.places.queries import known_region_codes
from portal.refusals import Conflict, Refusal, Refused, refuse_if
from portal.standards.id_number import mask_id_number, normalise_id_number
from portal.standards.phone import mask_phone, normalise_phone

REVEALABLE = {"id_number": "证件号码", "phone": "手机号"}


def normalised(facts: PersonFacts) -> PersonFacts:
    """Return the facts as they are stored."""
    return facts._replace(
        name=facts.name.strip(),
        id_number=normalise_id_number(facts.id_number),
        phone=normalise_phone(facts.phone) if facts.phone else None,
    )


def register_person(deed: Deed, organisation: Organisation, facts: PersonFacts) -> Person:
    """Register a person of an organisation; raise :class:`Refused` with every reason."""
    facts = normalised(facts)
    session = deed.session
    taken = find_by_id_number(session, deed.vault, facts.id_number) is not None
    refuse_if(
        rules.refusals_for_person(
            facts,
            region_codes=known_region_codes(session),
            is_taken=taken,
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
    """Change name, phone and start of service; the ID number stays.

    An empty phone stays as it was. Whoever calls this asks portal/staffing:
    review_qualification afterwards, since the start of service decides on eligibility.
    """
    if person.version != version:
        raise Conflict([Refusal("", "changed_meanwhile", "别人已修改了该人员，请刷新后再改。")])
    facts = normalised(facts)
    found = rules.refusals_for_person(facts, region_codes=None, is_taken=False, today=deed.today)
    refuse_if(one for one in found if one.field != "id_number")
    person.name = facts.name
    person.service_started_on = facts.service_started_on
    if facts.phone:
        person.phone_sealed = deed.vault.seal(
            facts.phone, Place("person", "phone", person.public_id)
        )
        person.phone_masked = mask_phone(facts.phone)
    deed.session.flush()
    deed.record("person.edited", f"person:{person.public_id}")


def record_certificate(deed: Deed, person: Person, facts: CertificateFacts) -> Certificate:
    """Record a certificate, or mend the one of the same level."""
    session = deed.session
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


def reveal(deed: Deed, person: Person, column: str, reason: str) -> str:
    """Return an ID number or phone in clear; the audit keeps who asked and why."""
    if not reason.strip():
        raise Refused([Refusal("reason", "missing_value", "查看原文须填写事由。")])
    sealed = person.id_number_sealed if column == "id_number" else person.phone_sealed
    if column not in REVEALABLE or sealed is None:
        raise Refused([Refusal("", "missing_value", "该人员没有登记这项信息。")])
    deed.record(f"person.{column}_revealed", f"person:{person.public_id}", reason=reason.strip())
    return deed.vault.open(sealed, Place("person", column, person.public_id))


def columns_of(deed: Deed, public_id: str, facts: PersonFacts) -> dict[str, object]:
    """Return the columns of a person; number and phone sealed, beside their masks."""
    columns: dict[str, object] = {
        "public_id": public_id,
        "name": facts.name,
        "id_number_sealed": deed.vault.seal(
            facts.id_number, Place("person", "id_number", public_id)
        ),
        "id_number_index": deed.vault.index(facts.id_number),
        "id_number_masked": mask_id_number(facts.id_number),
        "service_started_on": facts.service_started_on,
    }
    if facts.phone:
        columns["phone_sealed"] = deed.vault.seal(facts.phone, Place("person", "phone", public_id))
        columns["phone_masked"] = mask_phone(facts.phone)
    return columns
