"""Reading the trail, for the audit administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Assignment, AuditEvent, Organisation, Pairing, Person, Workday
from models.database import Moment
from portal.audit.words import ACTORS
from portal.clock import end_of, start_of
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.standards.names import stored_name

PIECE = 500

ALARMS_SHOWN_FOR = timedelta(days=7)
"""Nobody decides on an alarm, so it leaves by itself; the trail keeps it."""


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


def list_events(
    session: Session, filters: Filters, *, cursor: str | None, size: int = PAGE_SIZE
) -> Slice[EventRow]:
    """Return one page of events, latest first."""
    latest_first = [Order(AuditEvent.id, descending=True)]
    return read_slice(
        session,
        _wanted(session, filters),
        latest_first,
        cursor=cursor,
        make=EventRow._make,
        size=size,
    )


def every_event(session: Session, filters: Filters) -> Iterator[EventRow]:
    """Yield all events of a filter, oldest first, a piece at a time."""
    wanted = _wanted(session, filters).order_by(AuditEvent.id).execution_options(yield_per=PIECE)
    with session.execute(wanted) as found:
        for row in found:
            yield EventRow._make(row)


def count_up_to(session: Session, filters: Filters, most: int) -> int:
    """Count the events of a filter, but no further than ``most`` + 1."""
    some = _wanted(session, filters).limit(most + 1).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def alarms(event: str) -> Callable[[object, Moment], Any]:
    """Return what selects the alarms of one kind for the inbox: ``who`` did it, ``why`` the object."""

    def rows(_actor: object, moment: Moment) -> Any:
        return sa.select(
            AuditEvent.at.label("since"),
            sa.cast(AuditEvent.actor, sa.Text).label("who"),
            sa.cast(sa.null(), sa.Date).label("day"),
            sa.cast(AuditEvent.subject, sa.Text).label("why"),
        ).where(AuditEvent.event == event, AuditEvent.at > moment.ago(ALARMS_SHOWN_FOR))

    return rows


def _wanted(session: Session, filters: Filters) -> Any:
    wanted: Any = sa.select(*COLUMNS)
    if filters.first:
        wanted = wanted.where(AuditEvent.at >= start_of(filters.first))
    if filters.last:
        wanted = wanted.where(AuditEvent.at < end_of(filters.last))
    if filters.actor:
        wanted = wanted.where(_is_by(session, filters.actor))
    if filters.event:
        wanted = wanted.where(AuditEvent.event == filters.event)
    if filters.subject:
        wanted = wanted.where(
            sa.or_(
                AuditEvent.subject.startswith(filters.subject, autoescape=True),
                AuditEvent.subject.in_(about(filters.subject)),
            )
        )
    return wanted


def _is_by(session: Session, actor: str) -> sa.ColumnElement[bool]:
    """Return the condition of what an account, or the accounts of a person of that name, did.

    It has an index, the name of an actor has none.
    """
    actor = next((login for login, words in ACTORS.items() if words == actor), actor)
    holders = sa.select(Person.id).where(Person.name == stored_name(actor))
    accounts = session.scalars(
        sa.select(Account.id).where(sa.or_(Account.login == actor, Account.person_id.in_(holders)))
    ).all()
    return AuditEvent.account_id.in_(accounts) if accounts else AuditEvent.actor == actor


def about(name: str) -> Any:
    """Return the subjects that belong to whoever, or whatever, bears a name or a pairing's code."""
    people = sa.select(Person.id).where(Person.name == stored_name(name))
    return sa.union_all(
        _subjects("person", Person.public_id, Person.id.in_(people)),
        _subjects("account", Account.public_id, Account.person_id.in_(people)),
        _subjects("assignment", Assignment.public_id, Assignment.person_id.in_(people)),
        _subjects("workday", sa.cast(Workday.id, sa.Text), Workday.person_id.in_(people)),
        _subjects("organisation", Organisation.credit_code, Organisation.name == stored_name(name)),
        _subjects("pairing", Pairing.code, Pairing.code == name),
    )


def _subjects(kind: str, key: Any, condition: Any) -> Any:
    return sa.select(sa.literal(f"{kind}:").concat(key)).where(condition)
