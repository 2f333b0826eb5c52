"""Searching within the actor's scope: one query a kind, however much there is to find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import KeyCounty, Organisation, Pairing, Person, Region
from models.types import RegionLevel
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.matching import (
    begins_name,
    begins_with_code,
    contains,
    has_every_word,
    is_name,
    is_part_of_name,
)
from portal.organisations.queries import is_called
from portal.pairings.life_rules import standing_on
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.places.queries import full_region_names
from portal.search.rules import Asked
from portal.summaries.ground_queries import Scope, scope_of

SHOWN = 8
"""How many hits of a kind are shown; who wants more goes to the list."""

EXACT, BEGINS, ANYWHERE = 0, 1, 2
"""In this order hits of a kind stand: its code, the beginning of its name, anywhere."""

EXACT_LABEL = "编号一致"

Sending, Receiving, County = aliased(Organisation), aliased(Organisation), aliased(Region)
Parent, Top = aliased(Region), aliased(Region)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: its kind, what it is called, what it is, and the page that shows it."""

    kind: str
    label: str
    note: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of a kind; ``more`` is the list with the rest (endpoint, values), if there is one."""

    label: str
    hits: list[Hit]
    has_more: bool = False
    more: tuple[str, dict[str, Any]] | None = None

    @property
    def count_text(self) -> str:
        return f"{SHOWN} 条以上" if self.has_more else f"{len(self.hits)} 条"


def search(session: Session, actor: Actor, asked: Asked, today: date) -> list[Group]:
    """Return what is found of each kind that the actor may read (five queries at most)."""
    groups = [
        find(session, actor, asked, today)
        for permission, find in FINDERS
        if actor.holds(permission) and asked.words
    ]
    exact = [hit for group in groups for hit in group.hits if hit.is_exact]
    rest = [_without_exact(group) for group in groups]
    return [group for group in (Group(EXACT_LABEL, exact), *rest) if group.hits]


def searchable(actor: Actor) -> list[str]:
    """Return what this actor can search for, in words."""
    return [words for permission, words in SEARCHABLE if actor.holds(permission)]


def _without_exact(group: Group) -> Group:
    hits = [hit for hit in group.hits if not hit.is_exact]
    return Group(group.label, hits, group.has_more, group.more)


def _group(
    label: str, rows: Sequence[Any], make: Callable[[Any], Hit], more: tuple[str, dict[str, Any]]
) -> Group:
    """Return a group of rows of which one more was read than is shown."""
    hits = [make(row) for row in rows[:SHOWN]]
    has_more = len(rows) > SHOWN
    return Group(label, hits, has_more, more if has_more else None)


def _rank(is_exact: Any, begins: Any) -> Any:
    return sa.case((is_exact, EXACT), (begins, BEGINS), else_=ANYWHERE).label("rank")


# ---- places ------------------------------------------------------------------------------------


def _places(session: Session, actor: Actor, asked: Asked, today: date) -> Group:
    """Counties and provinces: with pairings that the actor may see, or a key county of the scope."""
    rank = _rank(Region.code == asked.code, begins_name(Region, asked.text))
    scope = scope_of(actor, "summary.read")
    rows = session.execute(
        sa.select(Region.code, Region.name, Region.level, Top.name, Parent.name, rank)
        .outerjoin(Parent, Parent.code == Region.parent_code)
        .outerjoin(Top, Top.code == Parent.parent_code)
        .where(
            _is_place_in_reach(actor, scope, today),
            *has_every_word(
                asked.text,
                lambda word: [
                    *(is_part_of_name(kind, word) for kind in (Region, Parent, Top)),
                    begins_with_code(Region.code, word),
                ],
            ),
        )
        .order_by(rank, Region.code)
        .limit(SHOWN + 1)
    ).all()
    return _group(
        "地区",
        rows,
        lambda row: _place(row, scope),
        ("pairings.list_pairings", {"q": asked.text}),
    )


def _is_place_in_reach(actor: Actor, scope: Scope, today: date) -> sa.ColumnElement[bool]:
    own = sa.select(Pairing.county_code).where(within(Pairing, actor, "pairing.read"))
    counties: sa.ColumnElement[bool] = Region.code.in_(own)
    reaches = actor.reaches("summary.read")
    if any(reach not in (Reach.ORGANISATION, Reach.SELF) for reach, _ in reaches):
        listed = sa.select(KeyCounty.county_code).where(
            KeyCounty.valid_from <= today,
            sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= today),
        )
        counties |= Region.code.in_(listed) & within(Region, actor, "summary.read")
    provinces = sa.true() if scope.is_nation else Region.code.in_(scope.provinces)
    return sa.or_(
        sa.and_(Region.level == RegionLevel.COUNTY, counties),
        sa.and_(
            Region.level == RegionLevel.PROVINCE,
            Region.is_withdrawn.is_(False),
            provinces,
        ),
    )


def _place(row: Any, scope: Scope) -> Hit:
    """A place leads to its summary, or to its pairings for who sees no province as a whole."""
    code, name, level, top, parent, rank = row
    province = f"{code[:2]}0000"
    is_province = level == RegionLevel.PROVINCE
    endpoint, values = "summaries.show_province", {"code": province}
    if not is_province:
        values |= {"county": code, "_anchor": "pairings"}
    if not (scope.is_nation or province in scope.provinces):
        endpoint, values = "pairings.list_pairings", {"q": name}
    note = "省级汇总" if is_province else f"{''.join(filter(None, (top, parent)))} · {code}"
    return Hit("省" if is_province else "县", name, note, endpoint, values, rank == EXACT)


# ---- organisations, pairings, people -----------------------------------------------------------


def _organisations(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    rank = _rank(
        Organisation.credit_code == asked.code,
        begins_name(Organisation, asked.text),
    )
    rows = session.execute(
        sa.select(Organisation.credit_code, Organisation.name, Organisation.region_code, rank)
        .where(
            *has_every_word(asked.text, is_called),
            within(Organisation, actor, "organisation.read"),
        )
        .order_by(rank, Organisation.name_order, Organisation.id)
        .limit(SHOWN + 1)
    ).all()
    seats = full_region_names(session, {row.region_code for row in rows})

    def made(row: Any) -> Hit:
        note = f"{row.credit_code} · {seats.get(row.region_code, row.region_code)}"
        values = {"credit_code": row.credit_code}
        return Hit(
            "机构", row.name, note, "organisations.show_organisation", values, row.rank == EXACT
        )

    return _group("机构", rows, made, ("organisations.list_organisations", {"q": asked.text}))


def _pairings(session: Session, actor: Actor, asked: Asked, today: date) -> Group:
    rank = _rank(
        bears_code([normalise_code(asked.text)]),
        Pairing.code.istartswith(asked.text, autoescape=True),
    )
    rows = session.execute(
        sa.select(
            Pairing.code,
            Sending.name,
            Receiving.name,
            County.name,
            Pairing.state,
            Pairing.starts_on,
            Pairing.ends_on,
            rank,
        )
        .join(Sending, Sending.id == Pairing.sending_organisation_id)
        .join(Receiving, Receiving.id == Pairing.receiving_organisation_id)
        .join(County, County.code == Pairing.county_code)
        .where(
            *has_every_word(
                asked.text,
                lambda word: [
                    contains(Pairing.code, word),
                    *(is_part_of_name(kind, word) for kind in (Sending, Receiving, County)),
                ],
            ),
            within(Pairing, actor, "pairing.read"),
        )
        .order_by(rank, Pairing.code)
        .limit(SHOWN + 1)
    ).all()

    def made(row: Any) -> Hit:
        code, sending, receiving, county, *stands, rank = row
        note = f"{sending} → {receiving} · {county} · {standing_on(today, *stands).label}"
        return Hit("结对", code, note, "pairings.pairing", {"code": code}, rank == EXACT)

    return _group("结对", rows, made, ("pairings.list_pairings", {"q": asked.text}))


def _people(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    """People by their name; further words may also stand in the name of their organisation."""
    rank = _rank(is_name(Person, asked.text), begins_name(Person, asked.text))
    is_one = len(asked.words) == 1
    rows = session.execute(
        sa.select(Person.public_id, Person.name, Organisation.name, rank)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            sa.or_(*(is_part_of_name(Person, word) for word in asked.words)),
            *has_every_word(
                "" if is_one else asked.text,
                lambda word: [is_part_of_name(Person, word), is_part_of_name(Organisation, word)],
            ),
            within(Person, actor, "person.read"),
        )
        .order_by(rank, Person.name_order, Person.id)
        .limit(SHOWN + 1)
    ).all()
    return _group("人员", rows, _person, ("people.list_people", {"q": asked.text}))


def _person(row: Any) -> Hit:
    public_id, name, organisation, _rank = row
    return Hit("人员", name, organisation, "people.show_person", {"person_id": public_id})


FINDERS: tuple[tuple[str, Callable[[Session, Actor, Asked, date], Group]], ...] = (
    ("pairing.read", _places),
    ("organisation.read", _organisations),
    ("pairing.read", _pairings),
    ("person.read", _people),
)

SEARCHABLE = (
    ("pairing.read", "县（名称或区划代码）"),
    ("organisation.read", "机构（名称或统一社会信用代码）"),
    ("pairing.read", "结对（编号、县或双方机构名称）"),
    ("person.read", "人员（姓名）"),
    ("self.use", "您能打开的页面"),
)
