"""The upgrade that names who imported, and the one that leaves numbers out of the names of files: a database of the former release, and what becomes of it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models import ImportBatch, Workday, WorkdayDecision
from models.database import Database
from models.types import ImportKind, WorkdayState
from portal.checks import verify
from portal.rooms import HOUSE
from portal.schema import _tables_may_be_made_anew, upgrade_schema
from portal.settings import ROOT
from tests.support.clock import Clock
from tests.support.imports import import_rows, workday
from tests.support.world import World

BEFORE = "0004"
SELF_DECIDED = "系统升级：由导入人自行办结的日志按原状态保留，请抽查"

FORMER = (
    # Who brought a day in stood in its batch alone; who imported it could also decide on it.
    "UPDATE workday SET entered_by_person_id = NULL",
    # A file could be called after its owner's number.
    "UPDATE import_batch SET file_name = '甲的日志520102199001011234.xlsx'",
    (
        "UPDATE workday SET state = 'approved', approved_by_person_id = {officer}"
        " WHERE worked_on IN ('2022-11-02', '2022-11-03')"
    ),
    "UPDATE workday SET confirmed_by_person_id = {manager} WHERE worked_on = '2022-11-03'",
    (
        "UPDATE workday_decision SET state_after = 'approved', person_id = {officer}"
        " WHERE workday_id IN"
        " (SELECT id FROM workday WHERE worked_on IN ('2022-11-02', '2022-11-03'))"
    ),
)


def test_an_importer_becomes_the_drafter_and_no_day_changes_its_state(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        officer, manager = (
            world.actor(persona).person_id for persona in ("county_officer", "sending_manager")
        )
        # The officer's own, approved by the officer; the manager's, approved by the officer.
        for day, persona in ((1, "county_officer"), (2, "county_officer"), (3, "sending_manager"),
                             (4, None)):  # fmt: skip
            rows = [workday(day=date(2022, 11, day))]
            assert import_rows(world, ImportKind.WORKDAYS, rows, persona=persona).report.applied
    _downgrade(world_database, BEFORE)
    with world_database.engine.begin() as connection:
        for statement in FORMER:
            connection.exec_driver_sql(statement.format(officer=officer, manager=manager))
    upgrade_schema(world_database)
    approved, submitted = WorkdayState.APPROVED, WorkdayState.SUBMITTED
    with world_database.reading() as session:
        days = session.execute(
            sa.select(
                Workday.state,
                Workday.entered_by_person_id,
                Workday.entered_by_operator,
                Workday.confirmed_by_person_id,
                Workday.approved_by_person_id,
            ).order_by(Workday.worked_on)
        )
        assert [tuple(day) for day in days] == [
            (submitted, officer, False, None, None),
            (approved, officer, False, None, None),
            (approved, manager, False, None, officer),
            (submitted, None, True, None, None),
        ]
        noted = session.execute(
            sa.select(Workday.worked_on, WorkdayDecision.state_after)
            .join(Workday, Workday.id == WorkdayDecision.workday_id)
            .where(WorkdayDecision.reason == SELF_DECIDED)
            .order_by(Workday.worked_on)
        )
        assert [tuple(row) for row in noted] == [
            (date(2022, 11, 2), approved),
            (date(2022, 11, 3), approved),
        ]
        names = session.scalars(sa.select(ImportBatch.file_name))
        assert set(names) == {"甲的日志….xlsx"}
        faults = {one.check.code for one in verify(session, HOUSE.checks) if one.fault}
        assert not faults & {"two_persons", "decisions", "orphans"}


def _downgrade(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    with (
        database.engine.connect() as connection,
        _tables_may_be_made_anew(connection),
        connection.begin(),
    ):
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
