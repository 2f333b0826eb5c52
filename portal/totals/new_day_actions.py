"""Adding new entries to the totals, without adding up what was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.database import run
from models.types import Side
from portal.totals.actions import MONTH_ROWS, PAIRING_ROWS, PERSON_ROWS, forget_totals

# Every logged day runs these. Built once they cost a third of what they cost built anew.
_WAITS = sa.bindparam("worth", type_=sa.Integer)
_UNDECIDED = sa.bindparam("undecided", type_=sa.Integer)
_ADD_TO_PAIRING = {
    side: sa.update(PAIRING_ROWS)
    .where(
        PAIRING_ROWS.c.pairing_id == sa.bindparam("of_pairing"),
        PAIRING_ROWS.c.year == sa.bindparam("of_year"),
    )
    .values({pending: pending + _WAITS, undecided: undecided + _UNDECIDED})
    for side, pending, undecided in (
        (
            Side.SENT,
            PAIRING_ROWS.c.sent_pending_centidays,
            PAIRING_ROWS.c.sent_undecided_centidays,
        ),
        (
            Side.RECEIVED,
            PAIRING_ROWS.c.received_pending_centidays,
            PAIRING_ROWS.c.received_undecided_centidays,
        ),
    )
}
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@cache
def _add_to_person(dialect: str) -> Any:
    """Return the statement that adds what waits to a person's row, or lays it."""
    added = INSERTS[dialect](PERSON_ROWS)
    rows = PERSON_ROWS.c
    return added.on_conflict_do_update(
        index_elements=list(PERSON_ROWS.primary_key),
        set_={
            **{
                name: rows[name] + added.excluded[name]
                for name in ("pending_centidays", "undecided_centidays")
            },
            "is_qualified": sa.or_(rows.is_qualified, added.excluded.is_qualified),
        },
    )


@cache
def _add_to_month(dialect: str) -> Any:
    """Return the statement that adds what waits to a month's row, or lays it."""
    added = INSERTS[dialect](MONTH_ROWS)
    waiting = ("sent_pending_centidays", "received_pending_centidays")
    return added.on_conflict_do_update(
        index_elements=list(MONTH_ROWS.primary_key),
        set_={name: MONTH_ROWS.c[name] + added.excluded[name] for name in waiting},
    )


class NewDay(NamedTuple):
    """An entry that was just written, as far as the totals ask: a draft is worth nothing yet.

    ``is_eligible`` says that its assignment is approved and qualified.
    """

    pairing_id: int
    year: int
    side: Side
    person_id: int
    worked_on: date
    waiting_centidays: int
    is_eligible: bool


def add_days(session: Session, days: Sequence[NewDay]) -> None:
    """Add new entries to the totals: three statements at most, however many there are.

    A new entry counts nowhere yet, it only waits: no count of people and no finding follows from
    it. The row of the pairing comes first, so that whoever recomputes it waits, or is waited for.
    The caller has proved that the year is open. What :func:`refresh` gives is the same.
    """
    dialect = session.get_bind().dialect.name
    of_pairings: dict[tuple[int, int, Side], int] = defaultdict(int)
    undecided: dict[tuple[int, int, Side], int] = defaultdict(int)
    of_months: dict[tuple[int, int, Side, int], int] = defaultdict(int)
    people: dict[tuple[int, int, Side, int], dict[str, Any]] = {}
    for day in days:
        key = (day.pairing_id, day.year, day.side)
        promised = day.waiting_centidays if day.is_eligible else 0
        of_pairings[key] += day.waiting_centidays
        undecided[key] += promised
        of_months[*key, day.worked_on.year * 100 + day.worked_on.month] += day.waiting_centidays
        person = people.setdefault((*key, day.person_id), _nothing_of(day))
        person["pending_centidays"] += day.waiting_centidays
        person["undecided_centidays"] += promised
        person["is_qualified"] |= day.is_eligible
    for (pairing_id, year, side), worth in sorted(of_pairings.items()):
        if worth:
            asked = {
                "of_pairing": pairing_id,
                "of_year": year,
                "worth": worth,
                "undecided": undecided[pairing_id, year, side],
            }
            run(session, _ADD_TO_PAIRING[side], asked)
    run(session, _add_to_person(dialect), list(people.values()))
    months = [
        {
            "pairing_id": pairing_id,
            "year": year,
            "month": month,
            "sent_centidays": 0,
            "received_centidays": 0,
            "sent_pending_centidays": worth if side is Side.SENT else 0,
            "received_pending_centidays": worth if side is Side.RECEIVED else 0,
        }
        for (pairing_id, year, side, month), worth in sorted(of_months.items())
        if worth
    ]
    if months:
        run(session, _add_to_month(dialect), months)
    forget_totals(session)


def _nothing_of(day: NewDay) -> dict[str, Any]:
    """Return a person's row before their new days are added."""
    return {
        "pairing_id": day.pairing_id,
        "year": day.year,
        "side": day.side,
        "person_id": day.person_id,
        "is_qualified": False,
        "approved_entries": 0,
        "counted_centidays": 0,
        "pending_centidays": 0,
        "undecided_centidays": 0,
        "first_day": None,
        "last_day": None,
    }
