"""Finding accounts, their grants and their sessions."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Organisation,
    PasswordHistory,
    Person,
    Region,
    RoleGrant,
    WebSession,
)
from models.programme import NATION, NATION_NAME
from models.types import Role, ScopeKind
from portal.access.actor import Actor, Grant
from portal.access.policy import ADMINISTRATORS

IDLE = timedelta(minutes=30)
IDLE_OF_ADMINISTRATORS = timedelta(minutes=15)
LONGEST = timedelta(hours=12)


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a session token."""
    return hashlib.sha256(token.encode()).digest()


def grants_of(session: Session, account_id: int) -> tuple[Grant, ...]:
    """Return the confirmed, unrevoked grants of an account, in the order of proposal."""
    rows = session.execute(
        sa.select(RoleGrant, Region.name, Organisation.name)
        .outerjoin(Region, Region.code == RoleGrant.scope_code)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.confirmed_at.is_not(None),
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(RoleGrant.id)
    )
    return tuple(
        Grant(
            role=grant.role,
            scope_kind=grant.scope_kind,
            scope_code=grant.scope_code,
            organisation_id=grant.organisation_id,
            scope_name=(
                NATION_NAME
                if grant.scope_kind == ScopeKind.NATION
                else organisation or region or grant.scope_code
            ),
        )
        for grant, region, organisation in rows
    )


def find_actor(session: Session, login: str) -> Actor | None:
    """Return the actor of an enabled account by its login name, for a command's ``--actor``."""
    row = session.execute(
        sa.select(Account, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.login == login, Account.is_disabled.is_(False))
    ).one_or_none()
    if row is None:
        return None
    account, name = row
    return Actor(account.id, account.person_id, account.login, name, grants_of(session, account.id))


def find_signed_in(session: Session, token: str, now: datetime) -> tuple[Actor, WebSession] | None:
    """Return who is signed in with a token, or None if the session is over.

    A session ends after 30 idle minutes (15 for administrators), after 12 hours, when the
    account is disabled, or when its rights or password changed since.
    """
    row = session.execute(
        sa.select(WebSession, Account, Person.name)
        .join(Account, Account.id == WebSession.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(WebSession.token_hash == token_hash(token), WebSession.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    web_session, account, name = row
    if account.is_disabled or web_session.epoch != account.epoch:
        return None
    grants = grants_of(session, account.id)
    is_administrator = any(grant.role in ADMINISTRATORS for grant in grants)
    idle = IDLE_OF_ADMINISTRATORS if is_administrator else IDLE
    if now - web_session.last_seen_at > idle or now - web_session.signed_in_at > LONGEST:
        return None
    actor = Actor(
        account_id=account.id,
        person_id=account.person_id,
        login=account.login,
        name=name,
        grants=grants,
        session_id=web_session.id,
        must_change_password=account.must_change_password,
        token=token,
    )
    return actor, web_session


class Scope(NamedTuple):
    """Over what a role is held: what a scope code names."""

    kind: ScopeKind
    code: str
    organisation_id: int | None


def find_scope(session: Session, code: str) -> Scope | None:
    """Return what a code names: the nation, a region in force or an organisation; else None."""
    if code == NATION:
        return Scope(ScopeKind.NATION, code, None)
    region = session.get(Region, code)
    if region is not None:
        return None if region.is_withdrawn else Scope(ScopeKind(region.level.value), code, None)
    organisation_id = session.scalar(
        sa.select(Organisation.id).where(Organisation.credit_code == code)
    )
    return Scope(ScopeKind.ORGANISATION, code, organisation_id) if organisation_id else None


def roles_of_person(session: Session, person_id: int) -> set[Role]:
    """Return the roles that a person holds or waits for, over all accounts, enabled or not."""
    return set(
        session.scalars(
            sa.select(RoleGrant.role)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(Account.person_id == person_id, RoleGrant.revoked_at.is_(None))
        )
    )


def has_live_grant(session: Session, account_id: int, role: Role, scope_code: str) -> bool:
    """Has an account this very grant, or does it wait for it?"""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    RoleGrant.account_id == account_id,
                    RoleGrant.role == role,
                    RoleGrant.scope_code == scope_code,
                    RoleGrant.revoked_at.is_(None),
                )
            )
        )
    )


def previous_hashes(session: Session, account_id: int) -> list[str]:
    """Return the hashes of an account's remembered passwords."""
    return list(
        session.scalars(
            sa.select(PasswordHistory.password_hash).where(PasswordHistory.account_id == account_id)
        )
    )
