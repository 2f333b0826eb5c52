"""Ready totals, kept in the transaction of the rows that they sum (portal/totals)."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, region_code
from models.types import Line, Mode, Side


class PersonYearTotal(Base):
    """The days of one person in one pairing, side and work year, in hundredths of a day.

    Of those that are pending the undecided wait for nothing but somebody's decision: the
    assignment is approved and the person qualifies.
    """

    __tablename__ = "person_year_total"

    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"), primary_key=True)
    person_id: Mapped[bigint] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, index=True
    )
    is_qualified: Mapped[bool]
    approved_entries: Mapped[int]
    counted_centidays: Mapped[int]
    pending_centidays: Mapped[int]
    undecided_centidays: Mapped[int] = mapped_column(default=0)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]


class PairingMonthTotal(Base):
    """The days of one pairing in one calendar month of a work year, in hundredths of a day.

    For the curves of a province and the nation: their cost must not grow with the number of days.
    ``month`` is year and month as one number: 202603. A month without any day has no row.
    """

    __tablename__ = "pairing_month_total"

    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    sent_centidays: Mapped[int]
    received_centidays: Mapped[int]
    sent_pending_centidays: Mapped[int]
    received_pending_centidays: Mapped[int]


class PairingYearTotal(Base):
    """One line of the summary: head counts, days, findings of a pairing in a work year.

    The codes that lists filter and group by stand here too, so that a summary reads one table.
    ``findings`` is a bit mask of portal/compliance/rules.py: FINDING_BITS.

    From ``sent_undecided_centidays`` on stands what the pace of a day is reckoned with
    (portal/compliance/pace_rules.py: Course): it depends on no day, so that a row is right on any.
    """

    __tablename__ = "pairing_year_total"
    __table_args__ = (
        sa.Index("ix_pairing_year_total_receiving", "year", "receiving_province_code"),
        sa.Index("ix_pairing_year_total_sending", "year", "sending_province_code"),
        sa.Index("ix_pairing_year_total_county", "year", "county_code"),
    )

    pairing_id: Mapped[bigint] = mapped_column(sa.ForeignKey("pairing.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[Line] = mapped_column(enum_column(Line, "line"))
    mode: Mapped[Mode] = mapped_column(enum_column(Mode, "mode"))
    county_code: Mapped[region_code]
    sending_province_code: Mapped[region_code]
    receiving_province_code: Mapped[region_code]
    sent_staff: Mapped[int] = mapped_column(default=0)
    qualified_sent_staff: Mapped[int] = mapped_column(default=0)
    received_staff: Mapped[int] = mapped_column(default=0)
    unqualified_received_staff: Mapped[int] = mapped_column(default=0)
    sent_centidays: Mapped[int] = mapped_column(default=0)
    received_centidays: Mapped[int] = mapped_column(default=0)
    sent_pending_centidays: Mapped[int] = mapped_column(default=0)
    received_pending_centidays: Mapped[int] = mapped_column(default=0)
    sent_min_centidays: Mapped[int] = mapped_column(default=0)
    received_min_centidays: Mapped[int] = mapped_column(default=0)
    is_compliant: Mapped[bool] = mapped_column(default=False)
    findings: Mapped[int] = mapped_column(default=0)
    sent_undecided_centidays: Mapped[int] = mapped_column(default=0)
    received_undecided_centidays: Mapped[int] = mapped_column(default=0)
    sent_people: Mapped[int]
    received_people: Mapped[int]
    ends_on: Mapped[date]
    working_days_before: Mapped[int]
    working_days_through: Mapped[int]
