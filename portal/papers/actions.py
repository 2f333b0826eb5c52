"""Issuing a certificate of service, and recording that a sheet left the portal."""

from __future__ import annotations

from models import Assignment, IssuedDocument
from models.types import DocumentKind
from portal.deeds import Deed
from portal.documents.actions import issue
from portal.papers.queries import certificate_facts, service_of
from portal.papers.rules import refusals_for_certificate
from portal.refusals import refuse_if


def issue_service_certificate(
    deed: Deed, assignment: Assignment, *, seen_version: int, reason: str = ""
) -> IssuedDocument:
    """Certify a person's service; the certificate that stood before is superseded."""
    refuse_if(refusals_for_certificate(service_of(deed.session, deed.actor, assignment)))
    return issue(
        deed,
        DocumentKind.SERVICE,
        assignment,
        certificate_facts(deed.session, deed.actor, assignment, deed.today),
        seen_version=seen_version,
        reason=reason,
    )


def record_sheet(deed: Deed, subject: str, *, kind: str, **facts: str) -> None:
    """Record that a sheet of days or of a pairing was taken out, in which form."""
    deed.record("sheet.exported", subject, format=kind, **facts)
