"""Several parties at the same instant: every seat is taken once, and nobody is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from models.database import Database
from tests.actions.test_procedures import AUTHOR, SIGNERS
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.sample_life import (
    AGREED,
    SEATS,
    WITHDRAWN,
    Plan,
    PlanDecision,
    PlanOpinion,
    create_tables,
    draft,
    sign,
    take,
)
from tests.support.world import World

ROUNDS = 3
"""A race is run so often on each database; the threads begin together."""


@pytest.fixture
def plan_ids(world_database: Database, clock: Clock) -> list[int]:
    """A few plans, two of whose four seats are taken."""
    with world_database.writing() as session:
        world = World(session, clock)
        create_tables(session)
        plans = [draft(world.deed(AUTHOR)) for _ in range(ROUNDS)]
        for plan in plans:
            take(world.deed(AUTHOR), plan, "submitted")
            for persona, seat in zip(SIGNERS[:2], SEATS[:2], strict=True):
                sign(world.deed(persona), plan, seat)
        return [plan.id for plan in plans]


def signing(plan_id: int, persona: str, seat: str) -> Callable[[World], object]:
    return lambda world: sign(world.deed(persona), world.session.get_one(Plan, plan_id), seat)


def seats_of(database: Database, plan_id: int) -> list[str]:
    with database.reading() as session:
        wanted = sa.select(PlanOpinion.party).where(PlanOpinion.plan_id == plan_id)
        return sorted(session.scalars(wanted))


def kinds_of(database: Database, plan_id: int) -> list[str]:
    with database.reading() as session:
        wanted = sa.select(PlanDecision.kind).where(PlanDecision.plan_id == plan_id)
        return list(session.scalars(wanted.order_by(PlanDecision.id)))


def state_of(database: Database, plan_id: int) -> object:
    with database.reading() as session:
        return session.get_one(Plan, plan_id).state


def test_two_last_seats_signed_in_the_same_instant_settle_it_once(
    world_database: Database, clock: Clock, plan_ids: list[int]
):
    for plan_id in plan_ids:
        both = [signing(plan_id, SIGNERS[number], SEATS[number]) for number in (2, 3)]
        assert at_once(world_database, clock, both) == ["done", "done"]
        assert seats_of(world_database, plan_id) == sorted(SEATS)
        assert state_of(world_database, plan_id) == AGREED
        assert kinds_of(world_database, plan_id).count("signing_passed") == 1


def test_of_two_who_sign_for_one_party_one_is_told(
    world_database: Database, clock: Clock, plan_ids: list[int]
):
    for plan_id in plan_ids:
        both = [signing(plan_id, SIGNERS[number], SEATS[2]) for number in (2, 3)]
        assert at_once(world_database, clock, both) == ["already_signed", "done"]
        assert len(seats_of(world_database, plan_id)) == 3


def test_nobody_takes_two_seats_at_once(
    world_database: Database, clock: Clock, plan_ids: list[int]
):
    for plan_id in plan_ids:
        both = [signing(plan_id, SIGNERS[2], SEATS[number]) for number in (2, 3)]
        assert at_once(world_database, clock, both) == ["done", "same_person_twice"]
        assert len(seats_of(world_database, plan_id)) == 3


def test_a_signature_against_a_withdrawal_leaves_one_truth(
    world_database: Database, clock: Clock, plan_ids: list[int]
):
    def withdraw(plan_id: int) -> Callable[[World], object]:
        return lambda world: take(
            world.deed(AUTHOR), world.session.get_one(Plan, plan_id), "withdrawn", reason="演示"
        )

    for plan_id in plan_ids:
        answers = at_once(
            world_database, clock, [withdraw(plan_id), signing(plan_id, SIGNERS[2], SEATS[2])]
        )
        assert "done" in answers
        assert set(answers) <= {"done", "changed_meanwhile", "wrong_state"}
        # The withdrawal stands either way; the signature only if it came before.
        assert state_of(world_database, plan_id) == WITHDRAWN
        assert kinds_of(world_database, plan_id)[-1] == "withdrawn"
        assert len(seats_of(world_database, plan_id)) == 2 + answers.count("done") - 1
