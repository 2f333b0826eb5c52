"""A person is told once, if it still holds."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from models import OutboxMessage
from models.database import Database
from models.types import WorkdayState
from portal.confirmations.actions import return_workday
from portal.jobs.actions import ask, cancel
from portal.jobs.claim_actions import close
from portal.outbox.actions import dismiss, tell_of_job, tell_of_return
from portal.outbox.jobs import DELIVERY, drop_old_messages
from portal.outbox.queries import list_messages
from portal.workdays.actions import edit_workday
from tests.support.jobs import work_off, worker_of
from tests.support.workdays import MONDAY, entry, logged
from tests.support.world import World

REASON = "演示：请补充工作内容"


@pytest.fixture
def post(world_database: Database, world: World, tmp_path: Path):
    """Deliver what is due, as a worker would."""

    def deliver() -> int:
        world.session.commit()
        done = work_off(worker_of(world_database, world.clock, tmp_path, DELIVERY))
        world.session.expire_all()
        return done

    return deliver


def words(world: World, persona: str = "sending_staff") -> list[str]:
    return [row.words for row in list_messages(world.session, world.actor(persona))]


def returned(world: World):
    workday = logged(world)
    return_workday(world.deed("sending_manager"), workday, REASON)
    return workday


def test_a_returned_day_is_told_once_it_is_delivered(world: World, post) -> None:
    returned(world)
    assert words(world) == []
    assert post() == 1
    day = f"{MONDAY.month}月{MONDAY.day}日"
    assert words(world) == [f"{day}的工作日志被退回：{REASON}"]
    assert words(world, "sending_manager") == []


def test_what_is_rolled_back_is_told_to_nobody(world: World, post) -> None:
    world.session.commit()
    returned(world)
    world.session.rollback()
    assert post() == 0
    assert world.count(OutboxMessage) == 0


def test_of_a_day_that_was_handed_in_again_nothing_is_delivered(world: World, post) -> None:
    workday = returned(world)
    edit_workday(world.deed("sending_staff"), workday, entry(), submit=True)
    assert workday.state == WorkdayState.SUBMITTED
    assert post() == 1
    assert words(world) == []
    assert world.session.scalars(sa.select(OutboxMessage.delivered_at)).one() is None


def test_a_message_goes_with_what_it_says(world: World, post) -> None:
    workday = returned(world)
    post()
    assert len(words(world)) == 1
    edit_workday(world.deed("sending_staff"), workday, entry(), submit=True)
    assert words(world) == []
    return_workday(world.deed("sending_manager"), workday, "演示：第二次退回")
    post()
    assert [one.partition("：")[2] for one in words(world)] == ["演示：第二次退回"]


def test_nothing_is_told_twice(world: World, post) -> None:
    workday = returned(world)
    tell_of_return(world.deed("sending_manager"), workday.id, workday.person_id)
    post()
    assert len(words(world)) == 1


def test_the_database_itself_keeps_a_thing_from_being_told_twice(world: World) -> None:
    returned(world)
    told = world.session.scalars(sa.select(OutboxMessage)).one()
    world.session.add(
        OutboxMessage(
            kind=told.kind,
            key=told.key,
            person_id=told.person_id,
            workday_decision_id=told.workday_decision_id,
            caused_at=told.caused_at,
        )
    )
    with pytest.raises(sa.exc.IntegrityError):
        world.session.flush()


def test_a_message_tells_one_thing(world: World) -> None:
    person_id = world.actor("sending_staff").person_id
    world.session.add(
        OutboxMessage(kind="x", key="x", person_id=person_id, caused_at=world.clock())
    )
    with pytest.raises(sa.exc.IntegrityError):
        world.session.flush()


def test_one_puts_away_one_s_own_messages_only(world: World, post) -> None:
    returned(world)
    post()
    (message,) = list_messages(world.session, world.actor("sending_staff"))
    dismiss(world.deed("receiving_staff"), message.public_id)
    assert len(words(world)) == 1
    dismiss(world.deed("sending_staff"), message.public_id)
    assert words(world) == []


def test_of_a_cancelled_job_nothing_is_told(world: World, post) -> None:
    job = ask(world.deed("province_officer"), "toy", key="one", title="演示")
    cancel(world.deed("province_officer"), job)
    world.session.refresh(job)
    tell_of_job(world.deed(), job)
    post()
    assert words(world, "province_officer") == []


def test_the_end_of_a_job_is_told_to_its_asker(world: World, post) -> None:
    job = ask(world.deed("province_officer"), "toy", key="one", title="演示任务")
    world.session.execute(sa.text("UPDATE job_item SET state = 'done'"))
    ended = close(world.session, job.id, world.clock())
    assert ended is not None
    tell_of_job(world.deed(), ended)
    post()
    assert words(world, "province_officer") == ["“演示任务”已办完。"]


@pytest.mark.parametrize(("days", "left"), [(30, 1), (31, 0)])
def test_messages_are_forgotten_after_a_month(world: World, days: int, left: int) -> None:
    returned(world)
    world.clock.pass_time(days=days)
    drop_old_messages(world.deed(), None)
    assert world.count(OutboxMessage) == left
