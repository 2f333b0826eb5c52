"""The rows of the template that comes filled with the own people and the working days of a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from models import Assignment, Pairing, Person
from models.types import AssignmentState, PairingState
from portal.access.scope import within
from portal.calendar.queries import load_calendar
from portal.deeds import Deed
from portal.imports.fact_rules import FIRST_HALF, SECOND_HALF
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.imports.queries import load_halves
from portal.standards.dates import last_of_month

MOST_PEOPLE = 300
"""Of one template; whoever looks after more takes the plain one."""


def list_prepared(deed: Deed, month: date) -> list[tuple[Any, ...]]:
    """Return pairing, name, code and date for everybody on duty on every working day of a month.

    ``month`` is its first day. Of the running month the days up to today; none that is full.
    """
    last = min(last_of_month(month), deed.today)
    calendar = load_calendar(deed.session, month, max(month, last))
    span = (month + timedelta(days) for days in range((last - month).days + 1))
    working = [day for day in span if calendar.is_working_day(day)]
    on_duty = deed.session.execute(_on_duty(deed, month, last)).all()
    halves = load_halves(deed.session, {row.id for row in on_duty}, month, last)
    return [
        (code, name, person, day)
        for id_, code, name, person, first, end in on_duty
        for day in working
        if first <= day <= end and halves.get((id_, day)) != FIRST_HALF | SECOND_HALF
    ]


def _on_duty(deed: Deed, first: date, last: date) -> sa.Select[*tuple[Any, ...]]:
    actor = deed.actor
    reached = [
        sa.and_(within(Pairing, actor, permission), within(Person, actor, permission))
        for permission in HIGHEST
        if actor.holds(permission)
    ]
    return (
        sa.select(
            Person.id,
            Pairing.code,
            Person.name,
            Person.public_id,
            Assignment.starts_on,
            Assignment.ends_on,
        )
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.state == AssignmentState.APPROVED,
            Assignment.starts_on <= last,
            Assignment.ends_on >= first,
            Pairing.state != PairingState.DECLINED,
            Person.id != (actor.person_id or 0),
            sa.or_(sa.false(), *reached),
        )
        .order_by(Pairing.code, Person.name_order, Person.id)
        .limit(MOST_PEOPLE)
    )
