"""What waits for the security administrator of the demonstration: a grant, a forgotten password."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from models import Account
from models.types import Role
from portal.access.actor import VISITOR
from portal.access.request_actions import ask_for_password
from portal.accounts.actions import propose_grant as propose
from portal.deeds import Deed
from portal.stage import Stage

GRANTED_AGO = timedelta(days=2)
ASKED_AGO = timedelta(hours=3)
FORGETFUL = "yanshi-evaluator"
TO, PREFECTURE = "yanshi-county-rural", "640300"


def ask_administrators(stage: Stage) -> None:
    """Have one role proposed, and one new password asked for."""
    _propose_grant(stage)
    visiting = Deed(stage.deed.session, VISITOR, stage.deed.now - ASKED_AGO)
    ask_for_password(visiting, FORGETFUL, "127.0.0.1")


def _propose_grant(stage: Stage) -> None:
    """Have the system administrator propose a role that the security administrator confirms."""
    account = stage.deed.session.scalars(sa.select(Account).where(Account.login == TO)).one()
    deed = stage.deed_of("yanshi-sys-admin", stage.deed.now - GRANTED_AGO)
    propose(deed, account, Role.PREF_RURAL, PREFECTURE)
