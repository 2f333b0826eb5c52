"""The upgrade that says what was done to a day: each row of the former release gets its kind."""

from __future__ import annotations

import sqlalchemy as sa

from models import Workday, WorkdayDecision
from models.database import Database
from portal.checks import verify
from portal.rooms import HOUSE
from portal.schema import upgrade_schema
from portal.workdays.life_rules import LIFE
from tests.models.test_upgrade_of_importers import SELF_DECIDED, _downgrade
from tests.support.clock import Clock
from tests.support.workdays import logged
from tests.support.world import World

BEFORE = "0015"

FORMER = (
    # The state after and the reason of each kind of row that the former release wrote.
    ("draft", None, "drafted"),
    ("submitted", None, "submitted"),
    ("submitted", "记错半天", "submitted"),
    ("submitted", "批量导入：演示.xlsx", "imported"),
    ("approved", "批量导入：演示.xlsx", "imported"),
    ("confirmed", None, "confirmed"),
    ("submitted", "撤销确认", "confirmed_undone"),
    ("approved", None, "approved"),
    ("confirmed", "撤销核准", "approved_undone"),
    ("returned", "天数不符", "returned"),
    ("submitted", "撤销退回", "returned_undone"),
    ("confirmed", "撤销退回", "returned_undone"),
    ("returned", "填报人撤回修改", "recalled"),
    ("superseded", "填报人作废", "given_up"),
    ("superseded", "由更正条目 7 取代", "superseded"),
    ("approved", "更正条目 7 的核准已撤销", "reinstated"),
    ("superseded", "与原件不符", "superseded"),
    ("approved", SELF_DECIDED, "kept"),
    ("submitted", None, "submitted"),
)


def test_every_former_row_gets_the_kind_that_its_state_and_reason_say(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        number = logged(World(session, clock)).id
    _downgrade(world_database, BEFORE)
    with world_database.engine.begin() as connection:
        for state, reason, _ in FORMER:
            connection.execute(
                sa.text(
                    "INSERT INTO workday_decision"
                    " (workday_id, state_after, at, account_id, person_id, reason)"
                    " SELECT workday_id, :state, at, account_id, person_id, :reason"
                    " FROM workday_decision WHERE id = (SELECT MIN(id) FROM workday_decision)"
                ),
                {"state": state, "reason": reason},
            )
    upgrade_schema(world_database)
    with world_database.reading() as session:
        rows = session.execute(
            sa.select(
                WorkdayDecision.state_after,
                WorkdayDecision.reason,
                WorkdayDecision.kind,
                WorkdayDecision.state_before,
                WorkdayDecision.version_after,
                WorkdayDecision.batch,
            )
            .where(WorkdayDecision.workday_id == number)
            .order_by(WorkdayDecision.id)
        ).all()
        told = [(row.state_after.value, row.reason, row.kind) for row in rows[1:]]
        assert told == list(FORMER)
        assert {row[3:] for row in map(tuple, rows)} == {(None, None, None)}
        assert {row.kind for row in rows} <= LIFE.words.keys()
        assert session.get_one(Workday, number).version == 1
        faults = {one.check.code for one in verify(session, HOUSE.checks) if one.fault}
        assert not faults & {"decisions", "orphans"}
