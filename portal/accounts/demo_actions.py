"""What waits for the security administrator of the demonstration, and a grant that is lent."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, RoleGrant
from models.types import Role
from portal.access.actor import VISITOR
from portal.access.request_actions import ask_for_password
from portal.accounts.actions import propose_grant as propose
from portal.accounts.deputy_actions import lend_role
from portal.deeds import Deed
from portal.stage import Stage

GRANTED_AGO = timedelta(days=2)
ASKED_AGO = timedelta(hours=3)
FORGETFUL = "yanshi-evaluator"
TO, PREFECTURE = "yanshi-county-rural", "640300"
LENDER, LENT_IN, LENT_FOR = "yanshi-county", timedelta(days=30), timedelta(days=6)
"""Not yet: what the demonstration's accounts may do today is their own."""


def demonstrate_grants(stage: Stage) -> None:
    """Propose a role, have the county's officer name a deputy for a week to come, forget a password."""
    visiting = Deed(stage.deed.session, VISITOR, stage.deed.now - ASKED_AGO)
    ask_for_password(visiting, FORGETFUL, "127.0.0.1")
    account = _account(stage.deed.session, TO)
    deed = stage.deed_of("yanshi-sys-admin", stage.deed.now - GRANTED_AGO)
    propose(deed, account, Role.PREF_RURAL, PREFECTURE)
    lender = _account(stage.deed.session, LENDER)
    own = sa.select(RoleGrant).where(
        RoleGrant.account_id == lender.id, RoleGrant.role == Role.COUNTY_CIVIL
    )
    starts_on = stage.deed.today + LENT_IN
    lend_role(
        stage.deed_of(LENDER, stage.deed.now),
        stage.deed.session.scalars(own).one(),
        account,
        starts_on,
        starts_on + LENT_FOR,
    )


def _account(session: Session, login: str) -> Account:
    return session.scalars(sa.select(Account).where(Account.login == login)).one()
