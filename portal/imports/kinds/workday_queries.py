"""What the import of working days must know of pairings, people, assignments and stored days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from models import Pairing, Person, Township
from models.types import AssignmentState
from portal.access.scope import within
from portal.calendar.queries import load_calendar
from portal.deeds import Deed
from portal.imports.fact_rules import Terms
from portal.imports.kinds.workday_fact_rules import (
    HIGHEST,
    Facts,
    PairingRow,
    PersonRow,
    PostedMember,
)
from portal.imports.queries import (
    load_contents,
    load_halves,
    load_terms,
    load_work_years,
    pairings_by_code,
    read_by_key,
)
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.programme.queries import policies_on
from portal.workdays.rules import PairingFacts


def gather(
    deed: Deed,
    *,
    codes: Collection[str],
    id_numbers: Collection[str],
    days: Collection[date],
    township_codes: Collection[str],
    names_people: bool,
) -> Facts:
    """Return the facts about everything that a file names, as far as the actor reaches it."""
    session = deed.session
    pairings = _pairings(deed, codes)
    people = _people(deed, id_numbers)
    first, last = (min(days), max(days)) if days else (deed.today, deed.today)
    pairing_ids = {pairing.id for pairing in pairings.values()}
    terms = load_terms(session, pairing_ids)
    members = _members(deed, terms) if names_people else {}
    person_ids = {person.id for person in people.values()}
    person_ids |= {one.person.id for some in members.values() for one in some}
    townships = read_by_key(session, sa.select(Township.code), Township.code, township_codes)
    return Facts(
        pairings=pairings,
        people=people,
        townships=frozenset(row[0] for row in townships),
        terms=terms,
        work_years=load_work_years(session),
        policies=policies_on(session, {*days, deed.today}),
        calendar=load_calendar(session, first, last),
        halves=load_halves(session, person_ids, first, last),
        contents=load_contents(session, pairing_ids, first, last),
        members=members,
    )


def _pairings(deed: Deed, codes: Collection[str]) -> dict[str, PairingRow]:
    wanted = sa.select(
        Pairing.id,
        Pairing.receiving_province_code,
        Pairing.code,
        Pairing.state,
        Pairing.starts_on,
        Pairing.ends_on,
        Pairing.county_code,
        *(within(Pairing, deed.actor, permission) for permission in HIGHEST),
    )
    found = {}
    by_code = pairings_by_code(deed.session, wanted, codes)
    lives = lives_without_effect(deed.session, {row[0] for row in by_code.values()})
    for code, (id_, province_code, own, state, first, last, county, *reached) in by_code.items():
        reached_by = _reached_by(reached)
        if reached_by:
            life = lives.get(id_) or PairingLife(own, state, is_confirmed=True)
            facts = PairingFacts(life, first, last, county)
            found[code] = PairingRow(id_, province_code, facts, reached_by)
    return found


def _people(deed: Deed, id_numbers: Collection[str]) -> dict[str, PersonRow]:
    by_index = {deed.vault.index(number): number for number in id_numbers}
    wanted = sa.select(
        Person.id_number_index,
        Person.id,
        Person.name,
        *(within(Person, deed.actor, permission) for permission in HIGHEST),
    )
    found = {}
    for index, id_, name, *reached in read_by_key(
        deed.session, wanted, Person.id_number_index, by_index
    ):
        reached_by = _reached_by(reached)
        if reached_by:
            found[by_index[index]] = PersonRow(id_, reached_by, name)
    return found


def _members(deed: Deed, terms: Terms) -> dict[int, list[PostedMember]]:
    """Return who was nominated to each of the pairings, as far as the actor reaches their days."""
    pairings_of: dict[int, set[int]] = defaultdict(set)
    for (pairing_id, person_id), some in terms.of.items():
        if any(term.state != AssignmentState.REJECTED for term in some):
            pairings_of[person_id].add(pairing_id)
    wanted = sa.select(
        Person.id,
        Person.name,
        Person.public_id,
        Person.id_number_masked,
        *(within(Person, deed.actor, permission) for permission in HIGHEST),
    ).order_by(Person.id)
    found: dict[int, list[PostedMember]] = defaultdict(list)
    for id_, name, code, masked, *reached in read_by_key(
        deed.session, wanted, Person.id, pairings_of
    ):
        if reached_by := _reached_by(reached):
            words = f"{code}（证件号码 {masked or '未登记'}）"
            for pairing_id in pairings_of[id_]:
                member = PostedMember(PersonRow(id_, reached_by, name), name, code, words)
                found[pairing_id].append(member)
    return dict(found)


def _reached_by(reached: Collection[Any]) -> frozenset[str]:
    return frozenset(name for name, is_reached in zip(HIGHEST, reached, strict=True) if is_reached)
