"""A person is told once, if it still holds."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from models import OutboxMessage
from models.database import Database
from portal.confirmations.reversal_actions import reverse_decision
from portal.disputes.actions import dispute_days, uphold_dispute
from portal.jobs.actions import ask, cancel
from portal.jobs.claim_actions import close
from portal.outbox.actions import dismiss, tell_of_dispute, tell_of_job
from portal.outbox.jobs import DELIVERY, drop_old_messages
from portal.outbox.queries import list_messages
from tests.support.jobs import work_off, worker_of
from tests.support.workdays import confirmed
from tests.support.world import World

REASON = "演示：签到表不在"


@pytest.fixture
def post(world_database: Database, world: World, tmp_path: Path):
    """Deliver what is due, as a worker would."""

    def deliver() -> int:
        world.session.commit()
        done = work_off(worker_of(world_database, world.clock, tmp_path, DELIVERY))
        world.session.expire_all()
        return done

    return deliver


def words(world: World, persona: str = "receiving_manager") -> list[str]:
    return [row.words for row in list_messages(world.session, world.actor(persona))]


def upheld(world: World):
    """Let the county uphold a dispute: who raised it is told, and who confirmed the day."""
    workday = confirmed(world)
    dispute_days(world.deed("receiving_manager"), {workday.id: workday.version}, "演示：没有到站")
    batch = uphold_dispute(world.deed("county_officer"), workday, REASON, seen=workday.version)
    return workday, batch


def test_a_verdict_is_told_once_it_is_delivered(world: World, post) -> None:
    upheld(world)
    assert words(world) == []
    assert post() == 2
    (told,) = words(world)
    assert told.endswith(f"成立，日志已退回填报人：{REASON}")
    assert words(world, "sending_manager") == [told]
    assert words(world, "sending_staff") == [], "a returned day stands among what is to be done"


def test_what_is_rolled_back_is_told_to_nobody(world: World, post) -> None:
    world.session.commit()
    upheld(world)
    world.session.rollback()
    assert post() == 0
    assert world.count(OutboxMessage) == 0


def test_of_a_verdict_that_was_taken_back_nothing_is_delivered(world: World, post) -> None:
    _, batch = upheld(world)
    reverse_decision(world.deed("county_officer"), batch)
    assert post() == 2
    assert words(world) == []
    assert set(world.session.scalars(sa.select(OutboxMessage.delivered_at))) == {None}


def test_a_message_goes_with_what_it_says(world: World, post) -> None:
    workday, batch = upheld(world)
    post()
    assert len(words(world)) == 1
    reverse_decision(world.deed("county_officer"), batch)
    assert words(world) == []
    uphold_dispute(world.deed("county_officer"), workday, "演示：第二次", seen=workday.version)
    post()
    assert [one.rpartition("：")[2] for one in words(world)] == ["第二次"]


def test_nothing_is_told_twice(world: World, post) -> None:
    workday, _ = upheld(world)
    told = world.actor("receiving_manager").person_id
    tell_of_dispute(world.deed("county_officer"), workday.id, [told])
    post()
    assert len(words(world)) == 1


def test_the_database_itself_keeps_a_thing_from_being_told_twice(world: World) -> None:
    upheld(world)
    told = world.session.scalars(sa.select(OutboxMessage)).first()
    assert told is not None
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
    upheld(world)
    post()
    (message,) = list_messages(world.session, world.actor("receiving_manager"))
    dismiss(world.deed("sending_manager"), message.public_id)
    assert len(words(world)) == 1
    dismiss(world.deed("receiving_manager"), message.public_id)
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


@pytest.mark.parametrize(("days", "left"), [(30, 2), (31, 0)])
def test_messages_are_forgotten_after_a_month(world: World, days: int, left: int) -> None:
    upheld(world)
    world.clock.pass_time(days=days)
    drop_old_messages(world.deed(), None)
    assert world.count(OutboxMessage) == left
