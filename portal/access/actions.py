"""Opening accounts, granting, signing in and out."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from models import Account, Organisation, Person, Region, RoleGrant, WebSession
from models.programme import NATION
from models.types import RegionLevel, Role, ScopeKind
from portal.access import rules
from portal.access.queries import token_hash
from portal.deeds import Deed
from portal.refusals import Refusal, Refused, refuse_if

LOCK_AFTER_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


class Passwords:
    """Argon2id with the cost of this installation."""

    def __init__(self, memory_kib: int) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; an unknown account costs as much time as a known one."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return stored is not None


def open_account(
    deed: Deed,
    *,
    login: str,
    password_hash: str,
    name: str,
    role: Role,
    scope_code: str,
    person: Person | None = None,
    must_change_password: bool = False,
) -> Account:
    """Open an account with its first grant; raise :class:`Refused` if the rules say no.

    The operator's grant holds at once; a system administrator's waits for the security
    administrator.
    """
    session = deed.session
    taken = session.scalar(sa.select(Account.id).where(Account.login == login)) is not None
    refuse_if(rules.refusals_for_login(login, is_taken=taken))
    scope_kind, organisation = _scope_of(session, role, scope_code)
    if person is None:
        person = Person(name=name, created_at=deed.now)
        session.add(person)
        session.flush()
    account = Account(
        login=login,
        person_id=person.id,
        password_hash=password_hash,
        must_change_password=must_change_password,
        created_at=deed.now,
    )
    session.add(account)
    session.flush()
    deed.record("account.opened", f"account:{account.public_id}", login=login)
    _add_grant(deed, account, role, scope_kind, scope_code, organisation)
    return account


def propose_grant(deed: Deed, account: Account, role: Role, scope_code: str) -> RoleGrant:
    """Propose one more role for an account."""
    scope_kind, organisation = _scope_of(deed.session, role, scope_code)
    return _add_grant(deed, account, role, scope_kind, scope_code, organisation)


def _add_grant(
    deed: Deed,
    account: Account,
    role: Role,
    scope_kind: ScopeKind,
    scope_code: str,
    organisation: Organisation | None,
) -> RoleGrant:
    held = _roles_of_person(deed.session, account.person_id)
    refuse_if(rules.refusals_for_grant(role, held))
    at_once = deed.actor.is_operator
    grant = RoleGrant(
        account_id=account.id,
        role=role,
        scope_kind=scope_kind,
        scope_code=scope_code,
        organisation_id=organisation.id if organisation else None,
        proposed_at=deed.now,
        proposed_by_account_id=deed.actor.account_id,
        confirmed_at=deed.now if at_once else None,
    )
    deed.session.add(grant)
    account.epoch += 1
    deed.session.flush()
    deed.record(
        "grant.proposed",
        f"account:{account.public_id}",
        grant=grant.id,
        role=role.value,
        scope=scope_code,
        confirmed=at_once,
    )
    return grant


def confirm_grant(deed: Deed, grant: RoleGrant) -> None:
    """Let a proposed grant hold; only by somebody else than who proposed it."""
    account = deed.session.get_one(Account, grant.account_id)
    refuse_if(
        rules.refusals_for_confirmation(
            is_open=grant.confirmed_at is None and grant.revoked_at is None,
            is_own_proposal=grant.proposed_by_account_id == deed.actor.account_id,
            is_own_account=account.person_id == deed.actor.person_id,
        )
    )
    grant.confirmed_at = deed.now
    grant.confirmed_by_account_id = deed.actor.account_id
    account.epoch += 1
    deed.session.flush()
    deed.record("grant.confirmed", f"account:{account.public_id}", grant=grant.id)


def revoke_grant(deed: Deed, grant: RoleGrant) -> None:
    """End a grant; its sessions end with the next request."""
    account = deed.session.get_one(Account, grant.account_id)
    if grant.revoked_at is not None:
        raise Refused([Refusal("", "wrong_state", "该授权已撤销。")])
    grant.revoked_at = deed.now
    account.epoch += 1
    deed.session.flush()
    deed.record("grant.revoked", f"account:{account.public_id}", grant=grant.id)


def disable_account(deed: Deed, account: Account, *, disabled: bool) -> None:
    """Switch an account off or on again; its sessions end with the next request."""
    account.is_disabled = disabled
    account.epoch += 1
    deed.session.flush()
    event = "account.disabled" if disabled else "account.enabled"
    deed.record(event, f"account:{account.public_id}")


def unlock_account(deed: Deed, account: Account) -> None:
    """Take away the lock of too many failed attempts."""
    account.failed_attempts = 0
    account.locked_until = None
    deed.session.flush()
    deed.record("account.unlocked", f"account:{account.public_id}")


def set_password(deed: Deed, account: Account, password_hash: str, *, by_owner: bool) -> None:
    """Store a new password; all sessions of the account end."""
    account.password_hash = password_hash
    account.must_change_password = not by_owner
    account.epoch += 1
    deed.session.flush()
    deed.record("account.password_set", f"account:{account.public_id}", by_owner=by_owner)


def start_session(deed: Deed, account: Account, address: str) -> str:
    """Open a session and return its token, which only the browser keeps."""
    token = secrets.token_urlsafe(32)
    account.failed_attempts = 0
    account.locked_until = None
    account.last_signed_in_at = deed.now
    deed.session.add(
        WebSession(
            token_hash=token_hash(token),
            account_id=account.id,
            epoch=account.epoch,
            signed_in_at=deed.now,
            last_seen_at=deed.now,
            address=address,
        )
    )
    deed.session.flush()
    deed.record("session.started", f"account:{account.public_id}", address=address)
    return token


def end_session(deed: Deed, session_id: int) -> None:
    """Sign out."""
    deed.session.execute(
        sa.update(WebSession).where(WebSession.id == session_id).values(ended_at=deed.now)
    )
    deed.record("session.ended", f"session:{session_id}")


def count_failure(deed: Deed, login: str) -> None:
    """Count a failed attempt in one atomic statement; the fifth locks for 15 minutes."""
    deed.session.execute(
        sa.update(Account)
        .where(Account.login == login)
        .values(
            failed_attempts=Account.failed_attempts + 1,
            locked_until=sa.case(
                (
                    Account.failed_attempts + 1 >= LOCK_AFTER_FAILURES,
                    sa.literal(deed.now + LOCKED_FOR, Account.locked_until.type),
                ),
                else_=Account.locked_until,
            ),
        )
    )
    deed.record("session.refused", "login:" + login[:60])


def touch_session(session: Session, session_id: int, now: datetime) -> None:
    """Note that a session is in use (its own short transaction, at most once a minute)."""
    session.execute(
        sa.update(WebSession).where(WebSession.id == session_id).values(last_seen_at=now)
    )


def _roles_of_person(session: Session, person_id: int) -> set[Role]:
    return set(
        session.scalars(
            sa.select(RoleGrant.role)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(Account.person_id == person_id, RoleGrant.revoked_at.is_(None))
        )
    )


def _scope_of(
    session: Session, role: Role, scope_code: str
) -> tuple[ScopeKind, Organisation | None]:
    """Return what kind of scope a code names, if the role can be held over it."""
    level: RegionLevel | None = None
    organisation = None
    if scope_code == NATION:
        kind = ScopeKind.NATION
    elif region := session.get(Region, scope_code):
        level = region.level
        kind = ScopeKind(level.value)
    else:
        organisation = session.scalar(
            sa.select(Organisation).where(Organisation.credit_code == scope_code)
        )
        if organisation is None:
            raise Refused(
                [
                    Refusal(
                        "scope_code",
                        "unknown_scope",
                        f"范围代码“{scope_code}”不存在：应为 CN、行政区划代码或已登记机构的"
                        "统一社会信用代码。",
                    )
                ]
            )
        kind = ScopeKind.ORGANISATION
    refuse_if(rules.refusals_for_scope(role, kind))
    return kind, organisation
