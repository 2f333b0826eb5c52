"""Accounts and their passwords: everything that says who may sign in. What for, `accounts` says."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, PasswordHistory, Person
from portal.access import rules
from portal.access.attempt_actions import forget_places
from portal.access.password_store import NO_PASSWORD, Passwords, make_password
from portal.access.queries import (
    only_administrator_of,
    previous_hashes,
    roles_of_person,
)
from portal.access.request_actions import settle_request
from portal.deeds import Deed
from portal.refusals import Conflict, Refusal, Refused, refuse_if

HAS_PASSWORD = Refusal("", "wrong_state", "其中有的账号已有密码，没有生成密码条。请刷新页面。")


def add_account(
    deed: Deed, *, login: str, holder: Person, password_hash: str, must_change_password: bool
) -> Account:
    """Add an account of a person, which holds nothing yet; whoever opens it asked the rules."""
    account = Account(
        login=login,
        person_id=holder.id,
        password_hash=password_hash,
        must_change_password=must_change_password,
        created_at=deed.now,
    )
    deed.session.add(account)
    deed.session.flush()
    _remember_password(deed, account)
    return account


def add_holder(deed: Deed, name: str) -> Person:
    """Add a person of whom nothing but the name is known."""
    person = Person(name=name, created_at=deed.now)
    deed.session.add(person)
    deed.session.flush()
    return person


def end_older_sessions(session: Session, account: Account) -> None:
    """Void what an account is signed in with, since its rights have changed."""
    account.epoch += 1
    session.flush()


def disable_account(deed: Deed, account: Account, *, disabled: bool) -> None:
    """Switch an account off or on again; its sessions end with the next request."""
    kinds = only_administrator_of(deed.session, account.id, locks=True) if disabled else set()
    deed.session.refresh(account)  # somebody else may have been faster, before the lock
    refuse_if(
        [
            *rules.refusals_for_switching(
                is_disabled=account.is_disabled,
                disable=disabled,
                is_own_account=account.person_id == deed.actor.person_id,
            ),
            *rules.refusals_for_last_administrators(kinds, "停用"),
        ]
    )
    account.is_disabled = disabled
    account.epoch += 1
    deed.session.flush()
    event = "account.disabled" if disabled else "account.enabled"
    deed.record(event, f"account:{account.public_id}")


def void_account(deed: Deed, account: Account) -> None:
    """Switch an account off that a file opened and nobody has used; its login is free again."""
    login = account.login
    account.login = f"void.{account.id}"
    account.is_disabled = True
    account.epoch += 1
    settle_request(deed, account.id)
    deed.session.flush()
    deed.record("account.disabled", f"account:{account.public_id}", login=login)


def unlock_account(deed: Deed, account: Account) -> None:
    """Take away the lock of too many failed attempts."""
    forget_places(deed.session, account.login)
    account.failed_attempts = 0
    account.locked_until = None
    deed.session.flush()
    deed.record("account.unlocked", f"account:{account.public_id}")


def merge_holder(session: Session, holder: Person, person: Person) -> None:
    """Put a person in the place of the one who stood for them by name, wherever that one stands.

    Else the two would be a second pair of eyes for each other. A constraint of the database refuses
    it where they have been just that; the end of the transaction is left to the caller.
    """
    session.flush()
    ends = {"epoch": Account.epoch + 1}
    try:
        with session.begin_nested():
            session.execute(
                sa.update(Account).where(Account.person_id == holder.id).values(ends),
                execution_options={"synchronize_session": False},
            )
            for table in Account.metadata.tables.values():
                for key in table.foreign_keys:
                    if key.target_fullname == "person.id":
                        change = sa.update(table).where(key.parent == holder.id)
                        session.execute(change.values({key.parent.name: person.id}))
    except sa.exc.IntegrityError:
        raise Refused([rules.both_have_signed(person.name)]) from None
    session.expire_all()


def give_first_passwords(deed: Deed, hashes: Mapping[int, str], subject: str) -> None:
    """Give accounts (ids) that have no password yet their first one, all or none; by hash.

    Whoever has one by now, or none of these, is :class:`Conflict`: it is set once by a slip.
    """
    session = deed.session
    for account_id, hashed in hashes.items():
        given = session.execute(
            sa.update(Account)
            .where(Account.id == account_id, Account.password_hash == NO_PASSWORD)
            .values(password_hash=hashed, must_change_password=True)
            .execution_options(synchronize_session=False)
        )
        if given.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
            raise Conflict([HAS_PASSWORD])
        session.add(PasswordHistory(account_id=account_id, password_hash=hashed, set_at=deed.now))
    session.flush()
    deed.record("account.password_set", subject, by_owner=False, count=len(hashes))


def set_password(
    deed: Deed, account: Account, password: str, hasher: Passwords, *, by_owner: bool
) -> None:
    """Store a new password; raise :class:`Refused` if the rules say no. All sessions end."""
    is_remembered = hasher.matches_any(
        [account.password_hash, *previous_hashes(deed.session, account.id)], password
    )
    refuse_if(
        rules.refusals_for_password(password, login=account.login, is_remembered=is_remembered)
    )
    account.password_hash = hasher.hash(password)
    account.must_change_password = not by_owner
    forget_places(deed.session, account.login)
    account.failed_attempts = 0
    account.locked_until = None
    account.epoch += 1
    settle_request(deed, account.id)
    _remember_password(deed, account)
    deed.record("account.password_set", f"account:{account.public_id}", by_owner=by_owner)


def reset_password(deed: Deed, account: Account, hasher: Passwords) -> str:
    """Give an account a first password again and return it; its owner must change it."""
    refuse_if(
        rules.refusals_for_reset(
            roles_of_person(deed.session, account.person_id),
            is_own_account=account.person_id == deed.actor.person_id,
            is_operator=deed.actor.is_operator,
        )
    )
    password = make_password()
    set_password(deed, account, password, hasher, by_owner=False)
    return password


def _remember_password(deed: Deed, account: Account) -> None:
    session = deed.session
    session.add(
        PasswordHistory(account_id=account.id, password_hash=account.password_hash, set_at=deed.now)
    )
    session.flush()
    _forget_old_passwords(session, account.id)


def _forget_old_passwords(session: Session, account_id: int) -> None:
    kept = (
        sa.select(PasswordHistory.id)
        .where(PasswordHistory.account_id == account_id)
        .order_by(PasswordHistory.id.desc())
        .limit(rules.REMEMBERED)
    )
    session.execute(
        sa.delete(PasswordHistory)
        .where(PasswordHistory.account_id == account_id, PasswordHistory.id.not_in(kept))
        .execution_options(synchronize_session=False)
    )
