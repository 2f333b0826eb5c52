"""Opening accounts, granting, passwords: everything that says who may sign in as what."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, PasswordHistory, Person, RoleGrant
from models.types import Role
from portal.access import rules
from portal.access.attempt_actions import forget_places
from portal.access.password_store import Passwords, make_password
from portal.access.queries import (
    Scope,
    find_scope,
    has_live_grant,
    only_administrator_of,
    previous_hashes,
    roles_of_person,
)
from portal.deeds import Deed
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.names import stored_name


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

    ``person`` is who holds it; without one a new holder of that ``name`` is made. The operator's
    grant holds at once; a system administrator's waits for the security administrator.
    """
    session = deed.session
    name = stored_name(name)
    taken = session.scalar(sa.select(Account.id).where(Account.login == login)) is not None
    scope = find_scope(session, scope_code)
    refuse_if(
        [
            *rules.refusals_for_login(login, is_taken=taken),
            *([] if person else rules.refusals_for_name(name)),
            *_refusals_for_role(deed, role, scope_code, scope, person),
        ]
    )
    assert scope is not None  # refused otherwise
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
    _remember_password(deed, account)
    grant = _add_grant(deed, account, role, scope)
    deed.record(
        "account.opened",
        f"account:{account.public_id}",
        login=login,
        role=role.value,
        scope=scope_code,
        grant=grant.id,
        confirmed=grant.confirmed_at is not None,
    )
    return account


def propose_grant(deed: Deed, account: Account, role: Role, scope_code: str) -> RoleGrant:
    """Propose one more role for an account; raise :class:`Refused` if the rules say no."""
    session = deed.session
    scope = find_scope(session, scope_code)
    person = session.get_one(Person, account.person_id)
    refuse_if(
        [
            *_refusals_for_role(deed, role, scope_code, scope, person),
            *rules.refusals_for_grant(
                role, (), is_held=has_live_grant(session, account.id, role, scope_code)
            ),
        ]
    )
    assert scope is not None  # refused otherwise
    grant = _add_grant(deed, account, role, scope)
    deed.record(
        "grant.proposed",
        f"account:{account.public_id}",
        grant=grant.id,
        role=role.value,
        scope=scope_code,
        confirmed=grant.confirmed_at is not None,
    )
    return grant


def confirm_grant(deed: Deed, grant: RoleGrant) -> None:
    """Let a proposed grant hold; only by somebody else than who proposed it, and than its holder."""
    session = deed.session
    account = session.get_one(Account, grant.account_id)
    proposer = session.scalar(
        sa.select(Account.person_id).where(Account.id == grant.proposed_by_account_id)
    )
    by = deed.actor.person_id
    refuse_if(
        rules.refusals_for_confirmation(
            is_open=grant.confirmed_at is None and grant.revoked_at is None,
            is_own_proposal=by is not None and proposer == by,
            is_own_account=account.person_id == by,
        )
    )
    grant.confirmed_at = deed.now
    grant.confirmed_by_account_id = deed.actor.account_id
    account.epoch += 1
    session.flush()
    deed.record("grant.confirmed", f"account:{account.public_id}", grant=grant.id)


def revoke_grant(deed: Deed, grant: RoleGrant) -> None:
    """End a grant, or a proposal of one; the account's sessions end with the next request."""
    account = deed.session.get_one(Account, grant.account_id)
    kinds = only_administrator_of(deed.session, account.id, locks=True) & {grant.role}
    deed.session.refresh(grant)  # somebody else may have been faster, before the lock
    refuse_if(
        [
            *rules.refusals_for_revocation(
                is_revoked=grant.revoked_at is not None,
                is_own_account=account.person_id == deed.actor.person_id,
            ),
            *rules.refusals_for_last_administrators(
                kinds if grant.confirmed_at is not None else (), "撤销"
            ),
        ]
    )
    grant.revoked_at = deed.now
    account.epoch += 1
    deed.session.flush()
    deed.record("grant.revoked", f"account:{account.public_id}", grant=grant.id)


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


def unlock_account(deed: Deed, account: Account) -> None:
    """Take away the lock of too many failed attempts."""
    forget_places(deed.session, account.login)
    account.failed_attempts = 0
    account.locked_until = None
    deed.session.flush()
    deed.record("account.unlocked", f"account:{account.public_id}")


def link_person(deed: Deed, account: Account, person: Person) -> None:
    """Make a registered person the holder of an account that was opened by name only.

    Both are one person from now on and were before: what was drafted, confirmed or approved under
    the name is the registered person's, in all accounts of that name.
    """
    session = deed.session
    holder = session.get_one(Person, account.person_id)
    grants = session.scalars(
        sa.select(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.person_id == holder.id, RoleGrant.revoked_at.is_(None))
    ).all()
    held = roles_of_person(session, person.id)
    refuse_if(
        [
            *rules.refusals_for_link(
                is_registered=holder.organisation_id is not None,
                roles=[grant.role for grant in grants],
            ),
            *(
                refusal
                for grant in grants
                for refusal in (
                    *rules.refusals_for_holder(
                        grant.role,
                        organisation_id=person.organisation_id,
                        scope_organisation_id=grant.organisation_id,
                        may_be_unregistered=False,
                    ),
                    *rules.refusals_for_grant(grant.role, held),
                )
            ),
        ]
    )
    _merge(session, holder, person)
    deed.record("account.linked", f"account:{account.public_id}", person=person.public_id)


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


def _merge(session: Session, holder: Person, person: Person) -> None:
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


def _refusals_for_role(
    deed: Deed, role: Role, scope_code: str, scope: Scope | None, person: Person | None
) -> list[Refusal]:
    """Say why a person cannot hold a role over a scope, whichever account it is for."""
    organisation_id = scope.organisation_id if scope else None
    if person is not None:
        # Two proposals for one person come one after the other, or each would miss the other.
        deed.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
    return [
        *rules.refusals_for_scope(role, scope_code, scope.kind if scope else None),
        *rules.refusals_for_holder(
            role,
            organisation_id=person.organisation_id if person else None,
            scope_organisation_id=organisation_id,
            may_be_unregistered=deed.actor.is_operator,
        ),
        *rules.refusals_for_grant(role, roles_of_person(deed.session, person.id) if person else ()),
    ]


def _add_grant(deed: Deed, account: Account, role: Role, scope: Scope) -> RoleGrant:
    at_once = deed.actor.is_operator
    grant = RoleGrant(
        account_id=account.id,
        role=role,
        scope_kind=scope.kind,
        scope_code=scope.code,
        organisation_id=scope.organisation_id,
        proposed_at=deed.now,
        proposed_by_account_id=deed.actor.account_id,
        confirmed_at=deed.now if at_once else None,
    )
    deed.session.add(grant)
    if at_once:
        account.epoch += 1
    deed.session.flush()
    return grant


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
