"""Reading accounts for the two administrators who look after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Organisation,
    PasswordRequest,
    Person,
    RoleGrant,
    WebSession,
)
from models.types import GrantState, Role
from portal.access.loading import Loader
from portal.access.queries import IDLE, IS_LIVE, LONGEST
from portal.accounts.grant_queries import GrantRow, live_grants
from portal.matching import contains, has_every_word, is_name, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice

ACCOUNT = Loader("account", Account, "account.read", {"account_id": Account.public_id})

WAITING, ASKED, LOCKED, DISABLED = "waiting", "asked", "locked", "disabled"
STATES = (
    (WAITING, "有待确认的授权"),
    (ASKED, "请求重置密码"),
    (LOCKED, "已锁定"),
    (DISABLED, "已停用"),
)

RECENT_SESSIONS = 20


class Filters(NamedTuple):
    """What a list of accounts is asked for; empty means everything."""

    text: str = ""
    role: Role | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list."""

    id: int
    public_id: str
    login: str
    name: str
    organisation: str | None
    is_disabled: bool
    locked_until: datetime | None
    must_change_password: bool
    last_signed_in_at: datetime | None
    grants: tuple[GrantRow, ...] = ()

    def state(self, now: datetime) -> tuple[str, str]:
        """Words and tone of how the account stands at an instant."""
        if self.is_disabled:
            return "已停用", "bad"
        if self.locked_until is not None and self.locked_until > now:
            return "已锁定", "bad"
        if not any(grant.holds for grant in self.grants):
            return "无有效授权", "waiting"
        if self.must_change_password:
            return "待改初始密码", "waiting"
        return "正常", "good"


class SessionRow(NamedTuple):
    """A sign-in; ``is_open`` says that it may still be in use."""

    id: int
    signed_in_at: datetime
    last_seen_at: datetime
    address: str
    ended_at: datetime | None
    is_open: bool


class OtherAccount(NamedTuple):
    """Another account of the same person."""

    public_id: str
    login: str


def list_accounts(
    session: Session,
    filters: Filters,
    now: datetime,
    *,
    cursor: str | None,
    size: int = PAGE_SIZE,
) -> Slice[AccountRow]:
    """Return one page of accounts by login (three queries)."""
    wanted: Any = (
        sa.select(
            Account.id,
            Account.public_id,
            Account.login,
            Person.name,
            Organisation.name,
            Account.is_disabled,
            Account.locked_until,
            Account.must_change_password,
            Account.last_signed_in_at,
        )
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(*_conditions(filters, now))
    )
    found = read_slice(
        session,
        wanted,
        [Order(Account.login)],
        cursor=cursor,
        make=lambda row: AccountRow(*row),
        size=size,
    )
    grants = live_grants(session, [row.id for row in found.rows])
    rows = [_with_grants(row, grants[row.id]) for row in found.rows]
    return replace(found, rows=rows)


def view_account(session: Session, account: Account) -> AccountRow:
    """Return an account with its live grants."""
    person, organisation = session.execute(
        sa.select(Person.name, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == account.person_id)
    ).one()
    row = AccountRow(
        account.id,
        account.public_id,
        account.login,
        person,
        organisation,
        account.is_disabled,
        account.locked_until,
        account.must_change_password,
        account.last_signed_in_at,
    )
    return _with_grants(row, live_grants(session, [account.id])[account.id])


def list_sessions(session: Session, account: Account, now: datetime) -> list[SessionRow]:
    """Return the latest sign-ins of an account, latest first."""
    rows = session.scalars(
        sa.select(WebSession)
        .where(WebSession.account_id == account.id)
        .order_by(WebSession.id.desc())
        .limit(RECENT_SESSIONS)
    )
    return [
        SessionRow(
            row.id,
            row.signed_in_at,
            row.last_seen_at,
            row.address,
            row.ended_at,
            row.ended_at is None
            and row.epoch == account.epoch
            and now - row.signed_in_at <= LONGEST
            and now - row.last_seen_at <= IDLE,
        )
        for row in rows
    ]


def asked_for_password_at(session: Session, account_id: int) -> datetime | None:
    """Return since when a request for a new password of an account waits, or None."""
    return session.scalar(
        sa.select(PasswordRequest.asked_at).where(
            PasswordRequest.account_id == account_id, PasswordRequest.settled_at.is_(None)
        )
    )


def list_other_accounts(session: Session, account: Account) -> list[OtherAccount]:
    """Return the other accounts of the person, by login."""
    rows = session.execute(
        sa.select(Account.public_id, Account.login)
        .where(Account.person_id == account.person_id, Account.id != account.id)
        .order_by(Account.login)
    )
    return [OtherAccount(*row) for row in rows]


def list_registered_of_name(session: Session, account: Account, name: str) -> list[Person]:
    """Return the registered people of that name in the organisations of an account's roles."""
    organisations = sa.select(RoleGrant.organisation_id).where(
        RoleGrant.account_id == account.id, IS_LIVE
    )
    return list(
        session.scalars(
            sa.select(Person)
            .where(is_name(Person, name), Person.organisation_id.in_(organisations))
            .order_by(Person.id)
        )
    )


def _conditions(filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions = has_every_word(
        filters.text,
        lambda word: [contains(Account.login, word), is_part_of_name(Person, word)],
    )
    if filters.role:
        conditions.append(
            Account.id.in_(
                sa.select(RoleGrant.account_id).where(RoleGrant.role == filters.role, IS_LIVE)
            )
        )
    if filters.state == WAITING:
        conditions.append(
            Account.id.in_(
                sa.select(RoleGrant.account_id).where(RoleGrant.state == GrantState.PROPOSED)
            )
        )
    elif filters.state == ASKED:
        conditions.append(
            Account.id.in_(
                sa.select(PasswordRequest.account_id).where(PasswordRequest.settled_at.is_(None))
            )
        )
    elif filters.state == LOCKED:
        conditions.append(Account.locked_until > now)
    elif filters.state == DISABLED:
        conditions.append(Account.is_disabled.is_(True))
    return conditions


def _with_grants(row: AccountRow, grants: Sequence[GrantRow]) -> AccountRow:
    return replace(row, grants=tuple(grants))
