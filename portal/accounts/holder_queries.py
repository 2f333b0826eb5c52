"""Finding whom an account is for, and over what: by name, as people say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, Organisation, Person, Region
from models.types import NATION, NATION_NAME, Role, ScopeKind
from portal.access.policy import MANAGERS, STAFF
from portal.access.queries import find_scope
from portal.access.rules import SCOPES_OF_ROLE
from portal.matching import has_every_word, is_name, is_part_of_name
from portal.refusals import Refusal, Refused

NOBODY_YET = "new"
"""The choice of somebody who is none of the people of that name."""

SHORTEST_PART = 2
"""Characters of a name that are looked for as a part of it."""

MOST = 20
"""People of one name, or places of one name, that are offered to choose from."""


class Candidate(NamedTuple):
    """Somebody of the name that was typed; ``words`` tell two of them apart."""

    person: Person
    words: str


class Named(NamedTuple):
    """A region or an organisation that a text may mean; ``words`` tell two of one name apart."""

    code: str
    words: str
    kind: ScopeKind


def resolve_scope(session: Session, text: str, role: Role) -> str:
    """Return the code that a text names: a code, the name of a region or organisation, or a part of it.

    What nobody knows comes back as it is, for the rules to refuse; of several over which the role
    can be held the choice is asked. An option of the page ends with its code, which is enough.
    """
    if text == NATION_NAME:
        return NATION
    for code in (text, text.rpartition(" ")[2]):
        if find_scope(session, code) is not None:
            return code
    found = _called(session, lambda kind: [is_name(kind, text)])
    how = "同名"
    if not found and len(text) >= SHORTEST_PART:
        found, how = list_scopes(session, text), "名称相近"
    found = [one for one in found if one.kind in SCOPES_OF_ROLE[role]] or found
    if len(found) > 1:
        listed = "、".join(one.words for one in found)
        more = "等" if len(found) >= MOST else ""
        sentence = f"“{text}”有 {len(found)} 处{how}：{listed}{more}。请写全名称，或改填代码。"
        raise Refused([Refusal("scope_code", "ambiguous", sentence)])
    return found[0].code if found else text


def list_scopes(session: Session, text: str) -> list[Named]:
    """Return the regions and organisations in whose names every word stands, or how they sound."""
    if not text.strip():
        return []
    return _called(
        session, lambda kind: has_every_word(text, lambda word: [is_part_of_name(kind, word)])
    )


def _called(
    session: Session, conditions: Callable[[Any], list[sa.ColumnElement[bool]]]
) -> list[Named]:
    parent = aliased(Region)
    regions = session.execute(
        sa.select(Region.code, Region.name, Region.level, parent.name)
        .outerjoin(parent, parent.code == Region.parent_code)
        .where(*conditions(Region), Region.is_withdrawn.is_(False))
        .order_by(Region.code)
        .limit(MOST)
    )
    found = [
        Named(code, f"{above or ''}{name} {code}", ScopeKind(level.value))
        for code, name, level, above in regions
    ]
    organisations = session.execute(
        sa.select(Organisation.credit_code, Organisation.name)
        .where(*conditions(Organisation))
        .order_by(Organisation.credit_code)
        .limit(MOST)
    )
    found += [Named(code, f"{name} {code}", ScopeKind.ORGANISATION) for code, name in organisations]
    return found


def list_candidates(session: Session, role: Role, scope_code: str, name: str) -> list[Candidate]:
    """Return who of that name may be meant, in order of registration.

    For a role of an organisation its registered people, else whoever has an account already.
    """
    if role in STAFF or role in MANAGERS:
        rows = session.execute(
            sa.select(Person, Person.id_number_masked)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(is_name(Person, name), Organisation.credit_code == scope_code)
            .order_by(Person.id)
            .limit(MOST)
        )
        return [Candidate(person, f"{name}（证件号码 {masked}）") for person, masked in rows]
    logins = (
        sa.select(Account.person_id, sa.func.min(Account.login).label("login"))
        .group_by(Account.person_id)
        .subquery()
    )
    holders = session.execute(
        sa.select(Person, logins.c.login)
        .join(logins, logins.c.person_id == Person.id)
        .where(is_name(Person, name))
        .order_by(Person.id)
        .limit(MOST)
    )
    return [Candidate(person, f"{name}（已有账号 {login}）") for person, login in holders]


def choose(role: Role, candidates: list[Candidate], chosen: str) -> Person | None:
    """Return whom the account is for; None for somebody new. Raise :class:`Refused` to ask.

    A registered person who is alone of the name is taken without asking: no worker has two.
    """
    for candidate in candidates:
        if candidate.person.public_id == chosen:
            return candidate.person
    if not candidates or chosen == NOBODY_YET:
        return None
    is_registered = role in STAFF or role in MANAGERS
    if is_registered and len(candidates) == 1:
        return candidates[0].person
    raise Refused(
        [
            Refusal(
                "holder",
                "ambiguous",
                f"有 {len(candidates)} 位同名人员，请选择这个账号属于谁；"
                "同一人的多个账号按三员分立和双人复核合并判断。",
            )
        ]
    )
