"""Who stands in for whom: what a person lends and borrows, and to whom it may be lent."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, Organisation, Person, Region, RoleGrant
from models.types import GrantState
from portal.access.actor import Actor
from portal.access.loading import Unseen
from portal.access.queries import IS_OWN
from portal.accounts.deputy_rules import LENDABLE, Deputy, Lent
from portal.accounts.grant_queries import label_of

SHOWN = 50
"""Of what was lent and borrowed, the latest."""

_HOLDS = RoleGrant.state == GrantState.CONFIRMED


class LentRow(NamedTuple):
    """A role that is lent, was, or will be. ``other`` is the deputy, or whose role it is."""

    grant_id: int
    label: str
    other: str
    starts_on: date
    ends_on: date
    is_live: bool

    def state(self, today: date) -> tuple[str, str]:
        """Words and tone of how it stands on a day."""
        if not self.is_live:
            return "已提前结束" if self.ends_on >= today else "已到期", "neutral"
        if self.ends_on < today:
            return "已到期", "neutral"
        return ("代理中", "good") if self.starts_on <= today else ("尚未开始", "waiting")


def list_lent(session: Session, actor: Actor) -> list[LentRow]:
    """Return what a person has lent to others, the latest first."""
    return _lent(session, RoleGrant.proposed_by_person_id, RoleGrant.person_id, actor)


def list_borrowed(session: Session, actor: Actor) -> list[LentRow]:
    """Return in whose place a person stands, stood or will stand, the latest first."""
    return _lent(session, RoleGrant.person_id, RoleGrant.proposed_by_person_id, actor)


def _lent(session: Session, own: Any, others: Any, actor: Actor) -> list[LentRow]:
    # Of a deputy's grant the dates are there; the table proves it.
    rows: Any = session.execute(
        sa.select(
            RoleGrant.id,
            RoleGrant.role,
            sa.func.coalesce(Organisation.name, Region.name),
            Person.name,
            RoleGrant.starts_on,
            RoleGrant.ends_on,
            _HOLDS,
        )
        .join(Person, Person.id == others)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(Region, Region.code == RoleGrant.scope_code)
        .where(RoleGrant.deputy_of_grant_id.is_not(None), own == actor.person_id)
        .order_by(RoleGrant.id.desc())
        .limit(SHOWN)
    )
    return [
        LentRow(number, label_of(role, scope), other, starts, ends, bool(holds))
        for number, role, scope, other, starts, ends, holds in rows
    ]


class Lendable(NamedTuple):
    """An own role that can be lent, and to which accounts: (public id, words)."""

    grant_id: int
    label: str
    candidates: list[tuple[str, str]]


def list_lendable(session: Session, actor: Actor) -> list[Lendable]:
    """Return the actor's own roles that can be lent, each with whom one may choose."""
    rows = session.execute(
        sa.select(RoleGrant, sa.func.coalesce(Organisation.name, Region.name))
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(Region, Region.code == RoleGrant.scope_code)
        .where(
            RoleGrant.account_id == actor.account_id,
            RoleGrant.role.in_(LENDABLE),
            _HOLDS,
            IS_OWN,
        )
        .order_by(RoleGrant.id)
    )
    return [
        Lendable(grant.id, label_of(grant.role, scope), _candidates(session, grant))
        for grant, scope in rows
    ]


def _candidates(session: Session, grant: RoleGrant) -> list[tuple[str, str]]:
    """Return the accounts near a grant whose persons do not hold its role, by name."""
    holders = sa.select(RoleGrant.person_id).where(
        RoleGrant.role == grant.role, RoleGrant.scope_code == grant.scope_code, _HOLDS, IS_OWN
    )
    near = aliased(RoleGrant)
    rows = session.execute(
        sa.select(Account.public_id, Person.name, Account.login)
        .join(Person, Person.id == Account.person_id)
        .where(
            Account.is_disabled.is_(False),
            Account.person_id != grant.person_id,
            Account.person_id.not_in(holders),
            Account.id.in_(sa.select(near.account_id).where(_near(near, grant))),
        )
        .order_by(Person.name_order, Account.login)
    )
    return [(public_id, f"{name}（{login}）") for public_id, name, login in rows]


def _near(near: Any, grant: RoleGrant) -> sa.ColumnElement[bool]:
    """Say that a grant is over the same scope as the one that is lent."""
    return sa.and_(
        near.scope_code == grant.scope_code,
        near.scope_kind == grant.scope_kind,
        near.state == GrantState.CONFIRMED,
        near.deputy_of_grant_id.is_(None),
    )


def find_own_grant(session: Session, actor: Actor, grant_id: int) -> RoleGrant:
    """Return a grant of the actor's account; raise :class:`Unseen` for any other."""
    wanted = sa.select(RoleGrant).where(
        RoleGrant.id == grant_id, RoleGrant.account_id == actor.account_id
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise Unseen("grant")
    return found


def find_lent(session: Session, actor: Actor, grant_id: int) -> RoleGrant | None:
    """Return a deputy's grant that the actor lends or borrows, or None."""
    wanted = sa.select(RoleGrant).where(
        RoleGrant.id == grant_id,
        RoleGrant.deputy_of_grant_id.is_not(None),
        sa.or_(
            RoleGrant.proposed_by_person_id == actor.person_id,
            RoleGrant.person_id == actor.person_id,
        ),
    )
    return session.scalars(wanted).one_or_none()


def find_account(session: Session, public_id: str) -> Account | None:
    wanted = sa.select(Account).where(Account.public_id == public_id)
    return session.scalars(wanted).one_or_none()


def lent_facts(session: Session, grant: RoleGrant, *, is_enabled: bool) -> Lent:
    has_deputy = sa.exists().where(RoleGrant.deputy_of_grant_id == grant.id, _HOLDS)
    return Lent(
        role=grant.role,
        state=grant.state,
        person_id=grant.person_id,
        organisation_id=grant.organisation_id,
        is_lent=grant.deputy_of_grant_id is not None,
        has_deputy=bool(session.scalar(sa.select(has_deputy))),
        is_enabled=is_enabled,
    )


def deputy_facts(session: Session, account: Account, grant: RoleGrant) -> Deputy:
    held = session.execute(
        sa.select(RoleGrant.role, RoleGrant.scope_code, RoleGrant.account_id).where(
            RoleGrant.person_id == account.person_id, _HOLDS, IS_OWN
        )
    ).all()
    person = session.get_one(Person, account.person_id)
    return Deputy(
        person_id=account.person_id,
        organisation_id=person.organisation_id,
        roles=[row.role for row in held],
        is_enabled=not account.is_disabled,
        is_near=any(
            row.scope_code == grant.scope_code and row.account_id == account.id for row in held
        ),
        holds_it=any(row.role == grant.role and row.scope_code == grant.scope_code for row in held),
    )


def lapsed(today: date) -> sa.Select[Any]:
    """Return the deputies whose dates are over, or whose principals no longer hold the role."""
    lent, owner = aliased(RoleGrant), aliased(Account)
    void = (
        sa.select(lent.id)
        .join(owner, owner.id == lent.account_id)
        .where(
            lent.id == RoleGrant.deputy_of_grant_id,
            sa.or_(lent.state != GrantState.CONFIRMED, owner.is_disabled.is_(True)),
        )
        .correlate(RoleGrant)
        .exists()
    )
    return (
        sa.select(RoleGrant)
        .where(
            RoleGrant.deputy_of_grant_id.is_not(None),
            _HOLDS,
            sa.or_(RoleGrant.ends_on < today, void),
        )
        .order_by(RoleGrant.id)
    )
