"""What the subjects of the trail are called now: rows name them by id, the auditor reads names.

A fixed number of statements for a page, whatever stands on it. Numbers and phones of people stand
nowhere here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Assignment,
    ImportBatch,
    Job,
    Organisation,
    Pairing,
    Person,
    Region,
    RoleGrant,
    Workday,
)
from models.types import NATION, NATION_NAME
from portal.audit.queries import EventRow
from portal.audit.words import ACTOR, BEFORE, IDS_SHOWN, OF_FACTS, Names


def names_in(session: Session, events: Iterable[EventRow]) -> Names:
    """Return what the subjects, actors and facts of some events are called, by ``kind:id``."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        kind, _, key = event.subject.partition(":")
        asked[kind].add(key)
        asked[ACTOR].add(event.actor)
        for name, value in _flat(json.loads(event.facts)):
            if name in OF_FACTS:
                asked[OF_FACTS[name]].add(str(value))
            elif name == "ids" and isinstance(value, list):
                asked[kind].update(map(str, value[:IDS_SHOWN]))
    return {
        f"{kind}:{key}": words
        for kind, read in _READERS.items()
        for key, words in session.execute(read(asked[kind])).all()
    } | {f"scope:{NATION}": NATION_NAME}


def _flat(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield name.removesuffix(BEFORE), value


def _readers() -> Mapping[str, Callable[[set[str]], Any]]:
    """Return by kind what selects the id and the words of some of its subjects."""
    holder = sa.select(
        Account.public_id, Person.name.concat("（").concat(Account.login).concat("）")
    )
    return {
        ACTOR: lambda keys: (
            sa.select(Account.login, Person.name)
            .join(Person, Person.id == Account.person_id)
            .where(Account.login.in_(keys))
        ),
        "account": lambda keys: holder.join(Person, Person.id == Account.person_id).where(
            Account.public_id.in_(keys)
        ),
        "person": lambda keys: sa.select(Person.public_id, Person.name).where(
            Person.public_id.in_(keys)
        ),
        "organisation": lambda keys: sa.select(Organisation.credit_code, Organisation.name).where(
            Organisation.credit_code.in_(keys)
        ),
        "pairing": lambda keys: (
            sa.select(Pairing.code, Pairing.code.concat("（").concat(Region.name).concat("）"))
            .join(Region, Region.code == Pairing.county_code)
            .where(Pairing.code.in_(keys))
        ),
        "assignment": lambda keys: (
            sa.select(Assignment.public_id, Person.name.concat("，").concat(Pairing.code))
            .join(Person, Person.id == Assignment.person_id)
            .join(Pairing, Pairing.id == Assignment.pairing_id)
            .where(Assignment.public_id.in_(keys))
        ),
        "workday": lambda keys: (
            sa.select(sa.cast(Workday.id, sa.Text), Person.name.concat(" ").concat(_day_of_work()))
            .join(Person, Person.id == Workday.person_id)
            .where(Workday.id.in_([int(key) for key in keys if key.isdecimal()]))
        ),
        "import": lambda keys: sa.select(ImportBatch.public_id, ImportBatch.file_name).where(
            ImportBatch.public_id.in_(keys)
        ),
        "job": lambda keys: sa.select(Job.public_id, Job.title).where(Job.public_id.in_(keys)),
        "grant": lambda keys: sa.select(
            sa.cast(RoleGrant.id, sa.Text), sa.cast(RoleGrant.role, sa.Text)
        ).where(RoleGrant.id.in_([int(key) for key in keys if key.isdecimal()])),
        "scope": lambda keys: sa.union_all(
            sa.select(Region.code, Region.name).where(Region.code.in_(keys)),
            sa.select(Organisation.credit_code, Organisation.name).where(
                Organisation.credit_code.in_(keys)
            ),
        ),
    }


def _day_of_work() -> Any:
    return sa.cast(Workday.worked_on, sa.Text)


_READERS = _readers()
