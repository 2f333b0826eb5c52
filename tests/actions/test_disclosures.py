"""Values in clear: so many an hour for a person, whichever accounts, whichever values."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent
from models.types import Role
from portal.accounts.actions import open_account
from portal.home.inbox_queries import inbox
from portal.organisations import actions as organisations
from portal.people import actions as people
from portal.personal_data.rules import ALARMING_REVEALS, MOST_REVEALS
from portal.personal_data.vault import Place
from portal.refusals import Refused
from portal.rooms import HOUSE
from tests.support.parallel import at_once
from tests.support.world import World


def reveal(world: World, login: str = "sending_manager") -> str:
    return people.reveal(world.deed(login), world.person("sent1"), "id_number", "演示核对")


def reveal_phone(world: World, login: str = "sending_manager") -> str:
    organisation = world.organisation("sending")
    return organisations.reveal(world.deed(login), organisation, "contact_phone", "演示核对")


@pytest.fixture
def other_login(world) -> str:
    """A second account of the person who manages the sending organisation."""
    manager = world.session.scalars(
        sa.select(Account).where(Account.login == "sending_manager")
    ).one()
    manager_person = world.session.get_one(type(world.person("sent1")), manager.person_id)
    open_account(
        world.deed(),
        login="second.manager",
        password_hash="x",
        name=manager_person.name,
        role=Role.SEND_MGR,
        scope_code=world.organisation("sending").credit_code,
        person=manager_person if manager_person.organisation_id else None,
    ).person_id = manager.person_id
    world.session.flush()
    return "second.manager"


def alarms(world: World) -> list[str]:
    tasks = inbox(world.session, world.actor("audit_administrator"), world.clock(), HOUSE.agenda)
    return [task.note for task in tasks if task.label == "查看原文接近上限"]


def test_a_person_is_shown_so_many_an_hour_over_all_accounts_and_values(world, clock, other_login):
    for number in range(MOST_REVEALS):
        (reveal if number % 2 else reveal_phone)(
            world, ("sending_manager", other_login)[number % 3 == 0]
        )
        clock.pass_time(minutes=1)
    for login in ("sending_manager", other_login):
        for one in (reveal, reveal_phone):
            with pytest.raises(Refused) as refused:
                one(world, login)
            assert [found.code for found in refused.value.refusals] == ["too_many_reveals"]
    clock.pass_time(minutes=60 - MOST_REVEALS)
    assert reveal(world)
    with pytest.raises(Refused):
        reveal(world)
    # The control: somebody else is not held up.
    assert reveal(world, "sending_province_officer")


def test_the_audit_administrator_hears_of_it_before_the_limit(world, clock):
    for _ in range(ALARMING_REVEALS - 1):
        reveal(world)
    assert alarms(world) == []
    reveal(world)
    assert len(alarms(world)) == 1
    assert "sending_manager 一小时内查看" in alarms(world)[0]
    clock.pass_time(hours=7 * 24 + 1)
    assert alarms(world) == []


def test_reveals_at_the_same_time_do_not_pass_the_limit(world, world_database, clock):
    for _ in range(MOST_REVEALS - 2):
        reveal(world)
    world.session.commit()
    answers = at_once(world_database, clock, [reveal, reveal_phone] * 3)
    assert answers == ["done"] * 2 + ["too_many_reveals"] * 4


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\x01", b"\x02" + bytes(60), b"\x01" + bytes(60), b"\x01" + bytes(20)],
    ids=["empty", "no nonce", "another key", "wrong bytes", "short"],
)
def test_a_value_that_does_not_open_is_refused_and_remembered_for_an_alarm(world, damaged):
    person = world.person("sent1")
    person.id_number_sealed = damaged
    world.session.flush()
    events = world.count(AuditEvent)
    with pytest.raises(Refused) as refused:
        reveal(world)
    assert [found.code for found in refused.value.refusals] == ["unreadable"]
    assert "证件号码无法解封" in refused.value.refusals[0].sentence
    assert world.count(AuditEvent) == events
    place = Place("person", "id_number", person.public_id)
    assert place in world.deed().vault.take_unreadable()
