"""Whatever is entered in whatever way at the same time: one day a person and date, totals that stand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import Workday
from models.database import Database
from models.types import ImportKind, WorkdayState
from portal.activities.actions import accept_day, decline_day, log_activity
from portal.activities.queries import TeamMember
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.corrections.actions import correct_workday
from portal.refusals import Refused
from portal.workdays import copying_rules as copying
from portal.workdays.check_queries import OVER_ONE_DAY
from portal.workdays.own_queries import sources_of
from tests.support.clock import Clock
from tests.support.imports import import_rows, workday
from tests.support.parallel import at_once
from tests.support.workdays import MONDAY, assert_totals_stand, entry, logged, logged_together
from tests.support.world import World

CLIENTS, ROUNDS = 8, 12
TODAY = date(2022, 11, 21)
WORKERS = ("sent1", "received1")
Attempt = Callable[[World], object]


def single(rng: random.Random) -> Attempt:
    worker, day, half_days = _somebody(rng), _some_day(rng), rng.choice((1, 2))
    return lambda world: logged(world, worker, day, half_days)


def span(rng: random.Random) -> Attempt:
    worker, first, half_days = _somebody(rng), _some_day(rng), rng.choice((1, 2))
    days = [first + timedelta(number) for number in range(rng.randrange(2, 5))]
    wanted = [entry(day, half_days) for day in days if day <= TODAY]
    submit = rng.random() < 0.8
    return lambda world: logged_together(world, worker, wanted, submit=submit)


def copy(rng: random.Random) -> Attempt:
    worker, back = _somebody(rng), rng.randrange(3)

    def attempt(world: World) -> object:
        found = sources_of(world.session, world.person(worker).id)
        until = TODAY - timedelta(back)
        wanted = copying.next_stay(found, until, lambda day: day <= until)
        wanted = wanted or copying.next_week(found, until, lambda day: day <= until)
        entries = [entry(day, one.half_days) for day, one in wanted.items()]
        return logged_together(world, worker, entries) if entries else None

    return attempt


def team(rng: random.Random) -> Attempt:
    """A manager writes a day for several people; who has an account says whether it was so."""
    day, half_days, is_so = _some_day(rng), rng.choice((1, 2)), rng.random() < 0.7

    def attempt(world: World) -> object:
        people = [world.person(one) for one in ("received1", "received2", "received3")]
        numbers = log_activity(
            world.deed("receiving_manager"),
            world.pairing(),
            [TeamMember(one.id, one.public_id, one.name) for one in people],
            entry(min(day, TODAY), half_days),
        )
        mine = world.session.get_one(Workday, numbers[0])
        answer = accept_day if is_so else decline_day
        return answer(world.deed("receiving_staff"), mine, seen=None)

    return attempt


def correction(rng: random.Random) -> Attempt:
    number, half_days = rng.randrange(100), rng.choice((0, 1, 2))

    def attempt(world: World) -> object:
        one = _one_of(world, number, WorkdayState.APPROVED)
        if one is None:
            return None
        return correct_workday(world.deed(), one, entry(one.worked_on, half_days), "演示：填错")

    return attempt


def decision(rng: random.Random) -> Attempt:
    number = rng.randrange(100)

    def attempt(world: World) -> object:
        one = _one_of(world, number, WorkdayState.SUBMITTED)
        if one is None:
            return None
        manager = "sending_manager" if one.side == "sent" else "receiving_manager"
        confirm_workdays(world.deed(manager), [one])
        return approve_workdays(world.deed("county_officer"), [one])

    return attempt


def file(rng: random.Random) -> Attempt:
    worker, first = _somebody(rng), _some_day(rng)
    days = [first + timedelta(number) for number in range(3)]
    half = rng.choice(("0.5", "1"))
    rows = [workday(worker, day, 天数=half) for day in days if day <= TODAY]
    return lambda world: import_rows(world, ImportKind.WORKDAYS, rows, accept_valid=True)


WAYS = (single, span, team, copy, correction, decision, decision, file)
"""One for each client."""


def _somebody(rng: random.Random) -> str:
    return rng.choice(WORKERS)


def _some_day(rng: random.Random) -> date:
    return MONDAY + timedelta(rng.randrange(8))


def _one_of(world: World, number: int, state: WorkdayState) -> Workday | None:
    wanted = sa.select(Workday).where(Workday.state == state).order_by(Workday.id)
    some = world.session.scalars(wanted).all()
    return some[number % len(some)] if some else None


@pytest.mark.parametrize("seed", [9])
def test_any_interleaving_keeps_one_day_a_date_and_totals_that_equal_the_rows(
    world_database: Database, clock: Clock, measured, seed: int
):
    rng = random.Random(seed)
    answers: Counter[str] = Counter()
    for _ in range(ROUNDS):
        attempts = [way(rng) for way in WAYS]
        rng.shuffle(attempts)
        assert len(attempts) == CLIENTS
        answers.update(at_once(world_database, clock, attempts))
        with world_database.reading() as session:
            assert session.execute(sa.text(OVER_ONE_DAY)).first() is None
            assert_totals_stand(session)
    dialect = world_database.engine.dialect.name
    measured(f"interleaved entries on {dialect}, 8 clients", str(dict(answers)))
    assert answers["done"] > ROUNDS
    assert answers["never"] == 0
    with world_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Workday)) > CLIENTS


def test_of_several_days_of_which_one_is_taken_none_is_written(world: World):
    logged(world, day=MONDAY + timedelta(1))
    wanted = [entry(MONDAY + timedelta(number)) for number in range(3)]
    with pytest.raises(Refused) as caught:
        logged_together(world, "sent1", wanted)
    assert [one.code for one in caught.value.refusals] == ["over_one_day"]
    assert world.count(Workday) == 1
    assert_totals_stand(world.session)


def test_half_days_of_several_dates_take_the_halves_that_are_free(world: World):
    logged(world, day=MONDAY, half_days=1)
    logged_together(world, "sent1", [entry(MONDAY + timedelta(one), 1) for one in range(2)])
    taken = world.session.execute(
        sa.select(Workday.worked_on, Workday.takes_first_half, Workday.takes_second_half).order_by(
            Workday.worked_on, Workday.id
        )
    ).all()
    assert [tuple(row) for row in taken] == [
        (MONDAY, True, False),
        (MONDAY, False, True),
        (MONDAY + timedelta(1), True, False),
    ]
    assert_totals_stand(world.session)
