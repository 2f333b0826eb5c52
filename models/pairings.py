"""Pairings of a sending with a receiving organisation, and the people assigned to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id, region_code
from models.procedures import DecisionRow, batch_index
from models.types import AssignmentState, Line, Mode, PairingState, Side


class Pairing(Base):
    """结对: one sending and one receiving organisation, for a county, between two dates.

    ``confirmed_at`` is the instant from which it was confirmed on all sides; nothing takes it back.
    A terminated one without it was ended, in a former release, before it was ever confirmed.
    ``proposed_by_person_id`` is None of what the operator brought in; ``confirmed_by_person_id`` spoke
    for the other province, last of all where two had to.
    """

    __tablename__ = "pairing"
    __table_args__ = (
        sa.CheckConstraint(
            "sending_organisation_id <> receiving_organisation_id", name="two_organisations"
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint(
            "(mode = 'in_province') = (sending_province_code = receiving_province_code)",
            name="mode_follows_from_the_provinces",
        ),
        sa.CheckConstraint(
            "(agreement_number IS NULL) = (agreement_signed_on IS NULL)",
            name="agreement_number_with_its_date",
        ),
        sa.CheckConstraint(
            "state = 'terminated' OR (state = 'confirmed') = (confirmed_at IS NOT NULL)",
            name="confirmed_since_an_instant",
        ),
        # One person never speaks for both provinces (二(二)).
        sa.CheckConstraint(
            "proposed_by_person_id <> confirmed_by_person_id", name="not_confirmed_by_who_proposed"
        ),
    )

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    sending_organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    receiving_organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    sending_province_code: Mapped[region_code] = mapped_column(index=True)
    receiving_province_code: Mapped[region_code] = mapped_column(index=True)
    county_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"), index=True)
    mode: Mapped[Mode] = mapped_column(enum_column(Mode, "mode"))
    line: Mapped[Line] = mapped_column(enum_column(Line, "line"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    agreement_number: Mapped[str | None] = mapped_column(sa.String(60))
    agreement_signed_on: Mapped[date | None]
    agreement_recorded_at: Mapped[datetime | None]
    state: Mapped[PairingState] = mapped_column(
        enum_column(PairingState, "state"), default=PairingState.PROPOSED
    )
    confirmed_at: Mapped[datetime | None]
    proposed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class PairingYear(Base):
    """A pairing in one work year. One-to-one is proved here, on each side (R013, B14).

    ``occupies_*`` is false once the pairing was terminated or declined, where it is a second
    partner of that side, or where the policy allows several: such a row leaves the place free.
    """

    __tablename__ = "pairing_year"
    __table_args__ = (
        sa.Index(
            "uq_pairing_year_one_partner_of_the_sending_side",
            "year",
            "sending_organisation_id",
            unique=True,
            sqlite_where=sa.text("occupies_sending = 1"),
            postgresql_where=sa.text("occupies_sending"),
        ),
        sa.Index(
            "uq_pairing_year_one_partner_of_the_receiving_side",
            "year",
            "receiving_organisation_id",
            unique=True,
            sqlite_where=sa.text("occupies_receiving = 1"),
            postgresql_where=sa.text("occupies_receiving"),
        ),
    )

    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairing.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    sending_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    receiving_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    occupies_sending: Mapped[bool] = mapped_column(default=True)
    occupies_receiving: Mapped[bool] = mapped_column(default=True)


class PairingDecision(DecisionRow, Base):
    """Who decided what on a pairing, when and why: created, confirmed, signed, terminated, excepted.

    ``ends_on_after`` is the last day of the pairing as it stood after it (for ``--as-of``).
    """

    __tablename__ = "pairing_decision"
    __table_args__ = (batch_index("pairing_decision"),)
    decides = Pairing
    subject_key = "pairing_id"
    also_keeps: ClassVar[dict[str, str]] = {"ends_on_after": "ends_on"}

    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    state_before: Mapped[PairingState | None] = mapped_column(
        enum_column(PairingState, "state_before")
    )
    state_after: Mapped[PairingState] = mapped_column(enum_column(PairingState, "state"))
    ends_on_after: Mapped[date]


class PairingException(Base):
    """A second partner of one side (B14): asked for with a reason, decided by somebody else.

    ``side`` is the side whose place is taken; a person of that side's province decides. Until it
    is granted the pairing stays proposed. The operator of the server asks nobody and has no row.
    """

    __tablename__ = "pairing_exception"
    __table_args__ = (
        sa.UniqueConstraint("pairing_id", "side", name="uq_pairing_exception_side"),
        sa.CheckConstraint(
            "decided_by_person_id <> requested_by_person_id", name="decided_by_another"
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_person_id IS NULL)"
            " AND (decided_at IS NULL) = (is_granted IS NULL)",
            name="decision_names_who_and_when",
        ),
        sa.CheckConstraint(
            "is_granted IS NULL OR is_granted OR opinion IS NOT NULL", name="refused_with_a_reason"
        ),
        sa.CheckConstraint("length(reason) > 0", name="asked_with_a_reason"),
    )

    id: Mapped[intpk]
    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairing.id"))
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    reason: Mapped[str] = mapped_column(sa.Text)
    requested_at: Mapped[datetime]
    requested_by_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    is_granted: Mapped[bool | None]
    opinion: Mapped[str | None] = mapped_column(sa.Text)


class Assignment(Base):
    """选派: a person takes part in a pairing, sent or received, from one date to another.

    ``is_qualified`` is the answer of the eligibility rule, kept so that totals need not ask it;
    it is decided anew whenever a certificate, a date or an exception changes.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.Index(
            # A nomination that was turned down may be made again.
            "uq_assignment_one_start",
            "pairing_id",
            "person_id",
            "side",
            "starts_on",
            unique=True,
            sqlite_where=sa.text("state <> 'rejected'"),
            postgresql_where=sa.text("state <> 'rejected'"),
        ),
        sa.UniqueConstraint("id", "pairing_id", "person_id", "side", name="uq_assignment_identity"),
        # The list of assignments stands in this order.
        sa.Index("ix_assignment_by_start", "starts_on", "id"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("approved_by_person_id <> person_id", name="not_approved_by_the_person"),
        sa.CheckConstraint(
            "approved_by_person_id <> nominated_by_person_id", name="approved_by_another"
        ),
        sa.CheckConstraint(
            "(nominated_by_person_id IS NULL) = nominated_by_operator",
            name="nominated_by_a_person_or_the_operator",
        ),
        sa.CheckConstraint("exception_by_person_id <> person_id", name="no_exception_for_oneself"),
        sa.CheckConstraint(
            "exception_by_person_id <> nominated_by_person_id", name="exception_by_another"
        ),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairing.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[AssignmentState] = mapped_column(enum_column(AssignmentState, "state"))
    is_qualified: Mapped[bool] = mapped_column(default=False)
    nominated_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    nominated_by_operator: Mapped[bool] = mapped_column(default=False)
    approved_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    exception_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    exception_reason: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    import_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class AssignmentDecision(DecisionRow, Base):
    """Every change of an assignment's standing, with the standing after it (for ``--as-of``)."""

    __tablename__ = "assignment_decision"
    __table_args__ = (
        sa.Index("ix_assignment_decision_history", "assignment_id", "at", "id"),
        batch_index("assignment_decision"),
    )
    decides = Assignment
    subject_key = "assignment_id"
    also_keeps: ClassVar[dict[str, str]] = {"is_qualified_after": "is_qualified"}

    assignment_id: Mapped[bigint] = mapped_column(sa.ForeignKey("assignment.id"))
    state_before: Mapped[AssignmentState | None] = mapped_column(
        enum_column(AssignmentState, "state_before")
    )
    state_after: Mapped[AssignmentState] = mapped_column(enum_column(AssignmentState, "state"))
    is_qualified_after: Mapped[bool]
