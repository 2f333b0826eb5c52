"""Reading the statutory calendar."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import CalendarDay, CalendarYear
from portal.calendar.rules import Calendar


def load_calendar(session: Session, first: date, last: date) -> Calendar:
    """Return the calendar of a span of dates (two queries, whatever its length)."""
    exceptions = session.execute(
        sa.select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.day.between(first, last))
    )
    years = session.scalars(
        sa.select(CalendarYear.year).where(CalendarYear.year.between(first.year, last.year))
    )
    return Calendar(dict(exceptions.all()), frozenset(years))
