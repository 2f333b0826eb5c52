"""What the import of accounts must know of scopes, people and the accounts that are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa

from models import (
    Account,
    ImportBatch,
    ImportedAccount,
    Organisation,
    Person,
    Region,
    RoleGrant,
)
from models.types import NATION, NATION_NAME, Role, ScopeKind
from portal.access.queries import IS_LIVE
from portal.deeds import Deed
from portal.imports.queries import read_by_key
from portal.standards.names import key_of


class ScopeRow(NamedTuple):
    """What a scope's text may name; ``words`` tell two of one name apart."""

    kind: ScopeKind
    code: str
    organisation_id: int | None
    words: str


class Holder(NamedTuple):
    """Somebody who is there."""

    id: int
    name: str
    organisation_id: int | None


class Held(NamedTuple):
    """An account with a role over a scope, which holds or waits."""

    login: str
    holder: Holder
    role: Role | None
    scope_code: str | None


class AccountFacts(NamedTuple):
    """``by_number`` are people by ID number, ``registered`` those of organisations, by name too.

    ``held`` are the accounts of everybody who is named, with what they are granted.
    """

    scopes: dict[str, tuple[ScopeRow, ...]]
    by_number: dict[str, Holder]
    registered: dict[tuple[int, str], list[Holder]]
    held: list[Held]
    logins: frozenset[str]
    is_operator: bool


def gather(
    deed: Deed,
    *,
    scopes: Collection[str],
    names: Collection[str],
    id_numbers: Collection[str],
    logins: Collection[str],
) -> AccountFacts:
    """Return the facts about everything that a file names, by a fixed number of queries."""
    session = deed.session
    found = {text: tuple(rows) for text, rows in _scopes(deed, scopes).items()}
    by_index = {deed.vault.index(number): number for number in id_numbers}
    wanted = sa.select(Person.id_number_index, Person.id, Person.name, Person.organisation_id)
    by_number = {
        by_index[index]: Holder(*rest)
        for index, *rest in read_by_key(session, wanted, Person.id_number_index, by_index)
    }
    keys = {key_of(name) for name in names}
    people = sa.select(Person.id, Person.name, Person.organisation_id).order_by(Person.id)
    registered: dict[tuple[int, str], list[Holder]] = defaultdict(list)
    for row in read_by_key(session, people, Person.name_key, keys):
        if row.organisation_id is not None:
            registered[row.organisation_id, key_of(row.name)].append(Holder(*row))
    return AccountFacts(
        scopes=found,
        by_number=by_number,
        registered=dict(registered),
        held=_held(deed, keys, {holder.id for holder in by_number.values()}),
        logins=frozenset(
            row[0] for row in read_by_key(session, sa.select(Account.login), Account.login, logins)
        ),
        is_operator=deed.actor.is_operator,
    )


def _held(deed: Deed, name_keys: Collection[str], person_ids: Collection[int]) -> list[Held]:
    wanted: Any = (
        sa.select(
            Account.login,
            Person.id,
            Person.name,
            Person.organisation_id,
            RoleGrant.role,
            RoleGrant.scope_code,
        )
        .join(Person, Person.id == Account.person_id)
        .outerjoin(RoleGrant, sa.and_(RoleGrant.account_id == Account.id, IS_LIVE))
        # What was taken back with its file may come with a mended one.
        .where(sa.not_(_was_undone(Account.id)))
        .order_by(Account.login, RoleGrant.id)
    )
    rows = [
        *read_by_key(deed.session, wanted, Person.name_key, name_keys),
        *read_by_key(deed.session, wanted, Person.id, person_ids),
    ]
    return [
        Held(login, Holder(*holder), role, code)
        for login, *holder, role, code in dict.fromkeys(map(tuple, rows))
    ]


def _was_undone(account_id: Any) -> sa.Exists:
    return sa.exists().where(
        ImportedAccount.account_id == account_id,
        ImportBatch.id == ImportedAccount.import_id,
        ImportBatch.undone_at.is_not(None),
    )


def _scopes(deed: Deed, texts: Collection[str]) -> dict[str, list[ScopeRow]]:
    """Return what each text names: by code, or by the exact name."""
    session = deed.session
    found: dict[str, list[ScopeRow]] = defaultdict(list)
    of_key: dict[str, set[str]] = defaultdict(set)
    of_code: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        of_key[key_of(text)].add(text)
        of_code[text.upper()].add(text)
        if text.upper() == NATION or text == NATION_NAME:
            found[text].append(ScopeRow(ScopeKind.NATION, NATION, None, NATION_NAME))
    regions = sa.select(Region.code, Region.name, Region.level, Region.name_key).where(
        Region.is_withdrawn.is_(False)
    )
    organisations = sa.select(
        Organisation.credit_code, Organisation.name, Organisation.id, Organisation.name_key
    )
    for column, texts_of in ((Region.code, of_code), (Region.name_key, of_key)):
        for row in read_by_key(session, regions, column, texts_of):
            scope = ScopeRow(ScopeKind(row.level.value), row.code, None, f"{row.name} {row.code}")
            for text in texts_of[row.code if column is Region.code else row.name_key]:
                found[text].append(scope)
    for column, texts_of in (
        (Organisation.credit_code, of_code),
        (Organisation.name_key, of_key),
    ):
        for row in read_by_key(session, organisations, column, texts_of):
            words = f"{row.name} {row.credit_code}"
            scope = ScopeRow(ScopeKind.ORGANISATION, row.credit_code, row.id, words)
            key = row.credit_code if column is Organisation.credit_code else row.name_key
            for text in texts_of[key]:
                found[text].append(scope)
    return found
