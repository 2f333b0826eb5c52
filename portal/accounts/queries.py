"""Reading accounts for the two administrators who look after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Organisation,
    Person,
    Region,
    RoleGrant,
    WebSession,
)
from models.types import NATION_NAME, GrantState, Role, ScopeKind
from portal.access.actor import Actor
from portal.access.loading import Loader, Unseen
from portal.access.queries import IDLE, IS_LIVE, LONGEST, only_administrator_of
from portal.accounts.rules import LIFE, GrantFacts
from portal.matching import contains, has_every_word, is_name, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.procedures.queries import waits_for
from portal.procedures.rules import Offer, offers
from portal.procedures.timeline_queries import Event, Track, timeline

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
    """A grant as it stands, and what can be done with it."""

    grant: RoleGrant
    scope_name: str
    proposed_by: str
    offers: tuple[Offer, ...] = ()

    @property
    def role(self) -> Role:
        return self.grant.role

    @property
    def is_waiting(self) -> bool:
        return self.grant.state == GrantState.PROPOSED

    @property
    def holds(self) -> bool:
        return self.grant.state == GrantState.CONFIRMED

    @property
    def label(self) -> str:
        label = label_of(self.grant.role, self.scope_name)
        if self.grant.deputy_of_grant_id is None:
            return label
        return f"{label}（代{self.proposed_by}，{self.grant.starts_on}至{self.grant.ends_on}）"


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
    grants = _live_grants(session, [row.id for row in found.rows])
    rows = [_with_grants(row, grants[row.id]) for row in found.rows]
    return replace(found, rows=rows)


def count_waiting(session: Session, actor: Actor) -> int:
    """Count the grants that wait for an actor to confirm them."""
    waiting = to_confirm(actor)
    if waiting is None:
        return 0
    return session.scalar(sa.select(sa.func.count()).select_from(RoleGrant).where(waiting)) or 0


def to_confirm(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of the grants that wait for an actor; None without the permission."""
    return waits_for(LIFE, "confirmed", RoleGrant, actor)


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


def list_grants(session: Session, actor: Actor, account_id: int) -> list[GrantRow]:
    """Return every grant that an account ever had, latest first, with what an actor may do."""
    only = frozenset(only_administrator_of(session, account_id, locks=False))
    held = frozenset(name for name in LIFE.permissions if actor.holds(name))
    found = session.execute(
        _grants().where(RoleGrant.account_id == account_id).order_by(RoleGrant.id.desc())
    )
    rows = [_grant(row) for row in found]
    return [
        replace(
            row,
            offers=tuple(
                offers(
                    LIFE,
                    facts_of(row.grant, only, row.label),
                    person_id=actor.person_id,
                    permissions=held,
                )
            ),
        )
        for row in rows
    ]


def list_events(session: Session, rows: Sequence[GrantRow]) -> list[Event]:
    """Return what was decided on the grants of an account, latest first."""
    labels = {row.grant.id: row.label for row in rows}
    which = RoleGrant.id.in_(labels)
    return timeline(session, Track(LIFE, RoleGrant, which, RoleGrant.id, labels.__getitem__))


def facts_of(
    grant: RoleGrant, only_of: frozenset[Role] = frozenset(), label: str = ""
) -> GrantFacts:
    """Return what the steps of a grant ask; ``only_of`` where it may be revoked."""
    return GrantFacts(
        label=label or grant.role.label,
        state=grant.state,
        role=grant.role,
        person_id=grant.person_id,
        proposed_by_person_id=grant.proposed_by_person_id,
        only_of=only_of,
        is_lent=grant.deputy_of_grant_id is not None,
    )


def label_of(role: Role, scope_name: str) -> str:
    return f"{role.label} · {scope_name}"


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
    elif filters.state == LOCKED:
        conditions.append(Account.locked_until > now)
    elif filters.state == DISABLED:
        conditions.append(Account.is_disabled.is_(True))
    return conditions


def _grants() -> Any:
    proposer = aliased(Person)
    wanted: Any = (
        sa.select(RoleGrant, Region.name, Organisation.name, proposer.name)
        .outerjoin(Region, Region.code == RoleGrant.scope_code)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(proposer, proposer.id == RoleGrant.proposed_by_person_id)
    )
    return wanted


def _grant(row: Any) -> GrantRow:
    grant, region, organisation, proposer = row
    is_nation = grant.scope_kind == ScopeKind.NATION
    return GrantRow(
        grant=grant,
        scope_name=NATION_NAME if is_nation else organisation or region or grant.scope_code,
        proposed_by=proposer or OPERATOR_WORDS,
    )


def _live_grants(session: Session, account_ids: Sequence[int]) -> dict[int, list[GrantRow]]:
    rows = session.execute(
        _grants().where(RoleGrant.account_id.in_(account_ids), IS_LIVE).order_by(RoleGrant.id)
    )
    grants: dict[int, list[GrantRow]] = defaultdict(list)
    for row in rows:
        grants[row[0].account_id].append(_grant(row))
    return grants


def _with_grants(row: AccountRow, grants: Sequence[GrantRow]) -> AccountRow:
    return replace(row, grants=tuple(grants))
