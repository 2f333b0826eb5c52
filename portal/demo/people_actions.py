"""The people of the demonstration and their assignments, written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import sqlalchemy as sa

from models import Assignment, AssignmentDecision, Certificate, Organisation, Pairing, Person
from models.base import new_public_id
from models.types import AssignmentState, CertLevel, Side
from portal.deeds import Deed
from portal.demo.case_rules import Plan, Story
from portal.demo.pair_actions import Pair
from portal.people.actions import columns_of
from portal.people.rules import PersonFacts
from portal.standards.id_number import make_id_number

REGION_WITHOUT_ADULTS = "653228"
"""A county founded in 2024: no adult bears an ID number of it (portal/places/data/README.md)."""

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
QUALIFIED_EACH = 2
EXPERIENCED, NEW = date(2015, 7, 1), date(2021, 11, 1)


@dataclass(frozen=True, slots=True)
class Member:
    """A demonstration person: who, of which organisation, on which side."""

    person_id: int
    organisation_id: int
    side: Side
    is_qualified: bool


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a pair: three who can be sent (the third not qualified), three received."""

    sent: tuple[Member, ...]
    received: tuple[Member, ...]


def make_teams(deed: Deed, pairs: Iterable[Pair]) -> dict[int, Team]:
    """Register six people for each pair; return the teams by the pair's number."""
    serials = count(1)
    rows: list[dict[str, Any]] = []
    plans: list[tuple[int, Side, bool]] = []
    for pair in pairs:
        for position in range(3):
            qualified = position < QUALIFIED_EACH
            rows.append(
                _person(deed, pair.sending, next(serials), EXPERIENCED if qualified else NEW)
            )
            plans.append((pair.number, Side.SENT, qualified))
        for _position in range(3):
            rows.append(_person(deed, pair.receiving, next(serials), None))
            plans.append((pair.number, Side.RECEIVED, True))
    ids = deed.session.scalars(
        sa.insert(Person).returning(Person.id, sort_by_parameter_order=True), rows
    ).all()
    _certify(deed, ids, plans)
    return _teams(ids, rows, plans)


def _person(
    deed: Deed, organisation: Organisation, serial: int, started_on: date | None
) -> dict[str, Any]:
    birth = date(1980 + serial % 15, serial % 12 + 1, serial % 28 + 1)
    name = f"{SURNAMES[serial % len(SURNAMES)]}演示{serial:03d}"
    number = make_id_number(REGION_WITHOUT_ADULTS, birth, serial % 999 + 1)
    facts = PersonFacts(name, number, None, started_on)
    return {
        **columns_of(deed, new_public_id(), facts),
        "organisation_id": organisation.id,
        "created_at": deed.now,
        "version": 1,
    }


def _certify(deed: Deed, ids: Iterable[int], plans: list[tuple[int, Side, bool]]) -> None:
    rows = [
        {
            "person_id": person_id,
            "level": CertLevel.INTERMEDIATE if qualified else CertLevel.ASSISTANT,
            "number": f"演示证书{person_id:05d}",
            "issued_on": date(2018, 12, 1),
            "recorded_at": deed.now,
        }
        for person_id, (_, side, qualified) in zip(ids, plans, strict=True)
        if side == Side.SENT
    ]
    deed.session.execute(sa.insert(Certificate), rows)


def _teams(
    ids: Iterable[int], rows: list[dict[str, Any]], plans: list[tuple[int, Side, bool]]
) -> dict[int, Team]:
    members: dict[int, dict[Side, list[Member]]] = {}
    for person_id, row, (number, side, qualified) in zip(ids, rows, plans, strict=True):
        sides = members.setdefault(number, {Side.SENT: [], Side.RECEIVED: []})
        sides[side].append(Member(person_id, row["organisation_id"], side, qualified))
    return {
        number: Team(tuple(sides[Side.SENT]), tuple(sides[Side.RECEIVED]))
        for number, sides in members.items()
    }


@dataclass(frozen=True, slots=True)
class Term:
    """An assignment of the demonstration, as far as its days need it."""

    id: int
    pairing_id: int
    person_id: int
    side: Side
    starts_on: date
    ends_on: date


def on_duty(team: Team, plan: Plan, first: date, last: date) -> Iterator[tuple[Member, date, date]]:
    """Yield who takes part in a year, and from when to when."""
    sent = team.sent[: plan.sent_people]
    if plan.story == Story.UNQUALIFIED:
        sent = (team.sent[0], team.sent[2])
    middle = date(first.year, 6, 30)
    for position, member in enumerate((*sent, *team.received[: plan.received_people])):
        leaves = plan.story == Story.LEFT_MID_YEAR and position == 1
        yield member, first, middle if leaves else last


def assign(deed: Deed, duties: list[tuple[Pairing, Member, date, date]]) -> list[Term]:
    """Write approved assignments with their decision rows; return them for the days."""
    rows: list[dict[str, Any]] = [
        {
            "public_id": new_public_id(),
            "pairing_id": pairing.id,
            "person_id": member.person_id,
            "organisation_id": member.organisation_id,
            "side": member.side,
            "starts_on": first,
            "ends_on": last,
            "state": AssignmentState.APPROVED,
            "nominated_by_operator": True,
            "is_qualified": member.is_qualified,
            "created_at": deed.now,
            "version": 1,
        }
        for pairing, member, first, last in duties
    ]
    ids = deed.session.scalars(
        sa.insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True), rows
    ).all()
    deed.session.execute(
        sa.insert(AssignmentDecision),
        [
            {
                "assignment_id": assignment_id,
                "kind": "nominated",
                "state_after": AssignmentState.APPROVED,
                "is_qualified_after": row["is_qualified"],
                "at": deed.now,
            }
            for assignment_id, row in zip(ids, rows, strict=True)
        ],
    )
    return [
        Term(
            assignment_id,
            row["pairing_id"],
            row["person_id"],
            row["side"],
            row["starts_on"],
            row["ends_on"],
        )
        for assignment_id, row in zip(ids, rows, strict=True)
    ]
