"""Opening accounts and granting roles, always by two administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Person, RoleGrant
from models.types import GrantState, Role
from portal.access import rules
from portal.access.actions import (
    add_account,
    add_holder,
    end_older_sessions,
    merge_holder,
    void_account,
)
from portal.access.actions import disable_account as switch_account
from portal.access.queries import (
    IS_LIVE,
    Scope,
    find_scope,
    has_live_grant,
    only_administrator_of,
    roles_of_person,
)
from portal.accounts.deputy_actions import end_lapsed
from portal.accounts.grant_queries import facts_of
from portal.accounts.rules import LIFE
from portal.deeds import Deed
from portal.outbox.actions import tell_of_deputy
from portal.procedures.actions import note, take, take_all
from portal.refusals import Refusal, refuse_if
from portal.standards.names import stored_name

SOME_AT_A_TIME = 400


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
        person = add_holder(deed, name)
    account = add_account(
        deed,
        login=login,
        holder=person,
        password_hash=password_hash,
        must_change_password=must_change_password,
    )
    grant = _add_grant(deed, account, role, scope)
    deed.record(
        "account.opened",
        f"account:{account.public_id}",
        login=login,
        role=role.value,
        scope=scope_code,
        grant=grant.id,
        confirmed=grant.state == GrantState.CONFIRMED,
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
        confirmed=grant.state == GrantState.CONFIRMED,
    )
    return grant


def confirm_grant(deed: Deed, grant: RoleGrant) -> None:
    """Let a proposed grant hold; only by somebody else than who proposed it, and than its holder."""
    take(deed, LIFE, grant, "confirmed", facts=facts_of(grant))
    account = _whose_rights_changed(deed, grant)
    deed.record("grant.confirmed", f"account:{account.public_id}", grant=grant.id)


def confirm_grants(deed: Deed, grants: Sequence[RoleGrant], *, seen: Mapping[int, int]) -> None:
    """Let many proposed grants hold, all or none; ``seen`` gives the version in which each was shown.

    Whose rights rose, the audit says of each account: it is asked by account.
    """
    facts = [facts_of(grant, label=label) for grant, label in _labelled(deed.session, grants)]
    take_all(deed, LIFE, grants, "confirmed", facts=facts, seen=seen)
    accounts = [_whose_rights_changed(deed, grant) for grant in grants]
    for account, grant in zip(accounts, grants, strict=True):
        deed.record("grant.confirmed", f"account:{account.public_id}", grant=grant.id)


def decline_grant(deed: Deed, grant: RoleGrant, reason: str) -> None:
    """Turn a proposed grant down, with a reason."""
    take(deed, LIFE, grant, "declined", facts=facts_of(grant), reason=reason)
    _record_end(deed, grant)


def withdraw_grant(deed: Deed, grant: RoleGrant) -> None:
    """Take a proposal back before anybody decided on it."""
    take(deed, LIFE, grant, "withdrawn", facts=facts_of(grant))
    _record_end(deed, grant)


def revoke_grant(deed: Deed, grant: RoleGrant) -> None:
    """End a grant; the account's sessions end with the next request."""
    only = only_administrator_of(deed.session, grant.account_id, locks=True)
    deed.session.refresh(grant)  # somebody else may have been faster, before the lock
    take(deed, LIFE, grant, "revoked", facts=facts_of(grant, frozenset(only)))
    if grant.deputy_of_grant_id is not None:
        tell_of_deputy(deed, grant.id, [grant.person_id, grant.proposed_by_person_id])
    _whose_rights_changed(deed, grant)
    _record_end(deed, grant)
    end_lapsed(deed)  # what was lent of it


def disable_account(deed: Deed, account: Account) -> None:
    """Switch an account off; what its holder has lent ends with it."""
    switch_account(deed, account, disabled=True)
    end_lapsed(deed)


def take_back_accounts(deed: Deed, accounts: Sequence[Account]) -> None:
    """Withdraw what a file proposed and switch its accounts off, all or none; nobody has used them."""
    for start in range(0, len(accounts), SOME_AT_A_TIME):
        some = accounts[start : start + SOME_AT_A_TIME]
        grants = deed.session.scalars(
            sa.select(RoleGrant)
            .where(RoleGrant.account_id.in_([one.id for one in some]), IS_LIVE)
            .order_by(RoleGrant.id)
        ).all()
        facts = [facts_of(grant, label=label) for grant, label in _labelled(deed.session, grants)]
        take_all(deed, LIFE, grants, "withdrawn", facts=facts)
        for account in some:
            void_account(deed, account)


def _labelled(session: Session, grants: Sequence[RoleGrant]) -> list[tuple[RoleGrant, str]]:
    """Return each grant with how a refusal names it: the login, and the role."""
    logins = dict(
        session.execute(
            sa.select(Account.id, Account.login).where(
                Account.id.in_({grant.account_id for grant in grants})
            )
        ).all()
    )
    return [(grant, f"{logins[grant.account_id]}：{grant.role.label}") for grant in grants]


def _whose_rights_changed(deed: Deed, grant: RoleGrant) -> Account:
    account = deed.session.get_one(Account, grant.account_id)
    end_older_sessions(deed.session, account)
    return account


def _record_end(deed: Deed, grant: RoleGrant) -> None:
    account = deed.session.get_one(Account, grant.account_id)
    deed.record("grant.revoked", f"account:{account.public_id}", grant=grant.id)


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
        .where(Account.person_id == holder.id, IS_LIVE)
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
    merge_holder(session, holder, person)
    deed.record("account.linked", f"account:{account.public_id}", person=person.public_id)


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
        person_id=account.person_id,
        role=role,
        scope_kind=scope.kind,
        scope_code=scope.code,
        organisation_id=scope.organisation_id,
        proposed_at=deed.now,
        proposed_by_person_id=deed.actor.person_id,
        state=GrantState.CONFIRMED if at_once else GrantState.PROPOSED,
    )
    deed.session.add(grant)
    note(deed, [grant], "granted" if at_once else "proposed")
    if at_once:
        end_older_sessions(deed.session, account)
    return grant
