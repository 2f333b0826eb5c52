"""A role is lent in the moment in which it ends: nobody keeps what its holder has no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, RoleGrant
from models.database import Database
from models.types import GrantState
from portal.accounts.actions import disable_account, revoke_grant
from portal.accounts.deputy_actions import lend_role
from portal.clock import date_of
from portal.deeds import Deed
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.world import World

Attempt = Callable[[World], object]

PAIRS = {
    "sending_manager": "sending_staff",
    "receiving_manager": "receiving_staff",
    "county_officer": "county_rural_officer",
}


def grant_of(session: Session, login: str) -> RoleGrant:
    owner = sa.select(Account.id).where(Account.login == login).scalar_subquery()
    return session.scalars(sa.select(RoleGrant).where(RoleGrant.account_id == owner)).one()


def account_of(world: World, login: str) -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def lending(database: Database, clock: Clock, holder: str, deputy: str) -> Attempt:
    with database.reading() as session:
        actor = World(session, clock).actor(holder)
    today = date_of(clock())

    def attempt(world: World) -> object:
        deed = Deed(world.session, actor, clock())
        grant = grant_of(world.session, holder)
        return lend_role(deed, grant, account_of(world, deputy), today, today)

    return attempt


def revoking(holder: str) -> Attempt:
    return lambda world: revoke_grant(
        world.deed("security_administrator"), grant_of(world.session, holder)
    )


def disabling(holder: str) -> Attempt:
    return lambda world: disable_account(
        world.deed("system_administrator"), account_of(world, holder)
    )


@pytest.mark.parametrize("ending", [revoking, disabling])
def test_nothing_stays_lent_of_a_role_that_ends_in_the_same_moment(
    world_database: Database, clock: Clock, ending: Callable[[str], Attempt]
):
    for holder, deputy in PAIRS.items():
        attempts = [lending(world_database, clock, holder, deputy), ending(holder)]
        outcomes = at_once(world_database, clock, attempts)
        assert "done" in outcomes
    lent, owner = aliased(RoleGrant), aliased(Account)
    void = (
        sa.select(RoleGrant.id)
        .join(lent, lent.id == RoleGrant.deputy_of_grant_id)
        .join(owner, owner.id == lent.account_id)
        .where(
            RoleGrant.state == GrantState.CONFIRMED,
            sa.or_(lent.state != GrantState.CONFIRMED, owner.is_disabled.is_(True)),
        )
    )
    with world_database.reading() as session:
        assert session.scalars(void).all() == []
