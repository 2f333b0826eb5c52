"""Reading grants: those of an account, and those that wait for the security administrator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Organisation,
    Person,
    Region,
    RoleGrant,
)
from models.database import Moment
from models.types import NATION_NAME, GrantState, Role, ScopeKind
from portal.access.actor import Actor
from portal.access.loading import Unseen
from portal.access.policy import MANAGERS
from portal.access.queries import IS_LIVE, IS_OWN, only_administrator_of
from portal.accounts.rules import LIFE, GrantFacts
from portal.doors import Counts, how_many
from portal.procedures.offer_rules import Offer, offers
from portal.procedures.queries import waits_for
from portal.procedures.timeline_queries import Event, Track, timeline

OPERATOR_WORDS = "服务器操作员"


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
class WaitingRow:
    """A grant that waits, with whose account it is; what is chosen carries its version."""

    row: GrantRow
    account_id: str
    login: str
    holder: str
    organisation: str | None

    @property
    def choice(self) -> str:
        return f"{self.row.grant.id}-{self.row.grant.version}"


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


MOST_WAITING = 200
"""Grants that wait, on one page; whoever has more to confirm comes back for the rest."""


def list_waiting(session: Session, actor: Actor) -> list[WaitingRow]:
    """Return the grants that wait for an actor to confirm them, the oldest first."""
    waiting = to_confirm(actor)
    if waiting is None:
        return []
    holder, employer = aliased(Person), aliased(Organisation)
    rows = session.execute(
        _grants()
        .add_columns(Account.public_id, Account.login, holder.name, employer.name)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(holder, holder.id == Account.person_id)
        .outerjoin(employer, employer.id == holder.organisation_id)
        .where(waiting)
        .order_by(RoleGrant.proposed_at, RoleGrant.id)
        .limit(MOST_WAITING)
    )
    return [WaitingRow(_grant(row[:4]), *row[4:]) for row in rows]


def chosen_grants(session: Session, actor: Actor, ids: Sequence[int]) -> list[RoleGrant]:
    """Return those of the grants that wait for an actor, in the order of proposal."""
    waiting = to_confirm(actor)
    if waiting is None:
        return []
    wanted = sa.select(RoleGrant).where(RoleGrant.id.in_(ids), waiting).order_by(RoleGrant.id)
    return list(session.scalars(wanted))


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


def counts_to_confirm(actor: Actor, _moment: Moment) -> Counts | None:
    """Count the grants that wait for an actor to confirm them."""
    waiting = to_confirm(actor)
    return None if waiting is None else [how_many(sa.select(RoleGrant.id).where(waiting))]


def to_confirm(actor: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition of the grants that wait for an actor; None without the permission."""
    return waits_for(LIFE, "confirmed", RoleGrant, actor)


def get_grant(session: Session, account: Account, grant_id: int) -> RoleGrant:
    """Return a grant of this account; raise :class:`Unseen` for any other."""
    found = session.scalars(
        sa.select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.account_id == account.id)
    ).one_or_none()
    if found is None:
        raise Unseen("grant")
    return found


def live_grants(session: Session, account_ids: Sequence[int]) -> dict[int, list[GrantRow]]:
    rows = session.execute(
        _grants().where(RoleGrant.account_id.in_(account_ids), IS_LIVE).order_by(RoleGrant.id)
    )
    grants: dict[int, list[GrantRow]] = defaultdict(list)
    for row in rows:
        grants[row[0].account_id].append(_grant(row))
    return grants


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


def is_only_manager(session: Session, actor: Actor) -> bool:
    """Is there an organisation of the actor's that nobody else manages, in an own role?

    A deputy is nobody else: what the principal wrote, the deputy may not confirm either.
    """
    own = {grant.organisation_id for _, grant in actor.reaches("workday.confirm")}
    others = session.scalars(
        sa.select(RoleGrant.organisation_id)
        .distinct()
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.organisation_id.in_(own),
            RoleGrant.role.in_(MANAGERS),
            RoleGrant.state == GrantState.CONFIRMED,
            IS_OWN,
            RoleGrant.person_id != actor.person_id,
            Account.is_disabled.is_(False),
        )
    )
    return bool(own - set(others))
