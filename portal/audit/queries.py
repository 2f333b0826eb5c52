"""Reading the trail, for the audit administrator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import AuditEvent
from portal.clock import end_of, start_of
from portal.paging import Order, Slice, read_slice

PIECE = 500


class Filters(NamedTuple):
    """What a list of events is asked for; empty means everything."""

    first: date | None = None
    last: date | None = None
    actor: str = ""
    event: str = ""
    subject: str = ""


class EventRow(NamedTuple):
    """One event. ``facts`` is the JSON text under the seal."""

    id: int
    at: datetime
    actor: str
    event: str
    subject: str
    facts: str


COLUMNS = (
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.actor,
    AuditEvent.event,
    AuditEvent.subject,
    AuditEvent.facts,
)


def list_events(session: Session, filters: Filters, *, cursor: str | None) -> Slice[EventRow]:
    """Return one page of events, latest first."""
    latest_first = [Order(AuditEvent.id, descending=True)]
    return read_slice(session, _wanted(filters), latest_first, cursor=cursor, make=EventRow._make)


def every_event(session: Session, filters: Filters) -> Iterator[EventRow]:
    """Yield all events of a filter, oldest first, a piece at a time."""
    wanted = _wanted(filters).order_by(AuditEvent.id).execution_options(yield_per=PIECE)
    with session.execute(wanted) as found:
        for row in found:
            yield EventRow._make(row)


def list_kinds(session: Session) -> list[str]:
    """Return the kinds of event that ever happened, for the filter."""
    return list(session.scalars(sa.select(AuditEvent.event).distinct().order_by(AuditEvent.event)))


def _wanted(filters: Filters) -> sa.Select[Any]:
    wanted = sa.select(*COLUMNS)
    if filters.first:
        wanted = wanted.where(AuditEvent.at >= start_of(filters.first))
    if filters.last:
        wanted = wanted.where(AuditEvent.at < end_of(filters.last))
    if filters.actor:
        wanted = wanted.where(AuditEvent.actor == filters.actor)
    if filters.event:
        wanted = wanted.where(AuditEvent.event == filters.event)
    if filters.subject:
        wanted = wanted.where(AuditEvent.subject.startswith(filters.subject, autoescape=True))
    return wanted
