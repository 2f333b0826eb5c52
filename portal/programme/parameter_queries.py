"""Reading parameters for their pages: in force on a date, and all their dated rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Person, PolicyParameter, Programme
from portal.access.actor import OPERATOR
from portal.access.loading import Unseen
from portal.programme.clause_words import sentence_of
from portal.programme.parameter_words import GROUPS, unit_of, write_allowed, write_value
from portal.programme.policy import BY_KEY, OWN, Parameter
from portal.programme.queries import programme_id_on

ROWS_SHOWN = 200
"""Rows of a parameter's history on its page; a parameter changes once in some years."""


class Dated(NamedTuple):
    """One stored row: the value of a parameter from a date on, who recorded it, when and why."""

    key: str
    programme: str
    value: Any
    valid_from: date
    note: str
    recorded_at: datetime
    recorded_by: str

    @property
    def words(self) -> str:
        """Return the value as people read it, without its unit."""
        return write_value(BY_KEY[self.key], self.value)


class InForce(NamedTuple):
    """A parameter with the row that is in force; None where the default of the registry holds."""

    parameter: Parameter
    row: Dated | None

    @property
    def value(self) -> Any:
        return self.row.value if self.row else self.parameter.default

    @property
    def words(self) -> str:
        return write_value(self.parameter, self.value)

    @property
    def unit(self) -> str:
        return unit_of(self.parameter)

    @property
    def allowed(self) -> str:
        return write_allowed(self.parameter)

    @property
    def is_of_the_plan(self) -> bool:
        """Does the plan say it, or is it the portal's own reading?"""
        return self.parameter.clause != OWN

    @property
    def sentence(self) -> str | None:
        """Return the words of the plan that it rests on, if the plan has any."""
        return sentence_of(self.parameter.key, self.parameter.clause)


class Group(NamedTuple):
    """Parameters about one thing."""

    title: str
    rows: list[InForce]


def chosen(key: str) -> Parameter:
    """Return the parameter that an address names; raise :class:`Unseen` if there is none."""
    if key not in BY_KEY:
        raise Unseen("parameter")
    return BY_KEY[key]


def list_in_force(session: Session, day: date) -> list[Group]:
    """Return every parameter with the value in force on a date, by what it is about."""
    rows = _dated(
        session,
        PolicyParameter.programme_id == programme_id_on(session, day),
        PolicyParameter.valid_from <= day,
    )
    latest = {row.key: row for row in rows}
    return [
        Group(title, [InForce(BY_KEY[key], latest.get(key)) for key in keys])
        for title, keys in GROUPS.items()
    ]


def in_force(session: Session, key: str, day: date) -> InForce:
    """Return one parameter with the row in force on a date; raise KeyError if there is none such."""
    rows = _dated(
        session,
        PolicyParameter.key == key,
        PolicyParameter.programme_id == programme_id_on(session, day),
        PolicyParameter.valid_from <= day,
    )
    return InForce(BY_KEY[key], rows[-1] if rows else None)


def list_history(session: Session, key: str) -> list[Dated]:
    """Return the rows of a parameter, the latest date first, and of one date the last recorded."""
    return _dated(session, PolicyParameter.key == key)[::-1][:ROWS_SHOWN]


def standings(rows: Sequence[Dated], current: Dated | None, day: date) -> list[tuple[Dated, str]]:
    """Say of each row of a history, latest first, whether it is in force on a date.

    Of several rows of one date only the last recorded one ever is: the others gave way to it.
    """
    found = []
    seen: set[tuple[str, date]] = set()
    for row in rows:
        slot = (row.programme, row.valid_from)
        if slot in seen:
            word = "已被同日的后一次调整取代"
        elif row == current:
            word = "现行"
        else:
            word = "尚未生效" if row.valid_from > day else "已过"
        seen.add(slot)
        found.append((row, word))
    return found


def _dated(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Dated]:
    rows = session.execute(
        sa.select(
            PolicyParameter.key,
            Programme.code,
            PolicyParameter.value,
            PolicyParameter.valid_from,
            PolicyParameter.note,
            PolicyParameter.recorded_at,
            sa.func.coalesce(Person.name, Account.login, OPERATOR.name),
        )
        .join(Programme, Programme.id == PolicyParameter.programme_id)
        .outerjoin(Account, Account.id == PolicyParameter.recorded_by_account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(*conditions)
        .order_by(PolicyParameter.valid_from, PolicyParameter.recorded_at, PolicyParameter.id)
    )
    return [Dated(row[0], row[1], json.loads(row[2]), *row[3:]) for row in rows if row[0] in BY_KEY]
