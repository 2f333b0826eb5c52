"""Finding issued documents, and whether their frozen facts still are what was frozen."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import AuditEvent, IssuedDocument
from models.types import DocumentKind
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.documents.rules import Number, hash_of, is_code_of, parse_number

DOCUMENT = Loader(
    "document", IssuedDocument, "document.read", {"document_id": IssuedDocument.public_id}
)


class DocumentRow(NamedTuple):
    """An issued document in a list; ``is_standing`` until a later one supersedes it."""

    document: IssuedDocument
    number: str
    is_standing: bool


def number_of(document: IssuedDocument) -> Number:
    """Return the number of a document."""
    return Number(document.kind, document.number_year, document.number)


def facts_of(document: IssuedDocument) -> dict[str, Any]:
    """Return the frozen facts of a document."""
    facts: dict[str, Any] = json.loads(document.facts)
    return facts


def find_standing(
    session: Session, kind: DocumentKind, assignment_id: int
) -> IssuedDocument | None:
    """Return the latest version of a document about an assignment, or None."""
    return session.scalars(
        sa.select(IssuedDocument)
        .where(IssuedDocument.kind == kind, IssuedDocument.assignment_id == assignment_id)
        .order_by(IssuedDocument.version.desc())
        .limit(1)
    ).one_or_none()


def find_successor(session: Session, document: IssuedDocument) -> IssuedDocument | None:
    """Return the document that superseded this one, or None."""
    return session.scalars(
        sa.select(IssuedDocument).where(IssuedDocument.supersedes_id == document.id)
    ).one_or_none()


def list_documents(
    session: Session, actor: Actor, assignment_ids: Collection[int]
) -> list[DocumentRow]:
    """Return the documents about some assignments that the actor may read, latest first."""
    later = aliased(IssuedDocument)
    rows = session.execute(
        sa.select(IssuedDocument, ~sa.exists().where(later.supersedes_id == IssuedDocument.id))
        .where(
            IssuedDocument.assignment_id.in_(assignment_ids),
            within(IssuedDocument, actor, "document.read"),
        )
        .order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc())
    )
    return [DocumentRow(one, str(number_of(one)), bool(stands)) for one, stands in rows]


def find_by_code(session: Session, actor: Actor, number: str, code: str) -> IssuedDocument | None:
    """Return the document of a number if its code is this one and the actor may read it.

    A wrong code, a number that was never given out and a document of others look the same.
    """
    asked = parse_number(number)
    if asked is None:
        return None
    found = session.scalars(
        sa.select(IssuedDocument).where(
            IssuedDocument.kind == asked.kind,
            IssuedDocument.number_year == asked.year,
            IssuedDocument.number == asked.serial,
            within(IssuedDocument, actor, "document.read"),
        )
    ).one_or_none()
    return found if found and is_code_of(code, found.facts_hash) else None


def first_fault(session: Session) -> tuple[int, str] | None:
    """Return the first issued document that is not what was issued, with what is wrong, or None.

    The hash alone could be written anew with the facts: the sealed trail holds it as well.
    """
    issued = {
        event.subject.partition(":")[2]: json.loads(event.facts)
        for event in session.execute(
            sa.select(AuditEvent.subject, AuditEvent.facts).where(
                AuditEvent.event == "document.issued"
            )
        )
    }
    documents = session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.id)).all()
    last: dict[tuple[DocumentKind, int], int] = {}
    by_id = {document.id: document for document in documents}
    for document in sorted(documents, key=lambda one: (one.kind, one.number_year, one.number)):
        recorded = issued.pop(document.public_id, {})
        series = (document.kind, document.number_year)
        last[series] = last.get(series, 0) + 1
        complaint = _complaint(document, recorded, last[series], by_id)
        if complaint:
            return document.id, f"公文 {number_of(document)} {complaint}"
    if issued:
        return 0, f"审计记录中有公文 {next(iter(issued.values()))['number']}，但找不到该公文。"
    return None


def _complaint(
    document: IssuedDocument,
    recorded: dict[str, Any],
    expected: int,
    by_id: dict[int, IssuedDocument],
) -> str:
    if hash_of(document.facts) != document.facts_hash:
        return "的内容与其校验值不符，开具后被改动。"
    if recorded.get("sha256") != document.facts_hash.hex():
        return "的校验值与审计记录不符，开具后被改动。"
    if facts_of(document)["number"] != str(number_of(document)):
        return "的文号与其内容不符，开具后被改动。"
    if document.number != expected:
        return f"之前缺号：此处应为 {expected} 号。"
    before = by_id.get(document.supersedes_id or 0)
    if before and (before.assignment_id, before.version) != (
        document.assignment_id,
        document.version - 1,
    ):
        return "取代的不是同一事项的上一版。"
    return ""
