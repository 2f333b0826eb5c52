"""The rows of the months add up to the row of the year, whatever happened to the days."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    CalendarDay,
    CalendarYear,
    PairingMonthTotal,
    PersonYearTotal,
    Workday,
)
from portal.changes.actions import terminate_pairing
from portal.commands import load_reference_data
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.corrections.actions import correct_workday
from portal.totals.actions import fill_months, refresh_all
from tests.support.workdays import (
    MONDAY,
    MONTH_FIGURES,
    approved,
    assert_months_add_up,
    confirmed,
    entry,
    logged,
)
from tests.support.world import World

MARCH, NOVEMBER = 202203, 202211


def months_of(world: World, code: str = "P1") -> dict[int, tuple[int, ...]]:
    """Return the rows of 2022: sent, received, sent and received that wait."""
    rows = world.session.execute(
        sa.select(
            PairingMonthTotal.month, *(getattr(PairingMonthTotal, name) for name in MONTH_FIGURES)
        )
        .where(
            PairingMonthTotal.pairing_id == world.pairing(code).id, PairingMonthTotal.year == 2022
        )
        .order_by(PairingMonthTotal.month)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def test_a_logged_day_waits_in_its_month(world: World) -> None:
    logged(world, "sent1", MONDAY)
    logged(world, "received1", MONDAY, half_days=1)
    assert months_of(world) == {NOVEMBER: (0, 0, 100, 50)}
    assert_months_add_up(world.session)


def test_a_draft_makes_no_month(world: World) -> None:
    logged(world, "sent1", MONDAY, submit=False)
    assert months_of(world) == {}


def test_an_approved_day_counts_in_its_month(world: World) -> None:
    confirmed(world, "sent1", MONDAY)
    assert months_of(world) == {NOVEMBER: (0, 0, 100, 0)}
    approved(world, "received1", MONDAY, half_days=1)
    assert months_of(world) == {NOVEMBER: (0, 50, 100, 0)}
    assert_months_add_up(world.session)


def test_days_of_two_months_stand_in_two_rows(world: World) -> None:
    approved(world, "sent1", date(2022, 3, 31), late_reason="补录")
    approved(world, "sent1", MONDAY)
    assert months_of(world) == {MARCH: (100, 0, 0, 0), NOVEMBER: (100, 0, 0, 0)}
    assert_months_add_up(world.session)


def test_a_correction_moves_a_day_within_its_month_once_it_is_approved(world: World) -> None:
    original = approved(world, "sent1", MONDAY)
    correction = correct_workday(
        world.deed("sending_staff"), original, entry(half_days=1), reason="只做了半天"
    )
    assert months_of(world) == {NOVEMBER: (100, 0, 0, 0)}
    confirm_workdays(world.deed("sending_manager"), [correction])
    approve_workdays(world.deed("county_officer"), [correction])
    assert months_of(world) == {NOVEMBER: (50, 0, 0, 0)}
    assert_months_add_up(world.session)


def test_the_days_of_an_unqualified_person_wait(world: World) -> None:
    assignment = world.assignment("sent2")
    approved(world, "sent2", MONDAY)
    assignment.is_qualified = False
    refresh_all(world.session)
    assert months_of(world) == {NOVEMBER: (0, 0, 100, 0)}
    assert_months_add_up(world.session)


def test_a_terminated_pairing_keeps_the_months_of_the_years_it_touched(world: World) -> None:
    approved(world, "sent1", MONDAY)
    pairing = world.pairing("P1")
    terminate_pairing(
        world.deed("province_officer"), pairing, last_day=date(2022, 12, 31), reason="任务完成"
    )
    assert months_of(world) == {NOVEMBER: (100, 0, 0, 0)}
    assert_months_add_up(world.session)


def test_an_upgrade_fills_the_empty_table_once(world: World) -> None:
    approved(world, "sent1", MONDAY)
    world.session.execute(sa.delete(PairingMonthTotal))
    load_reference_data(world.deed())
    assert months_of(world) == {NOVEMBER: (100, 0, 0, 0)}
    assert_months_add_up(world.session)
    assert fill_months(world.session) == 0


def test_a_calendar_year_that_comes_with_a_release_decides_its_days_anew(world: World) -> None:
    """7 October 2022 was a holiday: without the notice it is a plain Friday, worth a day."""
    world.session.execute(sa.delete(CalendarDay).where(CalendarDay.day >= date(2022, 1, 1)))
    world.session.execute(sa.delete(CalendarYear).where(CalendarYear.year == 2022))
    day = approved(world, "sent1", date(2022, 10, 7), late_reason="补录")
    assert not day.is_rest_day
    load_reference_data(world.deed())
    world.session.expire_all()
    assert world.session.get_one(Workday, day.id).is_rest_day
    assert_months_add_up(world.session)


@pytest.mark.usefixtures("world")
def test_a_world_without_days_has_no_months(world: World) -> None:
    assert world.count(PairingMonthTotal) == world.count(PersonYearTotal) == 0
    assert fill_months(world.session) == 0
