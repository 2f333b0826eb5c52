"""What waits for one person, in the queue and on the disk, is limited over all of their accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import Account, Job
from models.database import Database
from models.types import ImportKind
from portal.deeds import Deed
from portal.imports.actions import receive, withdraw
from portal.imports.rules import MOST_WAITING
from portal.imports.staging_store import KEPT
from portal.jobs import rules
from portal.jobs.actions import ask, cancel
from portal.refusals import Refused
from portal.summaries.actions import ask_for_export
from portal.summaries.rules import Filters
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.world import World

ONE, OTHER = "national_officer", "national_rural_officer"


@pytest.fixture(autouse=True)
def _two_accounts_of_one_person(world: World) -> None:
    world.session.execute(
        sa.update(Account)
        .where(Account.login == OTHER)
        .values(person_id=world.actor(ONE).person_id)
    )
    world.session.commit()


def job(world: World, number: int, login: str = ONE) -> Job:
    return ask(world.deed(login), "演示", key=f"{login}:{number}", title="演示")


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusals[0].code


def test_a_person_has_so_many_jobs_open_whichever_account_asked(world: World) -> None:
    asked = [job(world, number, (ONE, OTHER)[number % 2]) for number in range(rules.MOST_OPEN)]
    for login in (ONE, OTHER):
        with pytest.raises(Refused, match="没有办完") as refused:
            job(world, 99, login)
        assert code_of(refused) == "too_many_jobs"
    assert job(world, 0) is asked[0]  # asked for once more it is the same
    job(world, 99, "province_officer")
    ask(world.deed(), "演示", key="of the portal", title="演示")
    cancel(world.deed(ONE), asked[0])
    job(world, 99)


def test_a_person_asks_for_so_many_jobs_in_a_day(world: World) -> None:
    for number in range(rules.MOST_A_DAY):
        cancel(world.deed(ONE), job(world, number))
    with pytest.raises(Refused, match="24 小时") as refused:
        job(world, 99, OTHER)
    assert code_of(refused) == "too_many_jobs_today"
    world.clock.pass_time(hours=24, seconds=1)
    job(world, 99, OTHER)


def test_jobs_asked_for_at_the_same_time_do_not_pass_the_limit(
    world: World, world_database: Database, clock: Clock
) -> None:
    for number in range(rules.MOST_OPEN - 2):
        job(world, number)
    world.session.commit()
    answers = at_once(
        world_database,
        clock,
        [
            lambda world, number=number: job(world, number, (ONE, OTHER)[number % 2])
            for number in range(100, 104)
        ],
    )
    assert answers == ["done"] * 2 + ["too_many_jobs"] * 2


def export(world: World, login: str) -> Job:
    return ask_for_export(
        world.deed(login),
        key=login,
        year=2022,
        kind="csv",
        purpose="演示",
        as_of=None,
        filters=Filters(),
    )


def test_of_a_person_one_export_is_made_at_a_time_whichever_account_asks(world: World) -> None:
    first = export(world, ONE)
    with pytest.raises(Refused, match="同一时间只能办理一项"):
        export(world, OTHER)
    export(world, "province_officer")
    cancel(world.deed(ONE), first)
    export(world, OTHER)


def test_so_many_uploads_of_a_person_wait_and_no_more(
    world: World, world_database: Database, clock: Clock
) -> None:
    def upload(deed: Deed, number: int) -> object:
        return receive(deed, ImportKind.ALLOCATIONS, "演示.csv", bytes([number]) * 32)

    for number in range(MOST_WAITING - 1):
        batch = upload(world.deed((ONE, OTHER)[number % 2]), number)
    world.session.commit()
    assert at_once(
        world_database,
        clock,
        [lambda world, number=number: upload(world.deed(ONE), number) for number in (97, 98, 99)],
    ) == ["done", "too_many_waiting", "too_many_waiting"]
    with pytest.raises(Refused, match="撤下不需要的"):
        upload(world.deed(OTHER), 96)
    upload(world.deed("province_officer"), 96)
    withdraw(world.deed(ONE), batch)
    upload(world.deed(OTHER), 96)
    world.clock.pass_time(seconds=(KEPT + timedelta(seconds=1)).total_seconds())
    upload(world.deed(OTHER), 95)
    world.session.rollback()
