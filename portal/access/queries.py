"""Finding accounts, their grants and their sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Organisation,
    PasswordHistory,
    Person,
    Region,
    RoleGrant,
    RoleGrantDecision,
    WebSession,
)
from models.database import run
from models.types import NATION, NATION_NAME, GrantState, Role, ScopeKind
from portal.access.actor import Actor, Grant, Principal
from portal.access.policy import ADMINISTRATORS, POLICY, Reach
from portal.clock import date_of

IDLE = timedelta(minutes=30)
IDLE_OF_ADMINISTRATORS = timedelta(minutes=15)
LONGEST = timedelta(hours=12)


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a session token."""
    return hashlib.sha256(token.encode()).digest()


_PRINCIPAL = aliased(Person)
_OF_A_GRANT = (
    RoleGrant.role,
    RoleGrant.scope_kind,
    RoleGrant.scope_code,
    RoleGrant.organisation_id,
    Organisation.name,
    Region.name,
    _PRINCIPAL.id,
    _PRINCIPAL.public_id,
    _PRINCIPAL.name,
    RoleGrant.ends_on,
)
_IN_FORCE = RoleGrant.state == GrantState.CONFIRMED
_ON_DAY: sa.BindParameter[date | None] = sa.bindparam("on_day", type_=sa.Date)
IS_OWN = RoleGrant.deputy_of_grant_id.is_(None)
"""It was granted to the account, not lent to it."""
_HOLDS = sa.and_(
    _IN_FORCE,
    # What is lent holds from day to day, whoever looks: nothing has to end it.
    sa.or_(IS_OWN, sa.and_(RoleGrant.starts_on <= _ON_DAY, RoleGrant.ends_on >= _ON_DAY)),
)
_LENT_BY = sa.and_(
    RoleGrant.deputy_of_grant_id.is_not(None), _PRINCIPAL.id == RoleGrant.proposed_by_person_id
)
IS_LIVE = RoleGrant.state.in_((GrantState.PROPOSED, GrantState.CONFIRMED))
"""It holds, or waits to."""
_GRANTS = (
    sa.select(*_OF_A_GRANT)
    .outerjoin(Region, Region.code == RoleGrant.scope_code)
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .outerjoin(_PRINCIPAL, _LENT_BY)
    .where(RoleGrant.account_id == sa.bindparam("account_id"), _HOLDS)
    .order_by(RoleGrant.id)
)
# Every request runs this one.
_SIGNED_IN = (
    sa.select(
        WebSession.id,
        WebSession.signed_in_at,
        WebSession.last_seen_at,
        Account.id.label("account_id"),
        Account.person_id,
        Account.login,
        Account.must_change_password,
        Account.toured_at,
        Person.name,
        *(column.label(f"grant_{number}") for number, column in enumerate(_OF_A_GRANT)),
    )
    .join(Account, Account.id == WebSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(RoleGrant, sa.and_(RoleGrant.account_id == Account.id, _HOLDS))
    .outerjoin(Region, Region.code == RoleGrant.scope_code)
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .outerjoin(_PRINCIPAL, _LENT_BY)
    .where(
        WebSession.token_hash == sa.bindparam("token_hash"),
        WebSession.ended_at.is_(None),
        WebSession.epoch == Account.epoch,
        Account.is_disabled.is_(False),
    )
    .order_by(RoleGrant.id)
)


def grants_of(session: Session, account_id: int, on_day: date | None = None) -> tuple[Grant, ...]:
    """Return the grants in force of an account, in the order of proposal.

    Those that are lent to it stand among them only where a day is given.
    """
    asked = {"account_id": account_id, "on_day": on_day}
    return tuple(_grant(*row) for row in run(session, _GRANTS, asked))


def reaches_at(
    session: Session, account_id: int, permission: str, instant: datetime
) -> set[tuple[Reach, str]]:
    """Return how far an account reached for a permission at an instant: each reach with its scope.

    A grant that began or ended at that very instant counts.
    """
    table = POLICY[permission].reaches
    held = session.execute(
        sa.select(RoleGrant.role, RoleGrant.scope_code).where(
            RoleGrant.account_id == account_id,
            sa.or_(
                IS_OWN, sa.literal(date_of(instant)).between(RoleGrant.starts_on, RoleGrant.ends_on)
            ),
            _decided(RoleGrantDecision.state_after, RoleGrantDecision.at <= instant),
            ~_decided(RoleGrantDecision.state_before, RoleGrantDecision.at < instant),
        )
    )
    return {(table[role], code) for role, code in held if role in table}


def _decided(state: Any, when: sa.ColumnElement[bool]) -> sa.Exists:
    """Say that a grant came to hold, or that what held ended, at such an instant."""
    return sa.exists().where(
        RoleGrantDecision.role_grant_id == RoleGrant.id, state == GrantState.CONFIRMED, when
    )


def _grant(
    role: Role,
    kind: ScopeKind,
    code: str,
    organisation_id: int | None,
    organisation: str | None,
    region: str | None,
    principal_id: int | None,
    principal: str,
    principal_name: str,
    until: date,
) -> Grant:
    return Grant(
        role=role,
        scope_kind=kind,
        scope_code=code,
        organisation_id=organisation_id,
        scope_name=NATION_NAME if kind == ScopeKind.NATION else organisation or region or code,
        deputy_for=Principal(principal_id, principal, principal_name, until)
        if principal_id is not None
        else None,
    )


def find_actor(session: Session, login: str) -> Actor | None:
    """Return the actor of an enabled account by its login name, for a command's ``--actor``."""
    return _find_actor(session, Account.login == login)


def find_actor_of_account(session: Session, account_id: int, on_day: date) -> Actor | None:
    """Return the actor of an enabled account, for what its holder asked to be done later."""
    return _find_actor(session, Account.id == account_id, on_day)


def _find_actor(
    session: Session, condition: sa.ColumnElement[bool], on_day: date | None = None
) -> Actor | None:
    row = session.execute(
        sa.select(Account, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(condition, Account.is_disabled.is_(False))
    ).one_or_none()
    if row is None:
        return None
    account, name = row
    grants = grants_of(session, account.id, on_day)
    return Actor(account.id, account.person_id, account.login, name, grants)


class SignedIn(NamedTuple):
    """Who is signed in, and when the session was last noted to be in use."""

    actor: Actor
    last_seen_at: datetime


class Ending(NamedTuple):
    """Why a session is over that nobody signed out of: in a sentence, and whether time ended it."""

    sentence: str
    by_time: bool = True


def find_signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Return who is signed in with a token, or None if the session is over.

    A session ends after 30 idle minutes (15 for administrators), after 12 hours, when the
    account is disabled, or when its rights or password changed since.
    """
    asked = {"token_hash": token_hash(token), "on_day": date_of(now)}
    rows = run(session, _SIGNED_IN, asked).all()
    if not rows:
        return None
    row, width = rows[0], len(_OF_A_GRANT)
    grants = tuple(_grant(*one[-width:]) for one in rows if one[-width] is not None)
    idle = _idle_of(grants)
    if now - row.last_seen_at > idle or now - row.signed_in_at > LONGEST:
        return None
    actor = Actor(
        account_id=row.account_id,
        person_id=row.person_id,
        login=row.login,
        name=row.name,
        grants=grants,
        session_id=row.id,
        must_change_password=row.must_change_password,
        has_toured=row.toured_at is not None,
        idle_seconds=int(idle.total_seconds()),
        token=token,
    )
    return SignedIn(actor, row.last_seen_at)


def ending_of(session: Session, token: str, now: datetime) -> Ending | None:
    """Say why a session that nobody signed out of is over; None if there was none such."""
    row = session.execute(
        sa.select(WebSession, Account.epoch)
        .join(Account, Account.id == WebSession.account_id)
        .where(WebSession.token_hash == token_hash(token), Account.is_disabled.is_(False))
    ).one_or_none()
    if row is None:
        return None
    found, epoch = row
    # By night a session is marked as ended that had been over for long.
    if found.ended_at is not None and found.ended_at - found.signed_in_at <= LONGEST:
        return None
    if found.epoch != epoch:
        return Ending("您的授权或密码有变动，须重新登录。", by_time=False)
    idle = _idle_of(grants_of(session, found.account_id))
    if now - found.last_seen_at > idle:
        minutes = idle // timedelta(minutes=1)
        return Ending(f"登录已超时，请重新登录：您已超过 {minutes} 分钟没有操作，系统已自动退出。")
    return Ending("登录已超时，请重新登录：本次登录已满 12 小时，系统已自动退出。")


def _idle_of(grants: Sequence[Grant]) -> timedelta:
    is_administrator = any(grant.role in ADMINISTRATORS for grant in grants)
    return IDLE_OF_ADMINISTRATORS if is_administrator else IDLE


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
            .where(Account.person_id == person_id, IS_LIVE)
        )
    )


def only_administrator_of(session: Session, account_id: int, *, locks: bool) -> set[Role]:
    """Return the kinds of administrator that no other enabled account holds.

    A deed ``locks`` the accounts and grants of all administrators until the end of its transaction:
    of two that would each leave the other's account, the second one sees the first. (SQLite lets
    only one transaction write.)
    """
    wanted = (
        sa.select(RoleGrant.role, RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role.in_(ADMINISTRATORS),
            _IN_FORCE,
            Account.is_disabled.is_(False),
        )
        .order_by(RoleGrant.id)
    )
    holders = session.execute(wanted.with_for_update() if locks else wanted).all()
    shared = {role for role, holder in holders if holder != account_id}
    return {role for role, holder in holders if holder == account_id} - shared


def hold_person(session: Session, person_id: int | None) -> None:
    """Lock a person's row until the end of the transaction, before something of theirs is counted.

    Of several deeds at the same time each counts those before it. (SQLite lets only one transaction
    write.)
    """
    session.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update())


def has_live_grant(session: Session, account_id: int, role: Role, scope_code: str) -> bool:
    """Has an account this very grant, or does it wait for it?"""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    RoleGrant.account_id == account_id,
                    RoleGrant.role == role,
                    RoleGrant.scope_code == scope_code,
                    IS_LIVE,
                    IS_OWN,
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
