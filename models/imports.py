"""Imports that were carried out, and files that wait for their second click."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, exactly_one_of, intpk, public_id
from models.types import ImportKind


class ImportBatch(Base):
    """One import: the file by its hash, who brought it, and how many rows became what.

    ``job_id`` is the background job that checks or writes it, where its size asks for one; until
    it was checked its rows are not counted. ``undone_at`` says when what it wrote was taken back.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.CheckConstraint(
            "undone_at IS NULL OR applied_at IS NOT NULL", name="undone_after_it_was_applied"
        ),
        sa.CheckConstraint(
            "undone_by_account_id IS NULL OR undone_at IS NOT NULL", name="undone_by_somebody"
        ),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    kind: Mapped[ImportKind] = mapped_column(enum_column(ImportKind, "kind"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    job_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("job.id", ondelete="SET NULL"), index=True
    )
    staged_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))
    rows: Mapped[int]
    accepted: Mapped[int]
    refused: Mapped[int]
    unchanged: Mapped[int]


class ImportedAccount(Base):
    """An account that a file opened; it has no password until its slip is made."""

    __tablename__ = "imported_account"

    account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    import_id: Mapped[bigint] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)


class ImportedRow(Base):
    """What a file wrote into one row of a register: into a new one, or into one that was there.

    ``version_after`` is the version that it left behind (None where the register keeps none): as long
    as the row still has it, nobody has changed it since. ``sealed_before`` is what stood, as JSON; a
    new row has none. ``public_id`` stands in its seal. Who takes the row of the register away takes
    this one away, too.
    """

    __tablename__ = "imported_row"
    __table_args__ = (
        sa.CheckConstraint(
            exactly_one_of("organisation_id", "person_id", "pairing_id", "allocation_id"),
            name="of_one_register",
        ),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    import_id: Mapped[bigint] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    organisation_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    pairing_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("pairing.id", ondelete="CASCADE"), index=True
    )
    allocation_id: Mapped[bigint | None] = mapped_column(
        sa.ForeignKey("allocation.id", ondelete="CASCADE"), index=True
    )
    version_after: Mapped[int | None]
    sealed_before: Mapped[bytes | None]
