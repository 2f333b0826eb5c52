"""Reading views: those of a page, one's own and those that colleagues share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Person, RoleGrant, SavedView
from models.database import run
from models.types import GrantState, Role
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import built_once

VIEW = Loader("view", SavedView, "self.use", {"view_id": SavedView.id})

MOST_SHARED = 20
"""How many views of others a page shows, the latest first."""


PAGE = sa.bindparam("page", type_=sa.Text)
OWNER = sa.bindparam("owner", type_=sa.BigInteger)
_OWN = (
    sa.select(SavedView.id, SavedView.name, SavedView.query, SavedView.shared_with)
    .where(SavedView.account_id == OWNER, SavedView.page == PAGE)
    .order_by(SavedView.name)
)


class ViewRow(NamedTuple):
    """A view of a page; ``owner`` is whose it is, "" for one's own."""

    id: int
    name: str
    query: str
    shared_with: Role | None
    owner: str


def list_views(session: Session, actor: Actor, page: str) -> list[ViewRow]:
    """Return the views of a page: own ones by name, then shared ones (two queries)."""
    asked = {PAGE.key: page, OWNER.key: actor.account_id}
    own = [ViewRow._make([*row, ""]) for row in run(session, _OWN, asked)]
    return own + [ViewRow(*row) for row in run(session, _shared(actor), asked)]


@built_once
def _shared(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """Select what others share with a role of the actor, who hold it over the same scope now."""
    held = [
        sa.and_(
            RoleGrant.role == grant.role,
            RoleGrant.scope_kind == grant.scope_kind,
            RoleGrant.scope_code == grant.scope_code,
        )
        for grant in actor.grants
    ]
    is_colleague = sa.exists().where(
        RoleGrant.account_id == SavedView.account_id,
        RoleGrant.role == SavedView.shared_with,
        RoleGrant.state == GrantState.CONFIRMED,
        sa.or_(sa.false(), *held),
    )
    return (
        sa.select(SavedView.id, SavedView.name, SavedView.query, SavedView.shared_with, Person.name)
        .join(Account, Account.id == SavedView.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            SavedView.page == PAGE,
            SavedView.shared_with.in_(actor.roles),
            SavedView.account_id != OWNER,
            Account.is_disabled.is_(False),
            is_colleague,
        )
        .order_by(SavedView.id.desc())
        .limit(MOST_SHARED)
    )


def own_views(session: Session, account_id: int | None, page: str) -> Sequence[SavedView]:
    """Return an account's own views of a page."""
    return session.scalars(
        sa.select(SavedView).where(SavedView.account_id == account_id, SavedView.page == page)
    ).all()
