"""A deed: one change by one actor at one instant in one transaction.

Actions take it as their first argument; they write through it and never commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.actor import OPERATOR, Actor
from portal.audit import trail
from portal.clock import date_of
from portal.personal_data.vault import VAULT, Vault, derive


def session_info(master_key: bytes) -> dict[str, Any]:
    """Return the keys that the sessions of a database carry."""
    return {VAULT: Vault(master_key), trail.AUDIT_KEY: derive(master_key, "audit")}


@dataclass(frozen=True, slots=True)
class Deed:
    session: Session
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The business day, in Asia/Shanghai."""
        return date_of(self.now)

    @property
    def vault(self) -> Vault:
        vault: Vault = self.session.info[VAULT]
        return vault

    def record(self, event: str, subject: str, **facts: Any) -> None:
        """Add the audit row of this deed. ``subject`` is ``kind:id``."""
        trail.record(
            self.session,
            at=self.now,
            account_id=self.actor.account_id,
            actor=self.actor.login,
            event=event,
            subject=subject,
            facts=facts,
        )


def operator_deed(session: Session, now: datetime) -> Deed:
    """Return a deed of the server's operator: what a command without ``--actor`` does."""
    return Deed(session, OPERATOR, now)
