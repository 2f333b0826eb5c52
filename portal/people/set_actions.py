"""Registering many people at once; whoever asks has asked the rules of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from models import Certificate, Person
from models.base import new_public_id
from portal.deeds import Deed
from portal.people.actions import columns_of
from portal.people.rules import CertificateFacts, PersonFacts

NO_PHONE = {"phone_sealed": None, "phone_masked": None}


class Newcomer(NamedTuple):
    """A person to be registered, and the certificate that comes with them."""

    organisation_id: int
    facts: PersonFacts
    certificate: CertificateFacts | None


def add_people(deed: Deed, newcomers: Sequence[Newcomer]) -> list[int]:
    """Register people with their certificates; return their keys in the same order."""
    if not newcomers:
        return []
    rows = [
        {
            **NO_PHONE,
            **columns_of(deed, new_public_id(), one.facts),
            "organisation_id": one.organisation_id,
            "created_at": deed.now,
            "version": 1,
        }
        for one in newcomers
    ]
    ids = list(
        deed.session.scalars(
            sa.insert(Person).returning(Person.id, sort_by_parameter_order=True), rows
        )
    )
    certificates = [
        {"person_id": person_id, "recorded_at": deed.now, **one.certificate._asdict()}
        for person_id, one in zip(ids, newcomers, strict=True)
        if one.certificate
    ]
    if certificates:
        deed.session.execute(sa.insert(Certificate), certificates)
    return ids


def remove_people(deed: Deed, which: sa.Select[int | None]) -> int:
    """Take people (a query of ids) away that a file brought and nothing refers to; return how many."""
    unsynchronised = {"synchronize_session": False}
    deed.session.execute(
        sa.delete(Certificate).where(Certificate.person_id.in_(which)),
        execution_options=unsynchronised,
    )
    removed = deed.session.execute(
        sa.delete(Person).where(Person.id.in_(which)), execution_options=unsynchronised
    )
    return removed.rowcount  # type: ignore[attr-defined,no-any-return] # of a DELETE it is a CursorResult
