"""What the import of nominations must know of pairings, people and the nominations that stand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from models import Pairing, Person
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports.kinds.assignment_fact_rules import (
    Facts,
    PairingFacts,
    PersonFacts,
    PersonInFile,
)
from portal.imports.queries import (
    load_certificates,
    load_terms,
    load_work_years,
    pairings_by_code,
    read_by_key,
)
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.programme.queries import policies_on
from portal.standards.names import key_of

WRITE = "assignment.write"

MOST_PEOPLE = 300
"""Of one template; whoever looks after more takes the plain one."""


def gather(
    deed: Deed,
    *,
    codes: Collection[str],
    id_numbers: Collection[str],
    names: Collection[str],
    person_codes: Collection[str],
    first_days: Collection[date],
) -> Facts:
    """Return the facts about everything that a file names, as far as the actor reaches it."""
    session = deed.session
    pairings = _pairings(deed, codes)
    people = _people(deed, id_numbers)
    members = _members(deed, names, person_codes)
    named = {person.id for person in people.values()} | {one.person.id for one in members}
    return Facts(
        pairings=pairings,
        people=people,
        members=members,
        certificates=load_certificates(session, named),
        terms=load_terms(session, {pairing.id for pairing in pairings.values()}).of,
        work_years=load_work_years(session),
        policies=policies_on(session, first_days),
        is_operator=deed.actor.is_operator,
    )


def list_own_people(deed: Deed) -> list[tuple[Any, ...]]:
    """Return name and code of everybody whom the actor may nominate."""
    wanted = (
        sa.select(Person.name, Person.public_id)
        .where(Person.organisation_id.is_not(None), within(Person, deed.actor, WRITE))
        .order_by(Person.organisation_id, Person.name_order, Person.id)
        .limit(MOST_PEOPLE)
    )
    return [tuple(row) for row in deed.session.execute(wanted)]


def _pairings(deed: Deed, codes: Collection[str]) -> dict[str, PairingFacts]:
    names = [name for name in PairingFacts._fields if name != "life"]
    wanted = sa.select(*(getattr(Pairing, name) for name in names), Pairing.state).where(
        within(Pairing, deed.actor, WRITE)
    )
    found = pairings_by_code(deed.session, wanted, codes)
    lives = lives_without_effect(deed.session, {row.id for row in found.values()})
    return {
        code: PairingFacts._make(
            [*facts, lives.get(facts[0]) or PairingLife(facts[1], state, is_confirmed=True)]
        )
        for code, (*facts, state) in found.items()
    }


def _people(deed: Deed, id_numbers: Collection[str]) -> dict[str, PersonFacts]:
    by_index = {deed.vault.index(number): number for number in id_numbers}
    wanted = sa.select(
        Person.id_number_index, *(getattr(Person, name) for name in PersonFacts._fields)
    ).where(within(Person, deed.actor, WRITE))
    return {
        by_index[index]: PersonFacts(*facts)
        for index, *facts in read_by_key(deed.session, wanted, Person.id_number_index, by_index)
    }


def _members(
    deed: Deed, names: Collection[str], codes: Collection[str]
) -> tuple[PersonInFile, ...]:
    """Return the people of organisations in reach whom a file names, by name or by code."""
    wanted = sa.select(
        *(getattr(Person, name) for name in PersonFacts._fields),
        Person.public_id,
        Person.id_number_masked,
    ).where(Person.organisation_id.is_not(None), within(Person, deed.actor, WRITE))
    found = {
        row.id: row
        for key, keys in (
            (Person.name_key, {key_of(name) for name in names}),
            (Person.public_id, codes),
        )
        for row in read_by_key(deed.session, wanted, key, keys)
    }
    return tuple(
        PersonInFile(
            PersonFacts(*facts),
            facts[-1],
            code,
            f"{code}（证件号码 {masked or '未登记'}）",
        )
        for _, (*facts, code, masked) in sorted(found.items())
    )
