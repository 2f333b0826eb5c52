"""Accounts and grants: what is written, and the one audit event of each deed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    AuditEvent,
    PasswordHistory,
    Person,
    RoleGrant,
    RoleGrantDecision,
    WebSession,
    Workday,
)
from models.types import ImportKind, Role
from portal.access import actions, session_actions
from portal.access.password_store import Passwords
from portal.access.queries import find_actor
from portal.accounts import actions as accounts
from portal.confirmations.actions import confirm_workdays
from portal.refusals import Refused
from tests.support.imports import import_rows, workday
from tests.support.parallel import at_once
from tests.support.world import World

HASHER = Passwords(8)


@pytest.fixture
def events(world):
    """What was recorded since the test began: (event, subject, facts)."""
    first = world.session.scalar(sa.select(sa.func.max(AuditEvent.id)))

    def since() -> list[tuple[str, str, dict]]:
        rows = world.session.scalars(
            sa.select(AuditEvent).where(AuditEvent.id > first).order_by(AuditEvent.id)
        )
        return [(row.event, row.subject, json.loads(row.facts)) for row in rows]

    return since


def account(world: World, login: str) -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def grant_of(world: World, login: str) -> RoleGrant:
    return world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account(world, login).id)
    ).one()


def opened(world: World, persona: str | None, **changes) -> Account:
    facts = {
        "login": "new.account",
        "password_hash": "x",
        "name": "演示新人",
        "role": Role.COUNTY_CIVIL,
        "scope_code": "640303",
    }
    return accounts.open_account(world.deed(persona), **{**facts, **changes})


def codes(refused) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in refused.value.refusals}


def test_an_account_of_the_operator_holds_at_once(world, events):
    made = opened(world, None)
    assert world.actor("new.account").roles == (Role.COUNTY_CIVIL,)
    assert [event[:2] for event in events()] == [("account.opened", f"account:{made.public_id}")]
    assert events()[0][2]["confirmed"] is True


def test_an_account_of_the_administrator_may_nothing_until_confirmed(world, events):
    made = opened(world, "system_administrator")
    assert world.actor("new.account").roles == ()
    grant = grant_of(world, "new.account")
    accounts.confirm_grant(world.deed("security_administrator"), grant)
    assert world.actor("new.account").roles == (Role.COUNTY_CIVIL,)
    assert [event[0] for event in events()] == ["account.opened", "grant.confirmed"]
    assert grant.confirmed_by_person_id == account(world, "security_administrator").person_id
    assert made.epoch == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"login": "X"}, ("login", "invalid_value")),
        ({"login": "county_officer"}, ("login", "duplicate")),
        ({"scope_code": "999999"}, ("scope_code", "unknown_scope")),
        ({"scope_code": "640000"}, ("scope_code", "wrong_scope")),
    ],
)
def test_refuses_what_the_rules_refuse(world, changes, expected):
    with pytest.raises(Refused) as refused:
        opened(world, None, **changes)
    assert codes(refused) == {expected}


def test_says_every_reason_at_once(world):
    with pytest.raises(Refused) as refused:
        opened(world, None, login="X", scope_code="999999")
    assert codes(refused) == {("login", "invalid_value"), ("scope_code", "unknown_scope")}


def test_a_withdrawn_region_is_no_scope(world):
    withdrawn = world.session.scalar(
        sa.text("SELECT code FROM region WHERE is_withdrawn AND level = 'county' LIMIT 1")
    )
    with pytest.raises(Refused) as refused:
        opened(world, None, scope_code=withdrawn)
    assert codes(refused) == {("scope_code", "unknown_scope")}


def test_a_workers_account_is_that_of_the_registered_person(world):
    code = world.organisation("sending").credit_code
    staff = {"role": Role.SEND_STAFF, "scope_code": code}
    with pytest.raises(Refused) as refused:
        opened(world, "system_administrator", **staff)
    assert codes(refused) == {("name", "not_registered")}
    with pytest.raises(Refused) as refused:
        opened(world, None, **staff, person=world.person("received1"))
    assert codes(refused) == {("name", "other_organisation")}
    made = opened(world, "system_administrator", **staff, person=world.person("sent2"))
    assert made.person_id == world.person("sent2").id


class TestThreeAdministrators:
    def test_nobody_gets_a_second_administrators_role(self, world):
        deed = world.deed("system_administrator")
        with pytest.raises(Refused) as refused:
            accounts.propose_grant(
                deed, account(world, "security_administrator"), Role.AUDIT_ADMIN, "CN"
            )
        assert codes(refused) == {("role", "separation_of_duties")}
        assert "安全管理员" in refused.value.refusals[0].sentence

    def test_not_through_another_account_of_the_same_person(self, world):
        holder = world.session.get_one(Person, account(world, "security_administrator").person_id)
        for role in (Role.SYS_ADMIN, Role.NAT_CIVIL):
            with pytest.raises(Refused) as refused:
                opened(world, None, role=role, scope_code="CN", person=holder)
            assert codes(refused) == {("role", "separation_of_duties")}

    def test_a_proposal_counts_as_held(self, world):
        deed = world.deed("system_administrator")
        made = opened(world, "system_administrator", role=Role.SEC_ADMIN, scope_code="CN")
        with pytest.raises(Refused):
            accounts.propose_grant(deed, made, Role.AUDIT_ADMIN, "CN")

    def test_a_revoked_one_does_not(self, world):
        made = opened(world, None, role=Role.SEC_ADMIN, scope_code="CN")
        accounts.revoke_grant(world.deed("security_administrator"), grant_of(world, "new.account"))
        accounts.propose_grant(world.deed("system_administrator"), made, Role.AUDIT_ADMIN, "CN")


def test_who_proposed_does_not_confirm_not_even_by_another_account(world):
    """Whatever the policy table says, the deed itself asks by person."""
    opened(world, "system_administrator")
    grant = grant_of(world, "new.account")
    second = account(world, "security_administrator")
    second.person_id = account(world, "system_administrator").person_id
    world.session.flush()
    with pytest.raises(Refused) as refused:
        accounts.confirm_grant(world.deed("security_administrator"), grant)
    assert codes(refused) == {("", "own_entry")}


def test_nobody_confirms_the_own_grant(world):
    deed = world.deed("system_administrator")
    own = account(world, "security_administrator")
    grant = RoleGrant(
        account_id=own.id,
        role=Role.SEC_ADMIN,
        scope_kind="nation",
        scope_code="CN2",
        proposed_at=world.clock(),
        person_id=own.person_id,
        proposed_by_person_id=deed.actor.person_id,
    )
    world.session.add(grant)
    world.session.flush()
    with pytest.raises(Refused) as refused:
        accounts.confirm_grant(world.deed("security_administrator"), grant)
    assert codes(refused) == {("", "own_entry")}


def test_a_grant_is_confirmed_or_revoked_once(world):
    opened(world, "system_administrator")
    grant = grant_of(world, "new.account")
    deed = world.deed("security_administrator")
    accounts.confirm_grant(deed, grant)
    with pytest.raises(Refused):
        accounts.confirm_grant(deed, grant)
    accounts.revoke_grant(deed, grant)
    with pytest.raises(Refused):
        accounts.revoke_grant(deed, grant)
    assert world.actor("new.account").roles == ()


def test_a_proposal_is_declined_by_the_second_and_with_a_reason(world, events):
    opened(world, "system_administrator")
    grant = grant_of(world, "new.account")
    for persona, reason, expected in (
        ("system_administrator", "演示", ("", "own_entry")),
        ("security_administrator", " ", ("reason", "missing_value")),
    ):
        with pytest.raises(Refused) as refused:
            accounts.decline_grant(world.deed(persona), grant, reason)
        assert codes(refused) == {expected}
    deed = world.deed("security_administrator")
    accounts.decline_grant(deed, grant, "演示")
    kept = world.session.scalars(
        sa.select(RoleGrantDecision).where(RoleGrantDecision.role_grant_id == grant.id)
    ).all()
    assert [(one.kind, one.person_id, one.reason) for one in kept[1:]] == [
        ("declined", deed.actor.person_id, "演示")
    ]
    assert [event[0] for event in events()] == ["account.opened", "grant.revoked"]
    for again in (accounts.confirm_grant, accounts.withdraw_grant, accounts.revoke_grant):
        with pytest.raises(Refused) as refused:
            again(deed, grant)
        assert codes(refused) == {("", "wrong_state")}
    # What was declined leaves the place free.
    accounts.propose_grant(
        world.deed("system_administrator"),
        account(world, "new.account"),
        Role.COUNTY_CIVIL,
        "640303",
    )


def test_an_account_may_hold_several_grants(world):
    deed = world.deed("system_administrator")
    held = account(world, "county_officer")
    for role, scope in ((Role.COUNTY_CIVIL, "640324"), (Role.PREF_CIVIL, "640300")):
        grant = accounts.propose_grant(deed, held, role, scope)
        accounts.confirm_grant(world.deed("security_administrator"), grant)
    actor = world.actor("county_officer")
    assert [(grant.role, grant.scope_code) for grant in actor.grants] == [
        (Role.COUNTY_CIVIL, "640303"),
        (Role.COUNTY_CIVIL, "640324"),
        (Role.PREF_CIVIL, "640300"),
    ]


def test_the_same_grant_is_not_proposed_twice(world):
    deed = world.deed("system_administrator")
    with pytest.raises(Refused) as refused:
        accounts.propose_grant(deed, account(world, "county_officer"), Role.COUNTY_CIVIL, "640303")
    assert codes(refused) == {("role", "duplicate")}


def test_a_disabled_account_is_nobody(world, events):
    actions.disable_account(
        world.deed("system_administrator"), account(world, "county_officer"), disabled=True
    )
    assert find_actor(world.session, "county_officer") is None
    actions.disable_account(
        world.deed("system_administrator"), account(world, "county_officer"), disabled=False
    )
    assert find_actor(world.session, "county_officer") is not None
    assert [event[0] for event in events()] == ["account.disabled", "account.enabled"]


def test_nobody_disables_or_resets_the_own_account(world):
    deed, own = world.deed("system_administrator"), account(world, "system_administrator")
    for attempt in (
        lambda: actions.disable_account(deed, own, disabled=True),
        lambda: actions.reset_password(deed, own, HASHER),
        lambda: accounts.revoke_grant(deed, grant_of(world, "system_administrator")),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert ("", "own_entry") in codes(refused)


def test_a_reset_password_must_be_changed_and_is_not_in_the_audit(world, events):
    held = account(world, "county_officer")
    password = actions.reset_password(world.deed("security_administrator"), held, HASHER)
    assert HASHER.matches(held.password_hash, password)
    assert held.must_change_password
    assert [event[0] for event in events()] == ["account.password_set"]
    assert password not in str(events())


def test_no_administrator_takes_over_another_one(world):
    for login in ("system_administrator", "audit_administrator"):
        with pytest.raises(Refused) as refused:
            actions.reset_password(
                world.deed("security_administrator"), account(world, login), HASHER
            )
        assert codes(refused) == {("", "separation_of_duties")}
    assert actions.reset_password(world.deed(), account(world, "audit_administrator"), HASHER)


def test_keeps_five_passwords_and_no_more(world):
    held = account(world, "county_officer")
    for number in range(7):
        actions.set_password(
            world.deed(), held, f"{number}-teal-otter-planks", HASHER, by_owner=True
        )
    kept = world.session.scalars(
        sa.select(PasswordHistory.password_hash)
        .where(PasswordHistory.account_id == held.id)
        .order_by(PasswordHistory.id)
    ).all()
    assert len(kept) == 5
    assert HASHER.matches(kept[0], "2-teal-otter-planks")


class TestLinking:
    def staff(self, world) -> Account:
        code = world.organisation("sending").credit_code
        return opened(world, None, role=Role.SEND_STAFF, scope_code=code)

    def test_makes_the_registered_person_the_holder(self, world, events):
        made = self.staff(world)
        accounts.link_person(world.deed("system_administrator"), made, world.person("sent2"))
        assert made.person_id == world.person("sent2").id
        assert [event[0] for event in events()] == ["account.opened", "account.linked"]

    def test_only_once_and_only_inside_the_organisation(self, world):
        made = self.staff(world)
        deed = world.deed("system_administrator")
        with pytest.raises(Refused) as refused:
            accounts.link_person(deed, made, world.person("received1"))
        assert codes(refused) == {("name", "other_organisation")}
        accounts.link_person(deed, made, world.person("sent2"))
        with pytest.raises(Refused) as refused:
            accounts.link_person(deed, made, world.person("sent1"))
        assert ("", "wrong_state") in codes(refused)

    def test_does_not_make_a_second_pair_of_eyes(self, world):
        rows = [workday("received1", 状态="已确认")]
        assert import_rows(
            world, ImportKind.WORKDAYS, rows, persona="receiving_manager"
        ).report.applied
        day = world.session.scalars(sa.select(Workday)).one()
        held, person = account(world, "receiving_manager"), world.person("received2")
        accounts.link_person(world.deed("system_administrator"), held, person)
        assert (held.person_id, day.entered_by_person_id) == (person.id, person.id)
        with pytest.raises(Refused) as refused:
            confirm_workdays(world.deed("receiving_manager"), [day])
        assert codes(refused) == {("", "own_entry")}

    def test_refuses_whoever_was_the_second_person_for_the_holder(self, world):
        rows = [workday("received1", 状态="已确认")]
        import_rows(world, ImportKind.WORKDAYS, rows, persona="receiving_manager")
        code = world.organisation("receiving").credit_code
        person = world.person("received2")
        opened(world, None, role=Role.RECV_MGR, scope_code=code, person=person, login="second.2")
        day = world.session.scalars(sa.select(Workday)).one()
        confirm_workdays(world.deed("second.2"), [day])
        held = account(world, "receiving_manager")
        with pytest.raises(Refused) as refused:
            accounts.link_person(world.deed("system_administrator"), held, person)
        assert codes(refused) == {("", "same_person_twice")}
        assert held.person_id != person.id

    def test_does_not_join_what_must_stay_apart(self, world):
        made = self.staff(world)
        person = world.person("sent2")
        opened(world, None, login="admin.2", role=Role.AUDIT_ADMIN, scope_code="CN", person=person)
        with pytest.raises(Refused) as refused:
            accounts.link_person(world.deed(), made, person)
        assert codes(refused) == {("role", "separation_of_duties")}


def test_ending_sessions_counts_them(world, events):
    for _ in range(3):
        world.token("county_officer")
    held = account(world, "county_officer")
    assert session_actions.end_sessions(world.deed("security_administrator"), held) == 3
    assert session_actions.end_sessions(world.deed("security_administrator"), held) == 0
    assert (
        world.session.scalars(sa.select(WebSession).where(WebSession.ended_at.is_(None))).all()
        == []
    )
    assert [event[0] for event in events()][-2:] == ["session.cut_off"] * 2


def test_two_proposals_that_exclude_each_other_wait_for_each_other(world, world_database):
    """The second sees the first, however close they come: it waits for the person's row."""
    made = opened(world, None, role=Role.EVALUATOR, scope_code="CN")
    accounts.revoke_grant(world.deed(), grant_of(world, "new.account"))
    world.session.commit()

    def propose(session: Session, role: Role) -> None:
        deed = World(session, world.clock).deed("system_administrator")
        accounts.propose_grant(deed, session.get_one(Account, made.id), role, "CN")

    def propose_meanwhile() -> None:
        with world_database.open() as session:
            propose(session, Role.AUDIT_ADMIN)

    with world_database.open() as first, ThreadPoolExecutor(1) as pool:
        propose(first, Role.SYS_ADMIN)
        second = pool.submit(propose_meanwhile)
        assert wait([second], timeout=0.5).done == set()
        first.commit()
        with pytest.raises(Refused) as refused:
            second.result()
    assert codes(refused) == {("role", "separation_of_duties")}


ADMINISTRATORS = {
    "system_administrator": (Role.SYS_ADMIN, "security_administrator"),
    "security_administrator": (Role.SEC_ADMIN, "system_administrator"),
    "audit_administrator": (Role.AUDIT_ADMIN, "system_administrator"),
}


def second(world: World, role: Role) -> Account:
    return opened(world, None, login=f"second.{role.value}", role=role, scope_code="CN")


def switch_off(world: World, login: str, by: str) -> None:
    actions.disable_account(world.deed(by), account(world, login), disabled=True)


def revoke(world: World, login: str, by: str) -> None:
    accounts.revoke_grant(world.deed(by), grant_of(world, login))


@pytest.mark.parametrize("end", [switch_off, revoke])
@pytest.mark.parametrize("login", ADMINISTRATORS)
class TestOneOfEachKindStays:
    def test_the_last_one_stays(self, world, login, end, events):
        with pytest.raises(Refused) as refused:
            end(world, login, ADMINISTRATORS[login][1])
        assert codes(refused) == {("", "last_administrator")}
        assert events() == []

    def test_a_disabled_one_or_a_proposal_is_none(self, world, login, end):
        role, by = ADMINISTRATORS[login]
        second(world, role).is_disabled = True
        opened(world, "system_administrator", login="proposed", role=role, scope_code="CN")
        world.session.flush()
        with pytest.raises(Refused) as refused:
            end(world, login, by)
        assert codes(refused) == {("", "last_administrator")}

    def test_one_of_two_may_go(self, world, login, end):
        role, by = ADMINISTRATORS[login]
        made = second(world, role)
        end(world, login, by)
        with pytest.raises(Refused) as refused:
            end(world, made.login, by)
        assert codes(refused) == {("", "last_administrator")}


def test_of_two_who_end_each_other_one_stays(world, world_database, clock):
    """Two at the same time, by disabling and by revoking: the second sees what the first did."""
    second(world, Role.AUDIT_ADMIN)
    world.session.commit()
    logins = ("audit_administrator", "second.audit_admin")
    attempts = [
        lambda other: switch_off(other, logins[0], "system_administrator"),
        lambda other: revoke(other, logins[1], "security_administrator"),
        lambda other: switch_off(other, logins[1], "system_administrator"),
        lambda other: revoke(other, logins[0], "security_administrator"),
    ]
    answers = at_once(world_database, clock, attempts)
    assert "last_administrator" in answers
    world.session.expire_all()
    assert (
        sum(
            Role.AUDIT_ADMIN in find_actor(world.session, login).roles
            for login in logins
            if find_actor(world.session, login)
        )
        == 1
    )
