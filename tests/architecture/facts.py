"""Who stands where in the wide world, and how an actor relates to an object: facts, no SQL.

Nothing here asks the portal: neither its policy table nor its scopes nor its database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from models.types import Role, Side, WorkdayState
from tests.support.wide_world import (
    ASSIGNED,
    AWARDED,
    BATCHES,
    CERTIFIED,
    CLAIMANTS,
    DAYS,
    FUNDS,
    JOBS,
    ORGANISATIONS,
    PAIRINGS,
    PEOPLE,
    PERSONAS,
    REVIEWED,
    SETTLED,
    TRANSFERRED,
    VIEWS,
    Post,
    spent_for,
)

NATION = "CN"


class Kind(StrEnum):
    ORGANISATION = "organisation"
    PERSON = "person"
    PAIRING = "pairing"
    ASSIGNMENT = "assignment"
    WORKDAY = "workday"
    DOCUMENT = "document"
    PROVINCE = "province"
    ACCOUNT = "account"
    BATCH = "batch"
    VIEW = "view"
    JOB = "job"
    FUND = "fund"
    PAYMENT = "payment"
    INCOME = "income"
    EXPENDITURE = "expenditure"
    SETTLEMENT = "settlement"
    PURSE = "purse"
    TRANSFER = "transfer"
    AWARD = "award"
    REVIEW = "review"
    REVIEWED = "reviewed"


class Relation(StrEnum):
    """How an actor relates to an object; ``COLLEAGUE`` is of the same organisation."""

    OWN = "own"
    COLLEAGUE = "colleague"
    SIBLING = "sibling organisation"
    OTHER_COUNTY = "other county"
    OTHER_PROVINCE = "other province"
    PARTNER = "active pairing partner"
    FORMER = "former partner"
    ANCESTOR = "ancestor level"


@dataclass(frozen=True)
class Thing:
    """An object of the wide world by its key, and whom it concerns.

    ``organisations`` own it (keys), ``counties`` are those in whose charge it is, ``provinces``
    those of either side, ``seat`` is the county where it is at home, ``holder`` the one account
    whose own it is.
    """

    kind: Kind
    key: str
    organisations: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    side: Side | None = None
    counties: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    seat: str = ""
    holder: str | None = None
    state: str = ""
    sender: str = ""
    """The province that sends, where there is one."""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@dataclass(frozen=True)
class Persona:
    """Who looks: an account with one role; ``scope`` is ``CN``, a region or an organisation key."""

    login: str
    role: Role
    scope: str
    person: str | None

    @property
    def organisation(self) -> str | None:
        return self.scope if self.scope in ORGANISATIONS else None


def personas() -> list[Persona]:
    return [Persona(login, *row) for login, row in PERSONAS.items()]


def seat_of(organisation: str) -> str:
    return ORGANISATIONS[organisation][1]


def province_of(code: str) -> str:
    return f"{code[:2]}0000"


@cache
def things() -> tuple[Thing, ...]:
    """Every object of the wide world that a page can show."""
    return (
        *map(_organisation, ORGANISATIONS),
        *map(_person, PEOPLE),
        *map(_pairing, PAIRINGS),
        *map(_assignment, ASSIGNED),
        *(day for post in ASSIGNED for day in _days(post)),
        *(_certificate(post) for post in ASSIGNED if post.key in CERTIFIED),
        *map(_province, sorted(_provinces(PAIRINGS))),
        *(Thing(Kind.ACCOUNT, login) for login in PERSONAS),
        *(_own(Kind.BATCH, login) for login in BATCHES),
        *(_own(Kind.VIEW, login) for login in VIEWS),
        *(_own(Kind.JOB, login) for login in JOBS),
        *(Thing(**{**vars(_organisation(key)), "kind": Kind.PURSE}) for key in ORGANISATIONS),
        *(_money(kind, code) for kind in (Kind.FUND, Kind.PAYMENT, Kind.INCOME) for code in FUNDS),
        *map(_expenditure, FUNDS),
        *(_money(Kind.SETTLEMENT, code) for code in SETTLED),
        *map(_award, AWARDED),
        *map(_transfer, TRANSFERRED),
        *(_reviewed(Kind.REVIEW, key, key) for key in REVIEWED),
        *(_reviewed(Kind.REVIEWED, key, key) for key in ORGANISATIONS),
    )


def things_of(kind: str) -> list[Thing]:
    return [thing for thing in things() if thing.kind == kind]


def _organisation(key: str) -> Thing:
    codes = [code for code, pair in PAIRINGS.items() if key in (pair.sending, pair.receiving)]
    return Thing(
        Kind.ORGANISATION,
        key,
        organisations=frozenset({key}),
        counties=frozenset({seat_of(key), *(PAIRINGS[code].county for code in codes)}),
        provinces=frozenset({province_of(seat_of(key)), *_provinces(codes)}),
        seat=seat_of(key),
    )


def _person(key: str) -> Thing:
    home = PEOPLE[key][0]
    codes = [post.pairing for post in ASSIGNED if post.person == key]
    return Thing(
        Kind.PERSON,
        key,
        organisations=frozenset({home}),
        people=frozenset({key}),
        counties=frozenset({seat_of(home), *(PAIRINGS[code].county for code in codes)}),
        provinces=frozenset({province_of(seat_of(home)), *_provinces(codes)}),
        seat=seat_of(home),
    )


def _pairing(code: str) -> Thing:
    pair = PAIRINGS[code]
    return Thing(
        Kind.PAIRING,
        code,
        organisations=frozenset({pair.sending, pair.receiving}),
        counties=frozenset({pair.county}),
        provinces=frozenset(_provinces([code])),
        seat=pair.county,
        state="terminated" if pair.is_former else "active",
        sender=province_of(seat_of(pair.sending)),
    )


def _money(kind: Kind, code: str) -> Thing:
    """Money of the sending organisation of a pairing: planned, paid, or raised by itself."""
    pair = PAIRINGS[code]
    return Thing(
        kind,
        code,
        organisations=frozenset({pair.sending}),
        counties=frozenset({pair.county}),
        provinces=frozenset(_provinces([code])),
        seat=seat_of(pair.sending),
        sender=province_of(seat_of(pair.sending)),
    )


def _transfer(code: str) -> Thing:
    """What the sending side of a pairing passed on to the receiving one: it is of both."""
    pair = PAIRINGS[code]
    money = {**vars(_money(Kind.TRANSFER, code))}
    return Thing(**{**money, "organisations": frozenset({pair.sending, pair.receiving})})


def _expenditure(code: str) -> Thing:
    """What somebody of the sending side claimed."""
    money = {**vars(_money(Kind.EXPENDITURE, code)), "key": spent_for(code)}
    return Thing(**{**money, "people": frozenset({CLAIMANTS[code]})})


def _award(person: str) -> Thing:
    """What the province of a person's organisation gives: nobody of a partner's province sees it."""
    home = PEOPLE[person][0]
    return Thing(
        Kind.AWARD,
        person,
        organisations=frozenset({home}),
        people=frozenset({person}),
        counties=frozenset({seat_of(home)}),
        provinces=frozenset({province_of(seat_of(home))}),
        seat=seat_of(home),
    )


def _reviewed(kind: Kind, key: str, organisation: str) -> Thing:
    """What is asked of an organisation's money, by the province of its seat: of no partner's concern."""
    return Thing(
        kind,
        key,
        organisations=frozenset({organisation}),
        counties=frozenset({seat_of(organisation)}),
        provinces=frozenset({province_of(seat_of(organisation))}),
        seat=seat_of(organisation),
    )


def _assignment(post: Post) -> Thing:
    pair = PAIRINGS[post.pairing]
    own = pair.sending if post.side == Side.SENT else pair.receiving
    return Thing(
        Kind.ASSIGNMENT,
        post.key,
        organisations=frozenset({own}),
        people=frozenset({post.person}),
        side=post.side,
        counties=frozenset({pair.county}),
        provinces=frozenset(_provinces([post.pairing])),
        seat=seat_of(own),
        state="nominated" if post.nominated_by else "approved",
    )


def _days(post: Post) -> Iterable[Thing]:
    assigned = _assignment(post)
    for number, state in enumerate(DAYS.get(post.key, ())):
        values = {**vars(assigned), "kind": Kind.WORKDAY, "state": WorkdayState(state).value}
        yield Thing(**{**values, "key": f"{post.key}#{number}"})


def _certificate(post: Post) -> Thing:
    """A certificate of service concerns whom its assignment concerns."""
    return Thing(**{**vars(_assignment(post)), "kind": Kind.DOCUMENT})


def _province(code: str) -> Thing:
    """A line of the summary: a province concerns itself and whoever is paired into or out of it."""
    codes = [one for one in PAIRINGS if code in _provinces([one])]
    return Thing(
        Kind.PROVINCE,
        code,
        organisations=frozenset(
            one for pair in codes for one in (PAIRINGS[pair].sending, PAIRINGS[pair].receiving)
        ),
        people=frozenset(post.person for post in ASSIGNED if post.pairing in codes),
        counties=frozenset(PAIRINGS[one].county for one in codes),
        provinces=frozenset({code, *_provinces(codes)}),
        seat=code,
    )


def _own(kind: Kind, login: str) -> Thing:
    """A file that a persona has uploaded, a view or a job of one's own: it concerns nobody else."""
    scope = PERSONAS[login][1]
    return Thing(
        kind,
        login,
        organisations=frozenset({scope} & ORGANISATIONS.keys()),
        seat=seat_of(scope) if scope in ORGANISATIONS else scope,
        holder=login,
    )


def _provinces(codes: Iterable[str]) -> set[str]:
    pairs = [PAIRINGS[code] for code in codes]
    return {province_of(seat_of(one)) for pair in pairs for one in (pair.sending, pair.receiving)}


def lies_within(scope: str, only: str, persona: Persona, thing: Thing) -> bool:
    """Does an object lie within a letter of the roles table, as a persona holds it?

    N all, P own province (either side of a pairing), F own prefecture, C own county, O own
    organisation, S own records. ``only`` narrows it: ``home`` to where the object is at home,
    ``sent`` to people of the sending side for the side that sends them, ``received`` to people
    of the receiving side, ``sending`` to what the province that sends decides on.
    """
    if only == "sending":
        return persona.scope in (NATION, thing.sender)
    if only in ("sent", "received") and thing.side != Side(only):
        return False
    is_at_home = only in ("home", "sent")
    counties = {thing.seat} if is_at_home else thing.counties
    provinces = {province_of(thing.seat)} if is_at_home else thing.provinces
    match scope:
        case "N":
            return True
        case "P":
            return persona.scope == NATION or persona.scope in provinces
        case "F":
            return any(county[:4] == persona.scope[:4] for county in counties)
        case "C":
            return persona.scope in counties
        case "O":
            return persona.organisation in thing.organisations
        case "S":
            return persona.person in thing.people or persona.login == thing.holder
    raise ValueError(scope)


def relation(persona: Persona, thing: Thing) -> Relation:
    """Name the relation in which an object stands to a persona."""
    if thing.holder == persona.login:
        return Relation.OWN
    if persona.scope == NATION or thing.kind == Kind.ACCOUNT:
        return Relation.ANCESTOR
    if persona.organisation:
        return _relation_of_organisation(persona, persona.organisation, thing)
    if _covers(persona.scope, thing.seat):
        return Relation.ANCESTOR
    pairs = [pair for code, pair in PAIRINGS.items() if _is_of(thing, code)]
    joined = [
        pair
        for pair in pairs
        if any(_covers(persona.scope, place) for place in (pair.county, seat_of(pair.sending)))
    ]
    return _joined_by(joined) or _apart(persona.scope, thing.seat)


def _relation_of_organisation(persona: Persona, own: str, thing: Thing) -> Relation:
    if own in thing.organisations:
        is_other = persona.person and thing.people and persona.person not in thing.people
        is_other = is_other or (thing.holder and persona.login != thing.holder)
        return Relation.COLLEAGUE if is_other else Relation.OWN
    joined = [
        pair
        for pair in PAIRINGS.values()
        if own in (pair.sending, pair.receiving)
        and thing.organisations & {pair.sending, pair.receiving}
    ]
    if found := _joined_by(joined):
        return found
    if any(seat_of(own) == seat_of(one) for one in thing.organisations):
        return Relation.SIBLING
    return _apart(seat_of(own), thing.seat)


def _is_of(thing: Thing, code: str) -> bool:
    pair = PAIRINGS[code]
    return bool(thing.organisations & {pair.sending, pair.receiving})


def _covers(area: str, county: str) -> bool:
    if area.endswith("0000"):
        return county[:2] == area[:2]
    if area.endswith("00"):
        return county[:4] == area[:4]
    return county == area


def _joined_by(pairs: list) -> Relation | None:
    if not pairs:
        return None
    return Relation.FORMER if all(pair.is_former for pair in pairs) else Relation.PARTNER


def _apart(here: str, there: str) -> Relation:
    return Relation.OTHER_COUNTY if here[:2] == there[:2] else Relation.OTHER_PROVINCE
