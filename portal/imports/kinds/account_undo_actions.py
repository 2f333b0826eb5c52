"""Taking back the accounts that a file opened, while nobody has a password of them or has decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, ImportBatch, ImportedAccount, Person, RoleGrant, RoleGrantDecision
from models.types import GrantState
from portal.access.password_store import NO_PASSWORD
from portal.accounts.actions import take_back_accounts
from portal.deeds import Deed
from portal.imports.undo_rules import SHOWN, UndoEffect, UndoObstacle, UndoOutcome


def effect_on_accounts(deed: Deed, batch: ImportBatch, *, holds: bool) -> UndoEffect:
    """Return what taking back a file of accounts would do."""
    session = deed.session
    accounts = list_opened(session, batch, holds=holds)
    if holds:
        session.execute(
            sa.select(RoleGrant.id)
            .where(RoleGrant.account_id.in_(_ids(batch)))
            .order_by(RoleGrant.id)
            .with_for_update()
        ).all()
    names: dict[int, str] = dict(
        session.execute(
            sa.select(Account.id, Person.name)
            .join(Person, Person.id == Account.person_id)
            .where(Account.id.in_(_ids(batch)))
        ).all()
    )
    labels = {one.id: f"{names[one.id]}（{one.login}）" for one in accounts}
    obstacles = list(_obstacles(session, batch, accounts, labels))
    return UndoEffect(
        removed=len(accounts),
        outcomes=tuple(
            UndoOutcome(label, is_removed=True) for label in list(labels.values())[:SHOWN]
        ),
        blocked=len(obstacles),
        obstacles=tuple(obstacles[:SHOWN]),
    )


def take_back_opened(deed: Deed, batch: ImportBatch) -> int:
    """Withdraw the grants of the accounts and switch them off; their logins are free again."""
    accounts = list_opened(deed.session, batch, holds=False)
    take_back_accounts(deed, accounts)
    return len(accounts)


def list_opened(session: Session, batch: ImportBatch, *, holds: bool) -> Sequence[Account]:
    wanted = sa.select(Account).where(Account.id.in_(_ids(batch))).order_by(Account.id)
    if holds:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).all()


def _ids(batch: ImportBatch) -> sa.Select[int]:
    return sa.select(ImportedAccount.account_id).where(ImportedAccount.import_id == batch.id)


def _obstacles(
    session: Session, batch: ImportBatch, accounts: Sequence[Account], labels: dict[int, str]
) -> Iterator[UndoObstacle]:
    """Yield the accounts that are in use, each once; one grant, which waits, is none."""
    decided = {}
    for row in session.execute(
        sa.select(RoleGrant.account_id, RoleGrant.state, Person.name, RoleGrantDecision.at)
        .join(RoleGrantDecision, RoleGrantDecision.role_grant_id == RoleGrant.id)
        .outerjoin(Person, Person.id == RoleGrantDecision.person_id)
        .where(
            RoleGrant.account_id.in_(_ids(batch)),
            sa.or_(RoleGrantDecision.at > batch.applied_at, RoleGrant.state != GrantState.PROPOSED),
        )
        .order_by(RoleGrantDecision.id)
    ):
        decided[row.account_id] = row
    for account in accounts:
        label = labels[account.id]
        if account.id in decided:
            _, state, name, at = decided[account.id]
            yield UndoObstacle(label, f"授权{state.label}", name or "服务器操作员", at)
        elif account.password_hash != NO_PASSWORD:
            yield UndoObstacle(label, "已生成密码条")
        elif account.is_disabled:
            yield UndoObstacle(label, "已停用")
