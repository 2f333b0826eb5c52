"""What somebody sees of the own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Organisation,
    Person,
)
from portal.access.actor import Actor
from portal.access.policy import EVERYBODY, POLICY


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody sees of themselves: who they are, and what they may do, in words."""

    name: str
    login: str
    organisation: str | None
    phone_masked: str | None
    last_signed_in_at: datetime | None
    roles: tuple[tuple[str, str, tuple[str, ...]], ...]


def view_own(session: Session, actor: Actor, account: Account) -> Own:
    """Return the own account: each role with its scope and what it lets one do."""
    organisation, phone = session.execute(
        sa.select(Organisation.name, Person.phone_masked)
        .select_from(Person)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == account.person_id)
    ).one()
    return Own(
        actor.name,
        account.login,
        organisation,
        phone,
        account.last_signed_in_at,
        tuple(
            (
                grant.role.label,
                grant.scope_name,
                tuple(
                    one.label
                    for one in POLICY.values()
                    if grant.role in one.reaches and one.reaches is not EVERYBODY
                ),
            )
            for grant in actor.grants
        ),
    )
