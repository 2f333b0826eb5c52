"""Who acts: a signed-in account with its grants, or the operator of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.types import Role, ScopeKind
from portal.access.policy import POLICY, Reach


class Principal(NamedTuple):
    """被代理人: in whose place somebody holds a role, and until when."""

    person_id: int
    public_id: str
    name: str
    until: date


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds now, over a scope: ``CN``, a region code or an organisation.

    ``deputy_for`` says that it is another person's, lent for some dates.
    """

    role: Role
    scope_kind: ScopeKind
    scope_code: str
    organisation_id: int | None
    scope_name: str = ""
    deputy_for: Principal | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The one in whose name something is read or done.

    ``account_id`` and ``person_id`` are None only for the operator of the server (commands run
    without ``--actor``), who is bound by the same rules but by no scope, and for a visitor who
    has not signed in, who may nothing.
    """

    account_id: int | None
    person_id: int | None
    login: str
    name: str
    grants: tuple[Grant, ...] = ()
    session_id: int | None = None
    must_change_password: bool = False
    has_toured: bool = True
    idle_seconds: int = 0
    token: str = field(default="", repr=False)
    is_operator: bool = False

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    def reaches(self, permission: str) -> list[tuple[Reach, Grant]]:
        """Return how far each grant reaches for a permission; empty if the actor lacks it."""
        table = POLICY[permission].reaches
        return [(table[grant.role], grant) for grant in self.grants if grant.role in table]

    def holds(self, permission: str) -> bool:
        """Does any grant hold this permission, however far it reaches?"""
        return self.is_operator or bool(self.reaches(permission))

    def organisations_for(self, permission: str) -> frozenset[str] | None:
        """Return the organisations (credit codes) whose rows a permission reaches; None if it reaches beyond them."""
        if self.is_operator:
            return None
        reached = self.reaches(permission)
        if any(reach not in (Reach.ORGANISATION, Reach.SELF) for reach, _ in reached):
            return None
        return frozenset(grant.scope_code for _, grant in reached)

    def deputy_for(self, permission: str) -> Principal | None:
        """Return in whose place this permission is used; None if it is the actor's own, too."""
        if permission not in POLICY:
            return None
        lent = [grant.deputy_for for _, grant in self.reaches(permission)]
        return lent[0] if lent and all(lent) else None

    def principals_for(self, permission: str | None) -> tuple[Principal, ...]:
        """Return everybody who has lent a role that gives this permission, an own one beside or not."""
        if permission not in POLICY:
            return ()
        lent = (grant.deputy_for for _, grant in self.reaches(permission))
        return tuple(dict.fromkeys(one for one in lent if one is not None))

    def persons_for(self, permission: str) -> frozenset[int]:
        """Return as whom the actor uses a permission: in person, and in whose places."""
        found = (self.person_id, *(one.person_id for one in self.principals_for(permission)))
        return frozenset(one for one in found if one is not None)


OPERATOR = Actor(
    account_id=None, person_id=None, login="system", name="系统（服务器操作员）", is_operator=True
)

VISITOR = Actor(account_id=None, person_id=None, login="visitor", name="未登录")
"""In whose name a failed sign-in is recorded; the account that it aimed at is the subject."""
