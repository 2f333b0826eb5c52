"""Requests at the same time: never more than one day a person and date, and totals that stand."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from models import Workday
from models.database import Database
from portal.confirmations.actions import confirm_workdays
from portal.refusals import Conflict, Refused
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.workdays import MONDAY, assert_totals_stand, logged
from tests.support.world import World

ROUNDS = 5


def test_of_many_equal_days_at_once_exactly_one_is_written(world_database: Database, clock: Clock):
    answers = at_once(world_database, clock, [logged] * 6)
    assert answers == ["done", *["over_one_day"] * 5]
    with world_database.reading() as session:
        assert session.scalar(sa.select(sa.func.sum(Workday.half_days))) == 2
        assert_totals_stand(session)


def test_of_many_half_days_at_once_exactly_two_are_written(world_database: Database, clock: Clock):
    attempts = [lambda world: logged(world, half_days=1)] * 5
    answers = at_once(world_database, clock, attempts)
    assert answers == ["done", "done", *["over_one_day"] * 3]
    with world_database.reading() as session:
        assert_totals_stand(session)


def test_people_of_one_pairing_log_at_once_and_the_totals_stand(
    world_database: Database, clock: Clock
):
    people = ("sent1", "sent2", "received1", "received2", "received3")

    def attempt(person: str, day: int) -> Callable[[World], object]:
        return lambda world: logged(world, person, MONDAY.replace(day=day))

    for number in range(ROUNDS):
        answers = at_once(world_database, clock, [attempt(one, 1 + number) for one in people])
        assert answers == ["done"] * len(people)
    with world_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Workday)) == 5 * ROUNDS
        assert_totals_stand(session)


def test_of_two_decisions_at_once_one_wins(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        workday_id = logged(World(session, clock)).id

    def confirm(world: World) -> None:
        workday = world.session.get_one(Workday, workday_id)
        confirm_workdays(world.deed("sending_manager"), [workday])

    answers = at_once(world_database, clock, [confirm] * 4)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "wrong_state", "changed_meanwhile"}
    assert issubclass(Conflict, Refused)
