"""Finding whom an account is for, and over what: by name, as people say it."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, Organisation, Person, Region
from models.types import NATION, NATION_NAME, Role
from portal.access.policy import MANAGERS, STAFF
from portal.access.queries import find_scope
from portal.matching import is_name
from portal.refusals import Refusal, Refused

NOBODY_YET = "new"
"""The choice of somebody who is none of the people of that name."""

MOST = 20
"""People of one name, or places of one name, that are offered to choose from."""


class Candidate(NamedTuple):
    """Somebody of the name that was typed; ``words`` tell two of them apart."""

    person: Person
    words: str


def resolve_scope(session: Session, text: str) -> str:
    """Return the code that a text names: a code, or the exact name of a region or organisation.

    What nobody knows comes back as it is, for the rules to refuse; of several the choice is asked.
    """
    if text == NATION_NAME:
        return NATION
    if find_scope(session, text) is not None:
        return text
    parent = aliased(Region)
    found = [
        (code, f"{above or ''}{name} {code}")
        for code, name, above in session.execute(
            sa.select(Region.code, Region.name, parent.name)
            .outerjoin(parent, parent.code == Region.parent_code)
            .where(is_name(Region, text), Region.is_withdrawn.is_(False))
            .order_by(Region.code)
            .limit(MOST)
        )
    ]
    found += [
        (code, f"{name} {code}")
        for code, name in session.execute(
            sa.select(Organisation.credit_code, Organisation.name)
            .where(is_name(Organisation, text))
            .order_by(Organisation.credit_code)
            .limit(MOST)
        )
    ]
    if len(found) > 1:
        listed = "、".join(words for _code, words in found)
        raise Refused(
            [
                Refusal(
                    "scope_code",
                    "ambiguous",
                    f"“{text}”有 {len(found)} 处同名：{listed}。请改填代码。",
                )
            ]
        )
    return found[0][0] if found else text


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
