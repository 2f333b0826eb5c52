"""Reading the objects that were opened last, as they are called now: one query a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Organisation, Pairing, Person, Region, Workday
from portal.access.actor import Actor
from portal.access.loading import LARGEST_ID
from portal.access.scope import within
from portal.search.queries import Hit

Reader = Callable[[Session, Actor, Sequence[str]], Iterable[tuple[str, Hit]]]


def list_opened(session: Session, actor: Actor, opened: Sequence[tuple[str, str]]) -> list[Hit]:
    """Return those of the objects (kind, key) that the actor may read, in the same order."""
    found: dict[tuple[str, str], Hit] = {}
    for kind, (permission, read) in READERS.items():
        keys = [key for one, key in opened if one == kind]
        if keys and actor.holds(permission):
            found |= {(kind, key): hit for key, hit in read(session, actor, keys)}
    return [found[one] for one in map(tuple, opened) if one in found]


def _organisations(
    session: Session, actor: Actor, keys: Sequence[str]
) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(
        sa.select(Organisation.credit_code, Organisation.name).where(
            Organisation.credit_code.in_(keys), within(Organisation, actor, "organisation.read")
        )
    )
    for code, name in rows:
        values = {"credit_code": code}
        yield code, Hit("机构", name, code, "organisations.show_organisation", values)


def _people(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(
        sa.select(Person.public_id, Person.name, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.public_id.in_(keys), within(Person, actor, "person.read"))
    )
    for key, name, organisation in rows:
        yield key, Hit("人员", name, organisation or "", "people.show_person", {"person_id": key})


def _pairings(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows: Any = session.execute(
        sa.select(Pairing.code, Region.name)
        .join(Region, Region.code == Pairing.county_code)
        .where(Pairing.code.in_(keys), within(Pairing, actor, "pairing.read"))
    )
    for code, county in rows:
        yield code, Hit("结对", code, county, "pairings.pairing", {"code": code})


def _assignments(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows: Any = session.execute(
        sa.select(Assignment.public_id, Person.name, Pairing.code, Assignment.side)
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(Assignment.public_id.in_(keys), within(Assignment, actor, "assignment.read"))
    )
    for key, name, code, side in rows:
        values = {"assignment_id": key}
        yield key, Hit("选派", name, f"{code} · {side.label}", "staffing.assignment", values)


def _workdays(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    numbers = [int(key) for key in keys if key.isdecimal() and int(key) <= LARGEST_ID]
    rows: Any = session.execute(
        sa.select(Workday.id, Workday.worked_on, Person.name, Pairing.code)
        .join(Person, Person.id == Workday.person_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .where(Workday.id.in_(numbers), within(Workday, actor, "workday.read"))
    )
    for number, day, name, code in rows:
        label, values = f"{day.isoformat()} {name}", {"workday_id": number}
        yield str(number), Hit("日志", label, code, "workdays.show_workday", values)


READERS: dict[str, tuple[str, Reader]] = {
    "organisation": ("organisation.read", _organisations),
    "person": ("person.read", _people),
    "pairing": ("pairing.read", _pairings),
    "assignment": ("assignment.read", _assignments),
    "workday": ("workday.read", _workdays),
}
