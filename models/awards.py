"""证书奖补: what a province gives once for a certificate, by its own dated rule (R105, R106)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id, region_code
from models.procedures import DecisionRow, batch_index
from models.types import AwardState, CertLevel

STANDING = "state NOT IN ('rejected', 'withdrawn')"
"""What keeps a person from being awarded for the same level again."""


class AwardRule(Base):
    """What a province gives for a level, from a day on. Rows are only added.

    ``amount_fen`` None means that no amount is fixed: whoever gives it says how much. ``notice_days``
    are the working days of the public notice.
    """

    __tablename__ = "award_rule"
    __table_args__ = (
        sa.UniqueConstraint("province_code", "level", "valid_from", "recorded_at"),
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint("is_given OR amount_fen IS NULL", name="no_amount_of_nothing"),
        sa.CheckConstraint("notice_days BETWEEN 1 AND 60", name="some_days_of_notice"),
        sa.CheckConstraint("length(document) > 0", name="by_a_document"),
    )

    id: Mapped[intpk]
    province_code: Mapped[region_code] = mapped_column(sa.ForeignKey("region.code"))
    level: Mapped[CertLevel] = mapped_column(enum_column(CertLevel, "level"))
    is_given: Mapped[bool]
    amount_fen: Mapped[bigint | None]
    notice_days: Mapped[int]
    valid_from: Mapped[date]
    document: Mapped[str] = mapped_column(sa.String(300))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    recorded_at: Mapped[datetime]
    recorded_by_account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))


class CertificateAward(Base):
    """一次性奖补: claimed, verified by another, publicised, paid; once for a person and level.

    Level, number, date and amount are those of the claim, by the rule of its day. It is the province's
    """

    __tablename__ = "certificate_award"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="of_some_amount"),
        sa.CheckConstraint(
            "state NOT IN ('verified', 'publicised', 'paid') OR verified_at IS NOT NULL",
            name="verified_before_it_goes_on",
        ),
        sa.CheckConstraint(
            "state NOT IN ('publicised', 'paid') OR publicised_on IS NOT NULL",
            name="publicised_before_it_is_paid",
        ),
        sa.CheckConstraint(
            "(publicised_on IS NULL) = (notice_until IS NULL)"
            " AND (notice_until IS NULL) = (notice_ends_at IS NULL)",
            name="notice_has_an_end",
        ),
        sa.CheckConstraint("notice_until > publicised_on", name="notice_ends_after_it_begins"),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_on IS NOT NULL)"
            " AND (paid_on IS NULL) = (voucher_number IS NULL)",
            name="paid_on_a_day",
        ),
        sa.CheckConstraint("paid_on > notice_until", name="paid_after_the_notice"),
        sa.CheckConstraint(
            "claimed_by_person_id <> verified_by_person_id", name="verified_by_another"
        ),
        sa.CheckConstraint("person_id <> verified_by_person_id", name="not_verified_by_its_person"),
        sa.CheckConstraint(
            "claimed_by_person_id <> publicised_by_person_id", name="publicised_by_another"
        ),
        sa.CheckConstraint(
            "person_id <> publicised_by_person_id", name="not_publicised_by_its_person"
        ),
        sa.CheckConstraint("claimed_by_person_id <> paid_by_person_id", name="paid_by_another"),
        sa.CheckConstraint("person_id <> paid_by_person_id", name="not_paid_by_its_person"),
        sa.Index(
            "uq_certificate_award_once_a_level",
            "person_id",
            "level",
            unique=True,
            sqlite_where=sa.text(STANDING),
            postgresql_where=sa.text(STANDING),
        ),
        sa.Index(
            "uq_certificate_award_once_a_number",
            "certificate_number",
            unique=True,
            sqlite_where=sa.text(STANDING),
            postgresql_where=sa.text(STANDING),
        ),
        sa.Index("ix_certificate_award_of_a_province", "province_code", "state", "id"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    person_id: Mapped[bigint] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[bigint] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    province_code: Mapped[region_code] = mapped_column(sa.ForeignKey("region.code"))
    rule_id: Mapped[bigint] = mapped_column(sa.ForeignKey("award_rule.id"))
    level: Mapped[CertLevel] = mapped_column(enum_column(CertLevel, "level"))
    certificate_number: Mapped[str] = mapped_column(sa.String(60))
    certificate_issued_on: Mapped[date]
    amount_fen: Mapped[bigint]
    state: Mapped[AwardState] = mapped_column(enum_column(AwardState, "state"))
    claimed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    verified_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    verified_at: Mapped[datetime | None]
    publicised_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    publicised_on: Mapped[date | None]
    notice_until: Mapped[date | None]
    notice_ends_at: Mapped[datetime | None]
    paid_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    paid_on: Mapped[date | None]
    voucher_number: Mapped[str | None] = mapped_column(sa.String(60))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class CertificateAwardDecision(DecisionRow, Base):
    """That an award was claimed, verified, publicised, objected to, paid, rejected, withdrawn."""

    __tablename__ = "certificate_award_decision"
    __table_args__ = (
        sa.Index("ix_certificate_award_decision_history", "award_id", "id"),
        batch_index("certificate_award_decision"),
    )
    decides = CertificateAward
    subject_key = "award_id"

    award_id: Mapped[bigint] = mapped_column(sa.ForeignKey("certificate_award.id"))
    state_before: Mapped[AwardState | None] = mapped_column(enum_column(AwardState, "state_before"))
    state_after: Mapped[AwardState] = mapped_column(enum_column(AwardState, "state_after"))
