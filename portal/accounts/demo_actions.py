"""A grant of the demonstration that waits for the security administrator."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from models import Account
from models.types import Role
from portal.accounts.actions import propose_grant as propose
from portal.stage import Stage

GRANTED_AGO = timedelta(days=2)
TO, PREFECTURE = "yanshi-county-rural", "640300"


def propose_grant(stage: Stage) -> None:
    """Have the system administrator propose a role that the security administrator confirms."""
    account = stage.deed.session.scalars(sa.select(Account).where(Account.login == TO)).one()
    deed = stage.deed_of("yanshi-sys-admin", stage.deed.now - GRANTED_AGO)
    propose(deed, account, Role.PREF_RURAL, PREFECTURE)
