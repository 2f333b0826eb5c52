"""Requests at the same time: one partner a side and year, one assignment a person and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from models import Assignment, Organisation, Pairing, PairingDecision, PairingYear
from models.database import Database
from models.types import Line, Side
from portal.changes.actions import decline_pairing
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing
from portal.pairings.decision_actions import confirm_pairing
from portal.pairings.life_rules import CONFIRMED
from portal.staffing.actions import approve_assignment, nominate
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.unconfirmed import unconfirm
from tests.support.world import World, organisation_facts


def named(world: World, name: str) -> Organisation:
    return world.session.scalars(sa.select(Organisation).where(Organisation.name == name)).one()


def test_of_many_who_want_the_same_partner_one_gets_it(world_database: Database, clock: Clock):
    serials = range(71, 76)
    with world_database.writing() as session:
        deed = World(session, clock).deed()
        register_organisation(deed, organisation_facts("52", "350102", 70, "福州市演示众望机构"))
        for serial in serials:
            register_organisation(
                deed, organisation_facts("52", "640302", serial, f"利通区演示机构{serial}")
            )

    def attempt(serial: int) -> Callable[[World], object]:
        return lambda world: create_pairing(
            world.deed("province_officer"),
            code=None,
            sending=named(world, "福州市演示众望机构"),
            receiving=named(world, f"利通区演示机构{serial}"),
            county_code="640302",
            line=Line.CONTINUATION,
            starts_on=date(2022, 6, 1),
            ends_on=date(2022, 12, 31),
        )

    answers = at_once(world_database, clock, [attempt(serial) for serial in serials])
    assert answers == ["done", *["not_one_to_one"] * 4]
    with world_database.reading() as session:
        made = sa.select(sa.func.count()).where(Pairing.code.startswith("2022-640302"))
        assert session.scalar(made) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(PairingYear)) == 13


def test_of_overlapping_nominations_of_a_person_one_stands(world_database: Database, clock: Clock):
    def attempt(month: int) -> Callable[[World], object]:
        return lambda world: nominate(
            world.deed("sending_manager"),
            pairing=world.pairing("P1"),
            person=world.person("unqualified"),
            side=Side.SENT,
            starts_on=date(2022, month, 1),
            ends_on=None,
        )

    answers = at_once(world_database, clock, [attempt(month) for month in (3, 4, 5, 6)])
    assert answers == ["done", "overlap", "overlap", "overlap"]


def test_of_two_who_approve_one_is_told_that_it_is_done(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        world = World(session, clock)
        assignment_id = nominate(
            world.deed("sending_manager"),
            pairing=world.pairing("P1"),
            person=world.person("unqualified"),
            side=Side.SENT,
            starts_on=date(2022, 3, 1),
            ends_on=None,
        ).id

    def approve(world: World) -> None:
        assignment = world.session.get_one(Assignment, assignment_id)
        approve_assignment(world.deed("sending_province_officer"), assignment)

    answers = at_once(world_database, clock, [approve] * 3)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "wrong_state", "changed_meanwhile"}


def test_of_several_who_confirm_and_decline_one_decides(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        unconfirm(World(session, clock))

    def confirm(world: World) -> None:
        confirm_pairing(world.deed("province_officer"), world.pairing())

    def decline(world: World) -> None:
        decline_pairing(world.deed("sending_province_officer"), world.pairing(), "录入有误")

    answers = at_once(world_database, clock, [confirm, decline, confirm, decline])
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "wrong_state", "changed_meanwhile"}
    with world_database.reading() as session:
        kinds = session.scalars(
            sa.select(PairingDecision.kind).where(
                PairingDecision.pairing_id == World(session, clock).pairing().id
            )
        ).all()
        assert len({"withdrawn", CONFIRMED[Side.RECEIVED]} & set(kinds)) == 1
