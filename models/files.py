"""附件: files outside of the database, and the rows of their subjects that name them.

A file without such a row is nobody's and is swept (portal/files/jobs.py); a row without its file
cannot be committed, since the file is written first.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.types import FileKind


class StoredFile(Base):
    """A content that is kept once, however many subjects name it; known by its SHA-256.

    It stands sealed under that name in the folder of the files (portal/personal_data/file_store.py).
    """

    __tablename__ = "stored_file"
    __table_args__ = (sa.CheckConstraint("size_bytes > 0", name="is_not_empty"),)

    id: Mapped[intpk]
    content_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    size_bytes: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind, "kind"))
    stored_at: Mapped[datetime]


class Attached:
    """What every table of files of a subject has beside the key of its subject.

    ``name`` is the cleaned one of whoever added it. The operator of the server has no account.
    """

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    stored_file_id: Mapped[bigint] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    added_at: Mapped[datetime]
    added_by_account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))


class CertificateFile(Attached, Base):
    """证书扫描件 of one certificate."""

    __tablename__ = "certificate_file"
    __table_args__ = (sa.UniqueConstraint("certificate_id", "stored_file_id"),)

    certificate_id: Mapped[bigint] = mapped_column(sa.ForeignKey("certificate.id"))


class PersonFile(Attached, Base):
    """从业证明: evidence of a person's service."""

    __tablename__ = "person_file"
    __table_args__ = (sa.UniqueConstraint("person_id", "stored_file_id"),)

    person_id: Mapped[bigint] = mapped_column(sa.ForeignKey("person.id"))


class OrganisationFile(Attached, Base):
    """登记证书 of an organisation: what proves that it is a legal person."""

    __tablename__ = "organisation_file"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "stored_file_id"),)

    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"))


class PairingFile(Attached, Base):
    """帮扶协议: the signed and sealed agreement of a pairing."""

    __tablename__ = "pairing_file"
    __table_args__ = (sa.UniqueConstraint("pairing_id", "stored_file_id"),)

    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"))


class WorkdayFile(Attached, Base):
    """现场照片 of a working day. A draft that is deleted takes them along."""

    __tablename__ = "workday_file"
    __table_args__ = (sa.UniqueConstraint("workday_id", "stored_file_id"),)

    workday_id: Mapped[bigint] = mapped_column(sa.ForeignKey("workday.id", ondelete="CASCADE"))


class ExpenditureFile(Attached, Base):
    """票据凭证 of an expenditure: the photo or scan of invoice, receipt, signed list."""

    __tablename__ = "expenditure_file"
    __table_args__ = (sa.UniqueConstraint("expenditure_id", "stored_file_id"),)

    expenditure_id: Mapped[bigint] = mapped_column(sa.ForeignKey("expenditure.id"))
