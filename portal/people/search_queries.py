"""Finding people by their name, and those that were opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Person
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import SHOWN, Group, Hit, group_of, rank
from portal.matching import begins_name, has_every_word, is_name, is_part_of_name


def find_people(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    """People by their name; further words may also stand in the name of their organisation."""
    ranked = rank(is_name(Person, asked.text), begins_name(Person, asked.text))
    is_one = len(asked.words) == 1
    rows = session.execute(
        sa.select(Person.public_id, Person.name, Organisation.name, ranked)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            sa.or_(*(is_part_of_name(Person, word) for word in asked.words)),
            *has_every_word(
                "" if is_one else asked.text,
                lambda word: [is_part_of_name(Person, word), is_part_of_name(Organisation, word)],
            ),
            within(Person, actor, "person.read"),
        )
        .order_by(ranked, Person.name_order, Person.id)
        .limit(SHOWN + 1)
    ).all()
    return group_of("人员", rows, _person, ("people.list_people", {"q": asked.text}))


def _person(row: Any) -> Hit:
    public_id, name, organisation, _rank = row
    return Hit("人员", name, organisation, "people.show_person", {"person_id": public_id})


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(
        sa.select(Person.public_id, Person.name, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.public_id.in_(keys), within(Person, actor, "person.read"))
    )
    for key, name, organisation in rows:
        yield key, Hit("人员", name, organisation or "", "people.show_person", {"person_id": key})
