"""The people of the demonstration and their assignments, written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from models import Organisation, Pairing
from models.types import CertLevel, Side
from portal.deeds import Deed
from portal.demo.case_rules import Plan, Story
from portal.demo.pair_actions import Pair
from portal.people.rules import CertificateFacts, PersonFacts
from portal.people.set_actions import Newcomer, add_people
from portal.staffing.demo_actions import EXPERIENCED, REGION_WITHOUT_ADULTS
from portal.staffing.set_actions import Nominee, assign_all
from portal.standards.id_number import make_id_number

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
QUALIFIED_EACH = 2
NEW = date(2021, 11, 1)


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
    newcomers: list[Newcomer] = []
    plans: list[tuple[int, Side, bool]] = []
    for pair in pairs:
        for position in range(3):
            qualified = position < QUALIFIED_EACH
            newcomers.append(_sent(pair.sending, next(serials), qualified=qualified))
            plans.append((pair.number, Side.SENT, qualified))
        for _position in range(3):
            facts = _facts(next(serials), None)
            newcomers.append(Newcomer(pair.receiving.id, facts, None))
            plans.append((pair.number, Side.RECEIVED, True))
    return _teams(add_people(deed, newcomers), newcomers, plans)


def _sent(organisation: Organisation, serial: int, *, qualified: bool) -> Newcomer:
    level = CertLevel.INTERMEDIATE if qualified else CertLevel.ASSISTANT
    certificate = CertificateFacts(level, f"演示证书{serial:05d}", date(2018, 12, 1))
    return Newcomer(organisation.id, _facts(serial, EXPERIENCED if qualified else NEW), certificate)


def _facts(serial: int, started_on: date | None) -> PersonFacts:
    birth = date(1980 + serial % 15, serial % 12 + 1, serial % 28 + 1)
    name = f"{SURNAMES[serial % len(SURNAMES)]}演示{serial:03d}"
    number = make_id_number(REGION_WITHOUT_ADULTS, birth, serial % 999 + 1)
    return PersonFacts(name, number, None, started_on)


def _teams(
    ids: Iterable[int], newcomers: list[Newcomer], plans: list[tuple[int, Side, bool]]
) -> dict[int, Team]:
    members: dict[int, dict[Side, list[Member]]] = {}
    for person_id, one, (number, side, qualified) in zip(ids, newcomers, plans, strict=True):
        sides = members.setdefault(number, {Side.SENT: [], Side.RECEIVED: []})
        sides[side].append(Member(person_id, one.organisation_id, side, qualified))
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
    seats = [
        Nominee(
            pairing.id,
            member.person_id,
            member.organisation_id,
            member.side,
            first,
            last,
            member.is_qualified,
        )
        for pairing, member, first, last in duties
    ]
    ids = assign_all(deed, seats)
    return [
        Term(
            assignment_id, seat.pairing_id, seat.person_id, seat.side, seat.starts_on, seat.ends_on
        )
        for assignment_id, seat in zip(ids, seats, strict=True)
    ]
