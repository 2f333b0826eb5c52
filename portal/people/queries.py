"""Reading people."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Certificate, Person
from portal.access.loading import Loader
from portal.personal_data.vault import Vault
from portal.standards.id_number import normalise_id_number

PERSON = Loader("person", Person, "person.read", {"person_id": Person.public_id})


def find_by_id_number(session: Session, vault: Vault, id_number: str) -> Person | None:
    """Return the person with an ID number, by its blind index, or None."""
    index = vault.index(normalise_id_number(id_number))
    return session.scalars(sa.select(Person).where(Person.id_number_index == index)).one_or_none()


def certificates_of(session: Session, person_id: int) -> list[Certificate]:
    """Return a person's certificates, latest first."""
    return list(
        session.scalars(
            sa.select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.issued_on.desc(), Certificate.id)
        )
    )
