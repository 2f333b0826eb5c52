"""What is in force is known under a token: whoever changes it, every process sees it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import (
    CalendarDay,
    CalendarYear,
    PairingMonthTotal,
    PairingYearTotal,
    PersonYearTotal,
    PolicyParameter,
    Programme,
    RegimeVersion,
    Workday,
    WorkYear,
)
from models.database import Database
from models.triggers import REGIME_TABLES
from models.types import AssignmentState, DayKind
from portal.audit.trail import first_fault
from portal.calendar.actions import set_day
from portal.calendar.queries import load_calendar
from portal.programme.actions import close_work_year
from portal.programme.queries import policy_of_year, policy_on
from portal.programme.regime_queries import regime_of
from portal.refusals import Overtaken
from portal.totals.actions import refresh
from portal.workdays.actions import log_all_placed, log_placed
from portal.workdays.placing_rules import Placement, place
from portal.workdays.queries import grounds_of
from tests.support.clock import Clock
from tests.support.databases import database_of_tests
from tests.support.workdays import MONDAY, entry, logged, logged_together
from tests.support.world import World


def token_of(world: World) -> str:
    return world.session.scalars(sa.select(RegimeVersion.token)).one()


CHANGES: dict[str, list[sa.Executable]] = {
    "programme": [sa.update(Programme).values(name="演示")],
    "policy_parameter": [
        sa.update(PolicyParameter).values(note="演示"),
        sa.delete(PolicyParameter),
    ],
    "work_year": [sa.update(WorkYear).values(ends_on=WorkYear.ends_on)],
    "calendar_day": [
        sa.insert(CalendarDay).values(
            day=date(2022, 7, 4), kind=DayKind.HOLIDAY, name="演示", source="演示"
        ),
        sa.delete(CalendarDay),
    ],
    "calendar_year": [sa.update(CalendarYear).values(source="演示"), sa.delete(CalendarYear)],
}


@pytest.mark.parametrize("table", REGIME_TABLES)
def test_every_write_to_what_is_in_force_draws_a_new_token(world: World, table: str) -> None:
    for change in CHANGES[table]:
        before = token_of(world)
        world.session.execute(change)
        assert token_of(world) != before, change


@pytest.mark.parametrize("day", [date(2021, 6, 1), date(2022, 3, 7), MONDAY, date(2024, 5, 1)])
def test_what_is_known_is_what_the_tables_say(world: World, day: date) -> None:
    regime = regime_of(world.session)
    # What was known before a later instant is asked of the tables.
    later = world.clock() + timedelta(days=9999)
    assert regime.policy_on(day) == policy_on(world.session, day, known_before=later)
    assert regime.policy_of_year(2022) == policy_of_year(world.session, 2022, known_before=later)
    assert regime.calendar.is_working_day(day) == load_calendar(
        world.session, day, day
    ).is_working_day(day)


@pytest.fixture
def other(world_database: Database) -> Database:
    """Open the same database once more, as another process has it open."""
    return database_of_tests(world_database.url)


def placed(database: Database, clock: Clock) -> tuple[Placement, World]:
    """Ask the rules about a day in a session that only reads, as the page does."""
    with database.open(read_only=True) as session:
        world = World(session, clock)
        asked = (world.pairing().id, world.person("sent1").id)
        return place(grounds_of(session, *asked, MONDAY), entry(), today=world.deed().today), world


def make_it_a_holiday(world: World) -> None:
    set_day(world.deed(), MONDAY, DayKind.HOLIDAY, name="演示", source="演示")


def end_the_assignment(world: World) -> None:
    world.assignment("sent1").ends_on = MONDAY.replace(day=1)


def reject_the_assignment(world: World) -> None:
    world.assignment("sent1").state = AssignmentState.REJECTED


def take_the_qualification(world: World) -> None:
    world.assignment("sent1").is_qualified = False


def shorten_the_pairing(world: World) -> None:
    world.pairing().ends_on = date(2022, 2, 28)


@pytest.mark.parametrize(
    "change",
    [
        make_it_a_holiday,
        end_the_assignment,
        reject_the_assignment,
        take_the_qualification,
        shorten_the_pairing,
        lambda world: close_work_year(world.deed(), 2022, "年度结束"),
    ],
)
def test_a_day_is_not_written_on_grounds_that_another_process_has_changed(
    world_database: Database, other: Database, clock: Clock, change: Callable[[World], object]
) -> None:
    placement, _ = placed(world_database, clock)
    with other.writing() as session:
        change(World(session, clock))
    with world_database.open() as session, pytest.raises(Overtaken):
        log_placed(World(session, clock).deed("sending_staff"), placement, submit=True)
    with world_database.open() as session, pytest.raises(Overtaken):
        log_all_placed(World(session, clock).deed("sending_staff"), [placement], submit=True)
    with world_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Workday)) == 0
    other.engine.dispose()


def test_a_day_is_written_on_grounds_that_still_hold(
    world_database: Database, clock: Clock
) -> None:
    placement, _ = placed(world_database, clock)
    with world_database.writing() as session:
        world = World(session, clock)
        number = log_placed(world.deed("sending_staff"), placement, submit=True)
    with world_database.reading() as session:
        assert session.get_one(Workday, number).worth_centidays == 100
        assert first_fault(session) is None


def test_another_process_knows_a_new_calendar_at_once(
    world_database: Database, other: Database, clock: Clock
) -> None:
    placement, _ = placed(world_database, clock)
    assert not placement.is_rest_day
    with other.writing() as session:
        make_it_a_holiday(World(session, clock))
    placement, _ = placed(world_database, clock)
    assert placement.is_rest_day
    other.engine.dispose()


TOTALS = (PersonYearTotal, PairingMonthTotal, PairingYearTotal)


def test_adding_a_day_gives_what_adding_everything_up_gives(world: World) -> None:
    world.assignment("received2").is_qualified = False
    for number, (person, half_days, submit) in enumerate(
        [
            ("sent1", 2, True),
            ("sent1", 1, True),
            ("sent2", 2, False),
            ("received1", 1, True),
            ("received1", 1, False),
            ("received2", 2, True),
            ("received2", 2, False),
        ]
    ):
        logged(world, person, MONDAY.replace(day=1 + number), half_days=half_days, submit=submit)
    for months in ((9, 10), (10, 11)):
        several = [entry(date(2022, month, 28 - months[0]), late_reason="演示") for month in months]
        logged_together(world, "received1", several)
        logged_together(world, "sent2", several, submit=months[0] == 9)
    world.session.flush()

    def rows() -> list[object]:
        return [
            world.session.execute(
                sa.select(one.__table__).order_by(*one.__table__.primary_key)
            ).all()
            for one in TOTALS
        ]

    added = rows()
    refresh(world.session, [(world.pairing().id, 2022)])
    assert added == rows()
