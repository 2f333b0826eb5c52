"""Declaring a month complete, and taking that back: the person's alone."""

from __future__ import annotations

import sqlalchemy as sa

from models import MonthDeclaration
from portal.deeds import Deed
from portal.months.queries import OwnMonth
from portal.months.rules import (
    ALREADY_DECLARED,
    NOT_DECLARED,
    refusals_for_declaration,
)
from portal.refusals import Refused, refuse_if
from portal.standards.dates import last_of_month


def declare_month(deed: Deed, own: OwnMonth) -> MonthDeclaration:
    """Declare that all days worked in a month are handed in; said anew it takes the place of before."""
    if own.holds:
        raise Refused([ALREADY_DECLARED])
    refuse_if(refusals_for_declaration(own.month, terms=own.terms, left=own.left, today=deed.today))
    row = _row_of(deed, own)
    if row is None:
        row = MonthDeclaration(
            person_id=own.person_id,
            pairing_id=own.place.pairing_id,
            side=own.place.side,
            month=own.month,
            last_day=last_of_month(own.month),
        )
        deed.session.add(row)
    row.half_days = own.half_days
    row.declared_at, row.withdrawn_at = deed.now, None
    deed.session.flush()
    _record(deed, own, "month.declared")
    return row


def withdraw_declaration(deed: Deed, own: OwnMonth) -> None:
    """Take a declaration back by hand; what was handed in stays as it is."""
    row = _row_of(deed, own)
    if row is None or row.withdrawn_at is not None:
        raise Refused([NOT_DECLARED])
    row.withdrawn_at = deed.now
    deed.session.flush()
    _record(deed, own, "month.reopened")


def _row_of(deed: Deed, own: OwnMonth) -> MonthDeclaration | None:
    return deed.session.scalars(
        sa.select(MonthDeclaration).where(
            MonthDeclaration.person_id == own.person_id,
            MonthDeclaration.pairing_id == own.place.pairing_id,
            MonthDeclaration.month == own.month,
        )
    ).one_or_none()


def _record(deed: Deed, own: OwnMonth, event: str) -> None:
    deed.record(event, f"pairing:{own.place.code}", month=own.key, days=own.half_days / 2)
