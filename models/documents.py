"""Issued documents: numbered, frozen, superseded but never edited; and the counters of their numbers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.types import DocumentKind


class IssuedDocument(Base):
    """公文: what was said at an instant, as canonical JSON under its hash.

    No statement of the portal updates a row; ``supersedes_id`` of a later one says that it no
    longer holds. The subject is a key that fits the kind: of a certificate of service the
    assignment, whose person may not issue it.
    """

    __tablename__ = "issued_document"
    __table_args__ = (
        sa.UniqueConstraint("kind", "number_year", "number", name="uq_issued_document_number"),
        sa.UniqueConstraint("supersedes_id", name="uq_issued_document_superseded_once"),
        sa.UniqueConstraint("assignment_id", "version", name="uq_issued_document_version"),
        sa.CheckConstraint(
            "(kind = 'service') = (assignment_id IS NOT NULL)"
            " AND (kind = 'service') = (person_id IS NOT NULL)",
            name="subject_fits_the_kind",
        ),
        sa.CheckConstraint(
            "(version = 1) = (supersedes_id IS NULL)", name="first_version_supersedes_nothing"
        ),
        sa.CheckConstraint("(version = 1) = (reason IS NULL)", name="superseded_with_a_reason"),
        sa.CheckConstraint("number > 0", name="number_counts_from_one"),
        sa.CheckConstraint("issued_by_person_id <> person_id", name="issued_by_another"),
        sa.CheckConstraint("length(facts_hash) = 32", name="hash_is_sha256"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind, "kind"))
    number_year: Mapped[int]
    number: Mapped[int]
    version: Mapped[int]
    assignment_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("assignment.id"))
    person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    facts: Mapped[str] = mapped_column(sa.Text)
    facts_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    issued_at: Mapped[datetime]
    issued_by_account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))
    issued_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    supersedes_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    reason: Mapped[str | None] = mapped_column(sa.Text)


class DocumentCounter(Base):
    """The last number given out, a row a kind and year: counted up in the issuing transaction, so
    that one that fails leaves no gap."""

    __tablename__ = "document_counter"

    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind, "kind"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]
