"""What a file wrote is taken back as a whole, while nobody has built on any of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import (
    Account,
    Assignment,
    ImportBatch,
    ImportedRow,
    PairingYearTotal,
    RoleGrant,
    Workday,
    WorkdayDecision,
    WorkYear,
)
from models.types import AssignmentState, ImportKind, Role, WorkdayState
from portal.accounts.actions import propose_grant, revoke_grant
from portal.confirmations.actions import confirm_workdays
from portal.imports.actions import undo
from portal.imports.kinds import KINDS
from portal.refusals import Conflict, Refused
from portal.staffing.actions import approve_assignment
from portal.standards.credit_code import make_credit_code
from tests.support.imports import id_number, import_rows, workday
from tests.support.world import World

MANAGER = "sending_manager"
ORGANISATION = {
    "统一社会信用代码": make_credit_code("52", "640303", 900),
    "机构名称": "红寺堡区演示新社会工作服务中心",
    "机构类型": "社会工作服务机构",
    "所在地代码": "640303",
}
DAYS = [workday(), workday(day="2022-11-02"), workday("sent2")]
NOMINEES = [
    {
        "结对编号": "P1",
        "身份证件号": id_number("unqualified"),
        "角色": "援派",
        "开始日期": "2022-11-01",
    }
]


def brought(
    world: World, kind: ImportKind, rows: list, persona: str | None = MANAGER
) -> ImportBatch:
    assert import_rows(world, kind, rows, persona=persona).report.applied
    return world.session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc())).first()


def take_back(world: World, batch: ImportBatch, persona: str | None = MANAGER) -> int:
    with world.session.begin_nested():
        done = undo(world.deed(persona), batch, KINDS[batch.kind])
    world.session.expire_all()
    return done.count


def pending(world: World) -> int:
    return sum(world.session.scalars(sa.select(PairingYearTotal.sent_pending_centidays)))


def test_days_are_void_their_dates_free_and_the_totals_as_before(world: World):
    before = pending(world)
    batch = brought(world, ImportKind.WORKDAYS, DAYS)
    assert pending(world) > before
    assert take_back(world, batch) == len(DAYS)
    assert pending(world) == before
    days = world.session.scalars(sa.select(Workday)).all()
    assert {one.state for one in days} == {WorkdayState.SUPERSEDED}
    assert not any(one.takes_first_half or one.takes_second_half for one in days)
    kinds = world.session.scalars(sa.select(WorkdayDecision.kind).order_by(WorkdayDecision.id))
    assert list(kinds)[-3:] == ["import_undone"] * 3


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_the_mended_file_comes_in_anew(world: World):
    take_back(world, brought(world, ImportKind.WORKDAYS, DAYS))
    again = import_rows(world, ImportKind.WORKDAYS, DAYS, persona=MANAGER)
    assert (again.report.accepted, again.report.unchanged) == (len(DAYS), 0)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "rows"), [(ImportKind.WORKDAYS, DAYS), (ImportKind.ASSIGNMENTS, NOMINEES)]
)
def test_whoever_has_lost_the_role_takes_nothing_back(world: World, kind: ImportKind, rows: list):
    batch = brought(world, kind, rows)
    (grant,) = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == world.actor(MANAGER).account_id)
    )
    account = world.session.get_one(Account, grant.account_id)
    revoke_grant(world.deed("security_administrator"), grant)
    elsewhere = world.organisation("sending2").credit_code
    propose_grant(world.deed(), account, Role.SEND_MGR, elsewhere)
    with pytest.raises(Refused, match="已不在您的管辖范围内"):
        take_back(world, batch)


def test_a_confirmed_day_keeps_the_whole_file_and_is_named(world: World):
    batch = brought(world, ImportKind.WORKDAYS, DAYS, "county_officer")
    first = world.session.scalars(sa.select(Workday).order_by(Workday.id)).first()
    confirm_workdays(world.deed(MANAGER), [first])
    with pytest.raises(Refused, match=r"有 1 项已有人接续办理：演示甲一 2022-11-01（已确认，"):
        take_back(world, batch)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_nothing_is_taken_back_in_a_closed_year(world: World):
    batch = brought(world, ImportKind.WORKDAYS, DAYS)
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )
    with pytest.raises(Refused, match="2022"):
        take_back(world, batch)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_file_is_taken_back_once(world: World):
    batch = brought(world, ImportKind.WORKDAYS, DAYS)
    take_back(world, batch)
    with pytest.raises(Conflict):
        take_back(world, batch)


def test_nominations_that_wait_are_withdrawn_and_may_come_again(world: World):
    batch = brought(world, ImportKind.ASSIGNMENTS, NOMINEES)
    assert take_back(world, batch) == 1
    made = world.session.scalars(sa.select(Assignment).where(Assignment.import_id == batch.id))
    assert [one.state for one in made] == [AssignmentState.REJECTED]
    brought(world, ImportKind.ASSIGNMENTS, NOMINEES)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_an_approved_nomination_stays(world: World):
    batch = brought(world, ImportKind.ASSIGNMENTS, NOMINEES)
    made = world.session.scalars(sa.select(Assignment).where(Assignment.import_id == batch.id))
    approve_assignment(world.deed("sending_province_officer"), made.one())
    with pytest.raises(Refused, match="演示甲三，P1（已批准，"):
        take_back(world, batch)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_what_a_former_release_wrote_is_not_taken_back(world: World):
    batch = brought(world, ImportKind.ORGANISATIONS, [ORGANISATION], None)
    world.session.execute(sa.delete(ImportedRow))
    with pytest.raises(Refused, match="由以前的版本写入"):
        take_back(world, batch, None)
    assert batch.undone_at is None
