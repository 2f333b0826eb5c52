"""The awards that wait for somebody: to be verified, publicised, paid."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from models import CertificateAward, CertificateAwardDecision, Organisation, Person
from models.database import Moment
from portal.access.actor import Actor
from portal.awards.rules import LIFE
from portal.causes import Rows
from portal.procedures.queries import waits_for

One = CertificateAward


def waiting_for(verb: str) -> Callable[[Actor, Moment], Rows | None]:
    """Select the awards that wait for an actor to take a step."""

    def rows(actor: Actor, moment: Moment) -> Rows | None:
        condition = waits_for(LIFE, verb, One, actor)
        if condition is None:
            return None
        last = (
            sa.select(sa.func.max(CertificateAwardDecision.id))
            .where(CertificateAwardDecision.award_id == One.id)
            .correlate(One)
            .scalar_subquery()
        )
        return (
            sa.select(
                CertificateAwardDecision.at.label("since"),
                Person.name.label("who"),
                One.notice_until.label("day"),
                Organisation.name.label("why"),
            )
            .join(Person, Person.id == One.person_id)
            .join(Organisation, Organisation.id == One.organisation_id)
            .join(CertificateAwardDecision, CertificateAwardDecision.id == last)
            .where(condition, *([One.notice_ends_at <= moment.ago()] if verb == "paid" else []))
        )

    return rows
