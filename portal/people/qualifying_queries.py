"""Who could be sent, and of whom nobody asks it, as conditions on people for whole lists."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Certificate, Pairing, Person
from models.types import AssignmentState, CertLevel, Side
from portal.programme.policy import Policy
from portal.standards.dates import latest_start


def qualifies_on(on: date, policy: Policy) -> sa.ColumnElement[bool]:
    """The condition of portal/staffing/qualification_rules.py: checks_of_person, for whole lists.

    A test holds the two together.
    """
    recognised = [CertLevel(level) for level in policy["cert_levels"]]
    is_certified = sa.exists().where(
        Certificate.person_id == Person.id,
        Certificate.level.in_(recognised),
        is_complete(),
        Certificate.issued_on <= on,
    )
    months = policy["min_service_months"]
    if months == 0:
        return is_certified
    return sa.and_(is_certified, Person.service_started_on <= latest_start(months, on))


def only_receives() -> sa.ColumnElement[bool]:
    """Does a person take part as received only, or belong to an organisation that only receives?

    What is asked of sent people is then asked of nobody.
    """
    assigned = sa.exists().where(
        Assignment.person_id == Person.id, Assignment.state != AssignmentState.REJECTED
    )
    sends = sa.exists().where(Pairing.sending_organisation_id == Person.organisation_id)
    receives = sa.exists().where(Pairing.receiving_organisation_id == Person.organisation_id)
    return sa.and_(
        sa.not_(assigned.where(Assignment.side == Side.SENT)),
        sa.or_(assigned.where(Assignment.side == Side.RECEIVED), sa.and_(receives, sa.not_(sends))),
    )


def is_only_received(session: Session, person: Person) -> bool:
    """Is this person one who :func:`only_receives`?"""
    wanted = sa.select(sa.exists().where(Person.id == person.id, only_receives()))
    return bool(session.scalar(wanted))


def is_complete() -> sa.ColumnElement[bool]:
    """The condition of portal/people/rules.py: missing_on, for whole lists."""
    return sa.and_(Certificate.number.is_not(None), Certificate.issued_on.is_not(None))
