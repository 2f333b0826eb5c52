"""Lending a role for some dates, and ending that (docs/decisions/0042)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from models import Account, RoleGrant
from models.types import GrantState
from portal.access.queries import hold_person
from portal.accounts.deputy_queries import deputy_facts, lapsed, lent_facts
from portal.accounts.deputy_rules import refusals_for_deputy
from portal.accounts.grant_queries import facts_of
from portal.accounts.rules import LIFE
from portal.deeds import Deed
from portal.outbox.actions import tell_of_deputy
from portal.procedures.actions import follow, note, take
from portal.refusals import Refusal, refuse_if


def lend_role(
    deed: Deed, grant: RoleGrant, account: Account | None, starts_on: date, ends_on: date
) -> RoleGrant:
    """Let another account hold an own role for some dates; raise :class:`Refused` if the rules say no.

    It holds without an administrator: nothing is given that two of them have not confirmed.
    """
    if account is None:
        refuse_if([Refusal("deputy", "missing_value", "请选择代理人。")])
        raise AssertionError
    session = deed.session
    # Two deputies of one role come one after the other; the database would refuse the second.
    hold_person(session, grant.person_id)
    # Whoever revokes it, or disables its account, in this moment comes before or after, and either
    # way nothing stays lent of it.
    session.refresh(grant, with_for_update={"read": True})
    owner = session.get_one(
        Account, grant.account_id, with_for_update={"read": True}, populate_existing=True
    )
    end_lapsed(deed)
    refuse_if(
        refusals_for_deputy(
            lent_facts(session, grant, is_enabled=not owner.is_disabled),
            deputy_facts(session, account, grant),
            person_id=deed.actor.person_id,
            starts_on=starts_on,
            ends_on=ends_on,
            today=deed.today,
        )
    )
    lent = RoleGrant(
        account_id=account.id,
        person_id=account.person_id,
        role=grant.role,
        scope_kind=grant.scope_kind,
        scope_code=grant.scope_code,
        organisation_id=grant.organisation_id,
        proposed_at=deed.now,
        proposed_by_person_id=deed.actor.person_id,
        deputy_of_grant_id=grant.id,
        starts_on=starts_on,
        ends_on=ends_on,
        state=GrantState.CONFIRMED,
    )
    session.add(lent)
    note(deed, [lent], "lent")
    tell_of_deputy(deed, lent.id, [lent.person_id])
    deed.record(
        "deputy.named",
        f"account:{account.public_id}",
        grant=lent.id,
        role=grant.role.value,
        scope=grant.scope_code,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return lent


def end_lent_role(deed: Deed, lent: RoleGrant) -> None:
    """End it before its time: its holder takes it back, or the deputy gives it back."""
    take(deed, LIFE, lent, "returned", facts=facts_of(lent))
    _record_end(deed, lent)


def end_lapsed(deed: Deed) -> int:
    """Note the end of what is over or void; nobody holds it any more, whether noted or not."""
    found = deed.session.scalars(lapsed(deed.today)).all()
    for one in found:
        is_over = one.ends_on is not None and one.ends_on < deed.today
        follow(deed, LIFE, [one], "lapsed", reason="到期" if is_over else "被代理人不再持有该角色")
        _record_end(deed, one)
    return len(found)


def end_lapsed_by_night(deed: Deed, _var: Path) -> None:
    end_lapsed(deed)


def _record_end(deed: Deed, lent: RoleGrant) -> None:
    tell_of_deputy(deed, lent.id, [lent.person_id, lent.proposed_by_person_id])
    public_id = deed.session.scalars(
        sa.select(Account.public_id).where(Account.id == lent.account_id)
    ).one()
    deed.record("deputy.ended", f"account:{public_id}", grant=lent.id)
