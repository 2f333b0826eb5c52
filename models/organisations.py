"""Organisations that send and receive."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, intpk
from models.names import Named
from models.types import OrgType


class Organisation(Named, Base):
    """机构. It sends or receives inside a pairing, never by itself (R002).

    Columns ``*_sealed`` hold ciphertext (portal/personal_data); ``*_masked`` is what pages show.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint("length(credit_code) = 18", name="credit_code_has_18_characters"),
        sa.CheckConstraint(
            "type <> 'other' OR type_reason IS NOT NULL", name="other_type_has_a_reason"
        ),
    )

    id: Mapped[intpk]
    credit_code: Mapped[str] = mapped_column(sa.String(18), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    type: Mapped[OrgType] = mapped_column(enum_column(OrgType, "type"))
    type_reason: Mapped[str | None]
    region_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"), index=True)
    province_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    legal_representative: Mapped[str | None] = mapped_column(sa.String(60))
    contact_name: Mapped[str | None] = mapped_column(sa.String(60))
    contact_phone_sealed: Mapped[bytes | None]
    contact_phone_masked: Mapped[str | None] = mapped_column(sa.String(40))
    bank_name: Mapped[str | None] = mapped_column(sa.String(100))
    bank_account_sealed: Mapped[bytes | None]
    bank_account_masked: Mapped[str | None] = mapped_column(sa.String(40))
    founded_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy
