"""The upgrade that tells who closed a work year: also what a reopening of the former release erased."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import WorkYear, WorkYearDecision
from models.database import Database
from models.types import WorkYearState
from portal.programme.actions import close_work_year, reopen_work_year
from portal.programme.work_year_queries import find_work_year
from portal.schema import upgrade_schema
from tests.models.test_upgrade_of_importers import _downgrade
from tests.support.clock import Clock
from tests.support.world import World

BEFORE = "0011"


def decided(session: Session) -> list[tuple]:
    return [
        tuple(row)
        for row in session.execute(
            sa.select(
                WorkYear.year,
                WorkYearDecision.kind,
                WorkYearDecision.state_before,
                WorkYearDecision.state_after,
                WorkYearDecision.at,
                WorkYearDecision.account_id,
                WorkYearDecision.person_id,
                WorkYearDecision.reason,
            )
            .join(WorkYear, WorkYear.id == WorkYearDecision.work_year_id)
            .where(WorkYearDecision.kind != "opened")
            .order_by(WorkYearDecision.id)
        )
    ]


def test_every_closing_has_its_row_whether_it_stands_or_was_erased(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        close_work_year(world.deed("national_officer"), 2022, "年度结束")
        clock.pass_time(hours=1)
        reopen_work_year(world.deed("national_officer"), 2022, "补正")
        clock.pass_time(hours=1)
        close_work_year(world.deed(), 2022, "补正完毕")
        clock.pass_time(hours=1)
        close_work_year(world.deed("national_officer"), 2021, "归档")
        clock.pass_time(hours=1)
        reopen_work_year(world.deed("national_officer"), 2021, "误关")
        before = decided(session)
    _downgrade(world_database, BEFORE)
    with world_database.engine.connect() as connection:
        former = connection.exec_driver_sql(
            "SELECT year, closed_reason FROM work_year WHERE closed_at IS NOT NULL"
        ).all()
    assert [tuple(row) for row in former] == [(2022, "补正完毕")]
    upgrade_schema(world_database)
    with world_database.reading() as session:
        assert decided(session) == before
        assert [one[1] for one in before] == [
            "closed",
            "reopened",
            "closed",
            "closed",
            "reopened",
        ]
        assert find_work_year(session, 2022, "CN").closed_reason == "补正完毕"
        assert find_work_year(session, 2021, "CN").state == WorkYearState.OPEN
