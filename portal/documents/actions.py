"""Issuing a document: the next number, the frozen facts, what it supersedes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Assignment, DocumentCounter, IssuedDocument
from models.types import DocumentKind
from portal.deeds import Deed
from portal.documents.queries import facts_of, find_standing, number_of
from portal.documents.rules import IssuedVersion, Number, canonical, hash_of, refusals_for_issue
from portal.refusals import refuse_if
from portal.standards.text import plain


def issue(
    deed: Deed,
    kind: DocumentKind,
    assignment: Assignment,
    facts: Mapping[str, Any],
    *,
    seen_version: int,
    reason: str = "",
) -> IssuedDocument:
    """Issue a document about an assignment; the one that stood before is superseded."""
    before = find_standing(deed.session, kind, assignment.id)
    standing = (
        IssuedVersion(before.version, str(number_of(before)), facts_of(before)) if before else None
    )
    refuse_if(refusals_for_issue(facts, standing, seen_version=seen_version, reason=reason))
    number = Number(kind, deed.today.year, _next_number(deed.session, kind, deed.today.year))
    version = before.version + 1 if before else 1
    frozen = canonical(
        {
            **facts,
            "number": str(number),
            "version": version,
            "issued_on": deed.today.isoformat(),
            "supersedes": str(number_of(before)) if before else None,
        }
    )
    document = IssuedDocument(
        kind=kind,
        number_year=number.year,
        number=number.serial,
        version=version,
        assignment_id=assignment.id,
        person_id=assignment.person_id,
        facts=frozen,
        facts_hash=hash_of(frozen),
        issued_at=deed.now,
        issued_by_account_id=deed.actor.account_id,
        issued_by_person_id=deed.actor.person_id,
        supersedes_id=before.id if before else None,
        reason=plain(reason) if before else None,
    )
    deed.session.add(document)
    deed.session.flush()
    deed.record(
        "document.issued",
        f"document:{document.public_id}",
        number=str(number),
        sha256=document.facts_hash.hex(),
        assignment=assignment.public_id,
        **({"reason": document.reason} if before else {}),
    )
    return document


def record_copy(deed: Deed, document: IssuedDocument, kind: str) -> None:
    """Record that somebody took a copy of an issued document."""
    deed.record("document.copied", f"document:{document.public_id}", format=kind)


def _next_number(session: Session, kind: DocumentKind, year: int) -> int:
    """Count the numbers of a kind and year up by one, and return the new one.

    The row is locked from here to the commit: whoever comes next waits, and sees what was given
    out, or, if this transaction fails, that nothing was.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(DocumentCounter).values(kind=kind, year=year, last_number=0).on_conflict_do_nothing()
    )
    return int(
        session.execute(
            sa.update(DocumentCounter)
            .where(DocumentCounter.kind == kind, DocumentCounter.year == year)
            .values(last_number=DocumentCounter.last_number + 1)
            .returning(DocumentCounter.last_number),
            execution_options={"synchronize_session": False},
        ).scalar_one()
    )
