"""A deed: one change by one actor at one instant in one transaction.

Actions take it as their first argument; they write through it and never commit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.access.actor import OPERATOR, Actor, Principal
from portal.audit import trail
from portal.clock import date_of
from portal.personal_data.file_store import FileStore
from portal.personal_data.vault import VAULT, Vault, derive

VAR = "var"
"""Under this name it carries the folder of what is kept beside the database, where that is known."""

FILES = "files"
"""Under this name it carries the folder of the files that its rows name."""


def session_info(master_key: bytes, var: Path | None = None) -> dict[str, Any]:
    """Return what the sessions of a database carry: the keys, and what is kept below ``var``.

    Whoever judges a workbook apart has no business with the files.
    """
    vault = Vault(master_key)
    kept = {VAR: var, FILES: FileStore(var / "files", vault)} if var else {}
    return {VAULT: vault, trail.AUDIT_KEY: derive(master_key, "audit"), **kept}


def files_of(session: Session) -> FileStore:
    """Return the folder of the files that a session's rows name."""
    store: FileStore = session.info[FILES]
    return store


@dataclass(frozen=True, slots=True)
class Deed:
    """``deputy_for`` is in whose place the actor does it, where that is not the own role.

    ``stood_in_for`` are those in whose places something was done by it, as it was written: who has an
    own role beside a lent one acts in one or the other, by whose scope the subject is in.
    """

    session: Session
    actor: Actor
    now: datetime
    deputy_for: Principal | None = None
    stood_in_for: dict[int, Principal] = field(default_factory=dict, compare=False)

    @property
    def today(self) -> date:
        """The business day, in Asia/Shanghai."""
        return date_of(self.now)

    @property
    def vault(self) -> Vault:
        vault: Vault = self.session.info[VAULT]
        return vault

    @property
    def files(self) -> FileStore:
        return files_of(self.session)

    def record(self, event: str, subject: str, **facts: Any) -> None:
        """Add the audit row of this deed. ``subject`` is ``kind:id``."""
        principals = dict(self.stood_in_for)
        if self.deputy_for and not principals:
            principals[self.deputy_for.person_id] = self.deputy_for
        if principals:
            facts["deputy_for"] = "、".join(one.public_id for one in principals.values())
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
