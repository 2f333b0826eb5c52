"""The certificates of the demonstration: what the shown workers of both sides have done."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from models import Assignment
from portal.papers.actions import issue_service_certificate
from portal.papers.queries import service_of
from portal.papers.rules import refusals_for_certificate
from portal.stage import Stage

ISSUED_AGO = timedelta(days=2)


def certify_service(stage: Stage) -> None:
    """Have each side's manager certify the shown worker's service, once any day counts."""
    session = stage.deed.session
    for login, person_id in (
        ("yanshi-send-mgr", stage.sent[0]),
        ("yanshi-recv-mgr", stage.received[0]),
    ):
        assignment = session.scalars(
            sa.select(Assignment)
            .where(Assignment.pairing_id == stage.pairing.id, Assignment.person_id == person_id)
            .order_by(Assignment.starts_on.desc())
            .limit(1)
        ).one()
        deed = stage.deed_of(login, stage.deed.now - ISSUED_AGO)
        if not refusals_for_certificate(service_of(session, deed.actor, assignment)):
            issue_service_certificate(deed, assignment, seen_version=0)
