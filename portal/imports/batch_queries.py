"""Imports themselves: the own ones, those of a kind, and what waits for its second click."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, ImportBatch, ImportedAccount, Organisation, Person, RoleGrant
from models.types import GrantState, ImportKind
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.password_store import NO_PASSWORD
from portal.access.queries import hold_person

BATCH = Loader("batch", ImportBatch, "import.use", {"batch_id": ImportBatch.public_id})

HISTORY_ROWS = 20

WAITS_FOR_SLIP = sa.and_(Account.password_hash == NO_PASSWORD, Account.is_disabled.is_(False))


class BatchRow(NamedTuple):
    """One line of the history of imports."""

    public_id: str
    kind: ImportKind
    file_name: str
    staged_at: datetime
    applied_at: datetime | None
    checked_at: datetime | None
    undone_at: datetime | None
    rows: int
    accepted: int
    refused: int
    unchanged: int


def list_own_batches(session: Session, actor: Actor) -> list[BatchRow]:
    """Return the actor's latest imports, carried out or waiting, newest first."""
    own = sa.select(Account.id).where(Account.person_id == actor.person_id)
    rows = session.execute(
        sa.select(
            ImportBatch.public_id,
            ImportBatch.kind,
            ImportBatch.file_name,
            ImportBatch.staged_at,
            ImportBatch.applied_at,
            ImportBatch.checked_at,
            ImportBatch.undone_at,
            ImportBatch.rows,
            ImportBatch.accepted,
            ImportBatch.refused,
            ImportBatch.unchanged,
        )
        .where(ImportBatch.account_id.in_(own))
        .order_by(ImportBatch.id.desc())
        .limit(HISTORY_ROWS)
    )
    return [BatchRow._make(row) for row in rows]


class DoneRow(NamedTuple):
    """An import that was carried out by the desk of the actor; ``is_own`` says that it can be opened."""

    public_id: str
    file_name: str
    done_by: str
    applied_at: datetime
    undone_at: datetime | None
    undone_by: str | None
    checked_at: datetime | None
    accepted: int
    unchanged: int
    refused: int
    is_own: bool


def list_done(session: Session, actor: Actor, kind: ImportKind) -> list[DoneRow]:
    """Return the latest imports of a kind by whoever holds a role over a scope of the actor's."""
    scopes = {grant.scope_code for grant in actor.grants}
    colleagues = sa.select(RoleGrant.account_id).where(
        RoleGrant.state == GrantState.CONFIRMED, RoleGrant.scope_code.in_(scopes)
    )
    is_own = Account.person_id == actor.person_id
    undoer, undoer_account = aliased(Person), aliased(Account)
    rows: Any = session.execute(
        sa.select(
            ImportBatch.public_id,
            ImportBatch.file_name,
            Person.name,
            ImportBatch.applied_at,
            ImportBatch.undone_at,
            undoer.name,
            ImportBatch.checked_at,
            ImportBatch.accepted,
            ImportBatch.unchanged,
            ImportBatch.refused,
            is_own,
        )
        .join(Account, Account.id == ImportBatch.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(undoer_account, undoer_account.id == ImportBatch.undone_by_account_id)
        .outerjoin(undoer, undoer.id == undoer_account.person_id)
        .where(
            ImportBatch.kind == kind,
            ImportBatch.applied_at.is_not(None),
            sa.or_(is_own, Account.id.in_(colleagues)),
        )
        .order_by(ImportBatch.applied_at.desc(), ImportBatch.id.desc())
        .limit(HISTORY_ROWS)
    )
    return [DoneRow._make(row) for row in rows]


def name_of_undoer(session: Session, batch: ImportBatch) -> str | None:
    """Return who took an import back; None if nobody did, or a former release did not keep it."""
    if batch.undone_by_account_id is None:
        return None
    return session.scalar(
        sa.select(Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == batch.undone_by_account_id)
    )


class WithoutPassword(NamedTuple):
    """An account of a file that waits for its slip."""

    id: int
    login: str
    name: str
    organisation: str | None


class Slip(NamedTuple):
    """What somebody is handed to sign in for the first time."""

    account: WithoutPassword
    password: str


def find_applied(session: Session, kind: ImportKind, digest: bytes) -> ImportBatch:
    """Return the latest import of a file that was carried out."""
    return session.scalars(
        sa.select(ImportBatch)
        .where(
            ImportBatch.kind == kind,
            ImportBatch.file_hash == digest,
            ImportBatch.applied_at.is_not(None),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    ).one()


def list_without_password(
    session: Session, batch_id: int, most: int | None = None
) -> list[WithoutPassword]:
    """Return the first accounts of a file that have no password yet, by name; without ``most`` all."""
    rows = session.execute(
        sa.select(Account.id, Account.login, Person.name, Organisation.name)
        .join(ImportedAccount, ImportedAccount.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(ImportedAccount.import_id == batch_id, WAITS_FOR_SLIP)
        .order_by(Organisation.name_order, Person.name_order, Account.id)
        .limit(most)
    )
    return [WithoutPassword(*row) for row in rows]


def count_without_password(session: Session, batch_id: int) -> int:
    wanted = (
        sa.select(sa.func.count())
        .select_from(ImportedAccount)
        .join(Account, Account.id == ImportedAccount.account_id)
        .where(ImportedAccount.import_id == batch_id, WAITS_FOR_SLIP)
    )
    return session.scalar(wanted) or 0


def find_waiting(
    session: Session, actor: Actor, kind: ImportKind, digest: bytes
) -> ImportBatch | None:
    """Return the actor's upload of the same file for the same kind that waits already, or None."""
    return session.scalars(
        sa.select(ImportBatch)
        .where(
            ImportBatch.account_id == actor.account_id,
            ImportBatch.kind == kind,
            ImportBatch.file_hash == digest,
            ImportBatch.applied_at.is_(None),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    ).one_or_none()


def count_waiting(session: Session, actor: Actor, since: datetime) -> int:
    """Count the files of a person that wait, over all accounts; nobody adds to them meanwhile."""
    hold_person(session, actor.person_id)
    waiting = (
        sa.select(sa.func.count())
        .select_from(ImportBatch)
        .where(
            ImportBatch.account_id.in_(
                sa.select(Account.id).where(Account.person_id == actor.person_id)
            ),
            ImportBatch.applied_at.is_(None),
            ImportBatch.staged_at > since,
        )
    )
    return session.scalar(waiting) or 0


def is_waited_for(session: Session, digest: bytes) -> bool:
    """Does any upload of this content wait for its second click?"""
    waiting = sa.exists().where(ImportBatch.file_hash == digest, ImportBatch.applied_at.is_(None))
    return bool(session.scalar(sa.select(waiting)))
