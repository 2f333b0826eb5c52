"""Keeping what the pace of a pairing is reckoned with, where no day has changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import WorkYear
from portal.deeds import Deed
from portal.programme.regime_queries import regime_of
from portal.programme.regime_rules import Regime
from portal.totals.actions import KEEP_PAIRING, PAIRING_ROWS, batches, forget_totals
from portal.totals.course_queries import courses_of
from portal.totals.rules import course_values


def renew_courses(deed: Deed, first: date, last: date) -> None:
    """Number the working days anew for the pairings of all open work years that a span touches.

    A day that turns into a rest day alters how much of a year is left, even where nobody worked.
    """
    session = deed.session
    session.flush()
    regime = regime_of(session)
    touched = {
        one.year for one in regime.years if one.starts_on <= last and one.ends_on >= first
    } - {one.year for one in regime.years if one.is_closed and one.province_code is None}
    for year in sorted(touched):
        _renew(session, year, regime)


def renew_courses_of(deed: Deed, work_year: WorkYear) -> None:
    """Number the working days of a year anew: a province has been given dates of its own."""
    deed.session.flush()
    _renew(deed.session, work_year.year, regime_of(deed.session))


def renew_courses_in(session: Session, pairing_ids: Collection[int]) -> None:
    """Reckon anew with the people of some pairings: somebody was assigned, no day has changed."""
    session.flush()
    regime = regime_of(session)
    years = sa.select(PAIRING_ROWS.c.year).distinct().order_by(PAIRING_ROWS.c.year)
    for year in session.scalars(years).all():
        _renew(session, year, regime, pairing_ids)


def _renew(
    session: Session, year: int, regime: Regime, pairing_ids: Collection[int] | None = None
) -> None:
    if pairing_ids is None:
        wanted = sa.select(PAIRING_ROWS.c.pairing_id).where(PAIRING_ROWS.c.year == year)
        pairing_ids = session.scalars(wanted).all()
    for some in batches(pairing_ids):
        # Of a year in which a pairing does not stand there is no row to be updated.
        rows = [
            {"b_pairing_id": pairing_id, "b_year": year, **course_values(course)}
            for pairing_id, course in courses_of(session, year, regime, some).items()
        ]
        session.connection().execute(KEEP_PAIRING, rows)
    forget_totals(session)
