"""Taking back what a file wrote into a register, once nothing stands against it.

What is new goes, what was there is as before again; pairings, which have been decided on, stay as void.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from models import ImportBatch, Pairing
from models.types import CertLevel, OrgType
from portal.changes.actions import restore_person
from portal.deeds import Deed
from portal.imports.undo_queries import changed_rows, new_ids
from portal.imports.written_actions import day_of, what_stood
from portal.organisations.actions import remove_organisations, restore_organisation
from portal.organisations.rules import OrganisationFacts
from portal.pairings.undo_actions import restore_agreement, void_pairing
from portal.people.rules import CertificateFacts, PersonFacts
from portal.people.set_actions import remove_people
from portal.programme.allocation_actions import take_back_allocations


def take_back_organisations(deed: Deed, batch: ImportBatch) -> int:
    """Remove the new organisations of a file, and put back what stood of the others."""
    count = 0
    for note, organisation in changed_rows(deed.session, batch):
        stood = what_stood(deed, note)
        stood["type"] = OrgType(stood["type"])
        stood["founded_on"] = day_of(stood["founded_on"])
        restore_organisation(deed, organisation, OrganisationFacts(**stood))
        count += 1
    return count + remove_organisations(deed, new_ids(batch))


def take_back_people(deed: Deed, batch: ImportBatch) -> int:
    """Remove the new people of a file, and put back what stood of the others."""
    count = 0
    for note, person in changed_rows(deed.session, batch):
        stood = what_stood(deed, note)
        level, certificate = stood.pop("level"), stood.pop("certificate")
        stood["service_started_on"] = day_of(stood["service_started_on"])
        restore_person(
            deed,
            person,
            PersonFacts(**stood),
            CertLevel(level) if level else None,
            CertificateFacts(CertLevel(level), certificate[0], day_of(certificate[1]))
            if certificate
            else None,
        )
        count += 1
    return count + remove_people(deed, new_ids(batch))


def take_back_allocations_of(deed: Deed, batch: ImportBatch) -> int:
    """Remove the new rows of the table, and give the others their former number."""
    restored = {
        row.id: what_stood(deed, note)["pairs"] for note, row in changed_rows(deed.session, batch)
    }
    return len(restored) + take_back_allocations(deed, new_ids(batch), restored)


def take_back_pairings(deed: Deed, batch: ImportBatch) -> int:
    """Let the new pairings of a file be void, and put back the agreements of the others."""
    reason, count = f"撤销导入：{batch.file_name}", 0
    for note, pairing in changed_rows(deed.session, batch):
        stood = what_stood(deed, note)
        recorded_at = stood["recorded_at"]
        restore_agreement(
            deed,
            pairing,
            number=stood["number"],
            signed_on=day_of(stood["signed_on"]),
            recorded_at=datetime.fromisoformat(recorded_at) if recorded_at else None,
            reason=reason,
        )
        count += 1
    new = sa.select(Pairing).where(Pairing.id.in_(new_ids(batch))).order_by(Pairing.id)
    for pairing in deed.session.scalars(new).all():
        void_pairing(deed, pairing, reason)
        count += 1
    return count
