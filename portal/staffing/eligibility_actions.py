"""Changes to a person's record that may change whether they qualify for their assignments.

The dependency goes one way: staffing knows people, people know no assignments. So the verbs of
portal/people/actions.py write only their own rows, and this module is the door that pages and
imports use: each verb here calls theirs and decides anew, in the same transaction, what follows
for the person's assignments and totals.
"""

from __future__ import annotations

from models import Certificate, Person
from portal.deeds import Deed
from portal.people import actions as people
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.actions import review_qualification


def edit_person(deed: Deed, person: Person, facts: PersonFacts, *, version: int) -> None:
    """Change name, phone and start of service (see people's ``edit_person``)."""
    people.edit_person(deed, person, facts, version=version)
    review_qualification(deed, person.id)


def record_certificate(deed: Deed, person: Person, facts: CertificateFacts) -> Certificate:
    """Record a certificate, or mend the one of the same level (see people's)."""
    certificate = people.record_certificate(deed, person, facts)
    review_qualification(deed, person.id)
    return certificate
