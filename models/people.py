"""People and their certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, intpk, public_id
from models.names import Named
from models.types import CertLevel


class Person(Named, Base):
    """A natural person: a social worker, or the holder of an officer's account.

    ``id_number_index`` is a keyed blind index (HMAC over the normalised number): the same person
    is found again without the number being readable. Officers have no organisation.
    """

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint(
            "(id_number_sealed IS NULL) = (id_number_index IS NULL)",
            name="id_number_sealed_and_indexed",
        ),
    )

    IS_PERSON: ClassVar[bool] = True

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    name: Mapped[str] = mapped_column(sa.String(60))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    id_number_sealed: Mapped[bytes | None]
    id_number_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    id_number_masked: Mapped[str | None] = mapped_column(sa.String(18))
    phone_sealed: Mapped[bytes | None]
    phone_masked: Mapped[str | None] = mapped_column(sa.String(40))
    service_started_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class Certificate(Base):
    """全国社会工作者职业水平证书 of a person; one row a level."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "level"),
        sa.UniqueConstraint("number", name="uq_certificate_number"),
    )

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    level: Mapped[CertLevel] = mapped_column(enum_column(CertLevel, "level"))
    number: Mapped[str | None] = mapped_column(sa.String(60))
    issued_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
