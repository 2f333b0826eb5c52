"""Reading accounts for the two administrators who look after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, Organisation, Person, Region, RoleGrant, WebSession
from models.types import NATION_NAME, Role, ScopeKind
from portal.access.actor import Actor
from portal.access.loading import Loader, Unseen
from portal.access.queries import IDLE, LONGEST
from portal.matching import contains, has_every_word, is_name, is_part_of_name
from portal.paging import Order, Slice, read_slice

ACCOUNT = Loader("account", Account, "account.read", {"account_id": Account.public_id})

WAITING, LOCKED, DISABLED = "waiting", "locked", "disabled"
STATES = ((WAITING, "有待确认的授权"), (LOCKED, "已锁定"), (DISABLED, "已停用"))

RECENT_SESSIONS = 20
OPERATOR_WORDS = "服务器操作员"


class Filters(NamedTuple):
    """What a list of accounts is asked for; empty means everything."""

    text: str = ""
    role: Role | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant with its whole course; ``state`` is what holds of it now."""

    id: int
    role: Role
    scope_name: str
    proposed_at: datetime
    proposed_by: str
    confirmed_at: datetime | None
    confirmed_by: str
    revoked_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.confirmed_at is None and self.revoked_at is None

    @property
    def state(self) -> tuple[str, str]:
        """Words and tone."""
        if self.revoked_at is not None:
            return ("已撤销" if self.confirmed_at else "未获确认", "neutral")
        return ("待确认", "waiting") if self.is_waiting else ("有效", "good")


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
        if not any(grant.confirmed_at for grant in self.grants):
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
    session: Session, filters: Filters, now: datetime, *, cursor: str | None
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
        session, wanted, [Order(Account.login)], cursor=cursor, make=lambda row: AccountRow(*row)
    )
    grants = _live_grants(session, [row.id for row in found.rows])
    rows = [_with_grants(row, grants[row.id]) for row in found.rows]
    return Slice(rows, found.count, found.before, found.after)


def count_waiting(session: Session, actor: Actor) -> int:
    """Count the grants that wait for the security administrator."""
    if not actor.holds("account.secure"):
        return 0
    return (
        session.scalar(sa.select(sa.func.count()).select_from(RoleGrant).where(*_is_waiting())) or 0
    )


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
    return _with_grants(row, _live_grants(session, [account.id])[account.id])


def list_grants(session: Session, account_id: int) -> list[GrantRow]:
    """Return every grant that an account ever had, latest first."""
    rows = session.execute(
        _grants().where(RoleGrant.account_id == account_id).order_by(RoleGrant.id.desc())
    )
    return [_grant(row) for row in rows]


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


def list_other_accounts(session: Session, account: Account) -> list[OtherAccount]:
    """Return the other accounts of the person, by login."""
    rows = session.execute(
        sa.select(Account.public_id, Account.login)
        .where(Account.person_id == account.person_id, Account.id != account.id)
        .order_by(Account.login)
    )
    return [OtherAccount(*row) for row in rows]


def get_grant(session: Session, account: Account, grant_id: int) -> RoleGrant:
    """Return a grant of this account; raise :class:`Unseen` for any other."""
    found = session.scalars(
        sa.select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.account_id == account.id)
    ).one_or_none()
    if found is None:
        raise Unseen("grant")
    return found


def list_registered_of_name(session: Session, account: Account, name: str) -> list[Person]:
    """Return the registered people of that name in the organisations of an account's roles."""
    organisations = sa.select(RoleGrant.organisation_id).where(
        RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None)
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
                sa.select(RoleGrant.account_id).where(
                    RoleGrant.role == filters.role, RoleGrant.revoked_at.is_(None)
                )
            )
        )
    if filters.state == WAITING:
        conditions.append(Account.id.in_(sa.select(RoleGrant.account_id).where(*_is_waiting())))
    elif filters.state == LOCKED:
        conditions.append(Account.locked_until > now)
    elif filters.state == DISABLED:
        conditions.append(Account.is_disabled.is_(True))
    return conditions


def _is_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    return (RoleGrant.confirmed_at.is_(None), RoleGrant.revoked_at.is_(None))


def _grants() -> Any:
    proposer, confirmer = aliased(Account), aliased(Account)
    wanted: Any = (
        sa.select(RoleGrant, Region.name, Organisation.name, proposer.login, confirmer.login)
        .outerjoin(Region, Region.code == RoleGrant.scope_code)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(proposer, proposer.id == RoleGrant.proposed_by_account_id)
        .outerjoin(confirmer, confirmer.id == RoleGrant.confirmed_by_account_id)
    )
    return wanted


def _grant(row: Any) -> GrantRow:
    grant, region, organisation, proposer, confirmer = row
    is_nation = grant.scope_kind == ScopeKind.NATION
    return GrantRow(
        id=grant.id,
        role=grant.role,
        scope_name=NATION_NAME if is_nation else organisation or region or grant.scope_code,
        proposed_at=grant.proposed_at,
        proposed_by=proposer or OPERATOR_WORDS,
        confirmed_at=grant.confirmed_at,
        confirmed_by=confirmer or OPERATOR_WORDS,
        revoked_at=grant.revoked_at,
    )


def _live_grants(session: Session, account_ids: Sequence[int]) -> dict[int, list[GrantRow]]:
    rows = session.execute(
        _grants()
        .where(RoleGrant.account_id.in_(account_ids), RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
    )
    grants: dict[int, list[GrantRow]] = defaultdict(list)
    for row in rows:
        grants[row[0].account_id].append(_grant(row))
    return grants


def _with_grants(row: AccountRow, grants: Sequence[GrantRow]) -> AccountRow:
    return replace(row, grants=tuple(grants))
