"""Background jobs: asked for once, done item by item, each once, whoever dies on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import Job, JobItem, JobResult, JobWorker, RoleGrant
from models.database import Database
from models.types import ItemState
from portal.deeds import operator_deed
from portal.jobs import claim_actions, queries
from portal.jobs.actions import ask, cancel, retry
from portal.jobs.kind import ItemAtWork, LostClaim
from portal.jobs.rules import MOST_ATTEMPTS, wait_after
from portal.refusals import Conflict, Refusal, Refused
from tests.support.clock import Clock
from tests.support.jobs import (
    EFFECT,
    ask_toy,
    effects,
    leave_effect,
    make_due,
    only_job,
    states,
    toy,
    wait_until,
    work_off,
    worker_of,
)
from tests.support.world import World

WAITING, RUNNING, DONE, DEAD, CANCELLED = ItemState


@pytest.fixture
def office(database: Database) -> Iterator[Database]:
    """A database in which toy items can write."""
    EFFECT.create(database.engine)
    yield database
    EFFECT.drop(database.engine)


def test_asked_for_twice_under_one_key_it_is_one_job(office: Database, clock: Clock) -> None:
    ask_toy(office, clock, ["a", "b"])
    ask_toy(office, clock, ["a", "b"])
    assert states(office) == [WAITING, WAITING]


def test_what_is_rolled_back_was_never_asked_for(office: Database, clock: Clock) -> None:
    with office.open() as session:
        ask(operator_deed(session, clock()), "toy", key="one", title="演示")
    assert states(office) == []


def test_each_item_is_done_once_and_the_job_ends(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    ask_toy(office, clock, ["a", "b", "c"])
    assert work_off(worker_of(office, clock, tmp_path)) == 3
    assert effects(office) == ["a", "b", "c"]
    assert states(office) == [DONE, DONE, DONE]
    assert only_job(office).finished_at == clock()


def test_nothing_is_begun_before_its_time(office: Database, clock: Clock, tmp_path: Path) -> None:
    with office.reading() as session:
        now = session.execute(sa.select(queries.database_now(session))).scalar_one()
    ask_toy(office, clock)
    with office.writing() as session:
        session.execute(sa.update(JobItem).values(due=now + 3600))
    assert work_off(worker_of(office, clock, tmp_path)) == 0


def test_a_kind_that_a_worker_does_not_know_waits_for_one_that_does(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    with office.writing() as session:
        ask(operator_deed(session, clock()), "of_a_newer_release", key="k", title="演示")
    assert work_off(worker_of(office, clock, tmp_path)) == 0


def test_a_poison_item_does_not_stop_the_others(
    office: Database, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def write(deed: Any, task: ItemAtWork, _prepared: Any) -> None:
        leave_effect(deed, task)
        if task.part == "poison":
            raise ZeroDivisionError

    worker = worker_of(office, clock, tmp_path, toy(write))
    ask_toy(office, clock, ["a", "poison", "b"])
    assert work_off(worker) == 3
    assert effects(office) == ["a", "b"]
    assert states(office) == [DONE, WAITING, DONE]
    for _ in range(MOST_ATTEMPTS - 1):
        assert only_job(office).finished_at is None
        make_due(office)
        work_off(worker)
    assert states(office) == [DONE, DEAD, DONE]
    assert only_job(office).finished_at is not None
    with office.reading() as session:
        (problem,) = session.scalars(sa.select(JobItem.problem).where(JobItem.state == DEAD))
        reference = problem.partition("编号 ")[2][:8]
        assert f"已尝试 {MOST_ATTEMPTS} 次" in problem
    assert reference in caplog.text
    make_due(office)
    assert work_off(worker) == 0


def test_a_failed_item_waits_longer_each_time(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    def fail(*_given: Any) -> None:
        raise ZeroDivisionError

    worker = worker_of(office, clock, tmp_path, toy(fail))
    ask_toy(office, clock)
    for attempts in range(1, MOST_ATTEMPTS):
        make_due(office)
        worker.work_once()
        with office.reading() as session:
            now = queries.database_now(session)
            wait = session.execute(sa.select(JobItem.due - now)).scalar_one()
        assert wait_after(attempts) - 3 < wait <= wait_after(attempts)


def test_a_refused_item_is_dead_at_once_with_the_sentence(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    def refuse(*_given: Any) -> None:
        raise Refused([Refusal("", "no", "年度已关闭，不能写入。")])

    ask_toy(office, clock)
    work_off(worker_of(office, clock, tmp_path, toy(refuse)))
    with office.reading() as session:
        assert session.execute(sa.select(JobItem.state, JobItem.problem)).one() == (
            DEAD,
            "年度已关闭，不能写入。",
        )


def test_an_item_whose_workers_all_died_is_dead(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    ask_toy(office, clock)
    for _ in range(MOST_ATTEMPTS):
        make_due(office)
        with office.writing() as session:
            assert claim_actions.claim(session, ["toy"], 60)
    make_due(office)
    work_off(worker_of(office, clock, tmp_path))
    assert states(office) == [DEAD]
    assert effects(office) == []


def test_of_two_claims_one_is_given(office: Database, clock: Clock) -> None:
    ask_toy(office, clock)
    with office.writing() as session:
        assert claim_actions.claim(session, ["toy"], 60) is not None
    with office.writing() as session:
        assert claim_actions.claim(session, ["toy"], 60) is None


def test_a_claim_that_ran_out_is_taken_over_and_the_first_worker_cannot_commit(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    second = worker_of(office, clock, tmp_path)

    def dawdle(_task: ItemAtWork) -> None:
        make_due(office)  # the lease of the first is over, and another comes
        assert second.work_once()

    ask_toy(office, clock, ["a"])
    assert worker_of(office, clock, tmp_path, toy(prepare=dawdle)).work_once()
    assert effects(office) == ["a"]
    assert states(office) == [DONE]
    with office.reading() as session:
        assert session.scalars(sa.select(JobItem.token)).one() == 2


def test_while_another_holds_the_item_the_first_worker_cannot_commit(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    def dawdle(_task: ItemAtWork) -> None:
        make_due(office)
        with office.writing() as session:
            assert claim_actions.claim(session, ["toy"], 60)

    ask_toy(office, clock, ["a"])
    worker_of(office, clock, tmp_path, toy(prepare=dawdle)).work_once()
    assert effects(office) == []
    assert states(office) == [RUNNING]


def test_a_worker_that_goes_on_holds_its_claim_beyond_the_lease(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    with office.reading() as session:
        begin = session.execute(sa.select(queries.database_now(session))).scalar_one()

    def take_long(task: ItemAtWork) -> None:
        task.tell(3, 7)
        worker.renew()
        with office.reading() as session:
            row = session.execute(sa.select(JobItem.due, JobItem.steps_done, JobItem.steps)).one()
            assert row.due >= begin + 60
            assert (row.steps_done, row.steps) == (3, 7)

    worker = worker_of(office, clock, tmp_path, toy(prepare=take_long))
    ask_toy(office, clock, ["a"])
    worker.work_once()
    assert states(office) == [DONE]


def test_work_that_was_cancelled_is_told_so_and_not_committed(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    went_on: list[bool] = []

    def prepare(task: ItemAtWork) -> None:
        with office.writing() as session:
            cancel(operator_deed(session, clock()), session.scalars(sa.select(Job)).one())
        worker.tidy()
        task.tell(1, 2)
        worker.renew()
        with pytest.raises(LostClaim):
            task.tell(2, 2)
        went_on.append(True)

    worker = worker_of(office, clock, tmp_path, toy(prepare=prepare))
    ask_toy(office, clock, ["a", "b"])
    work_off(worker)
    assert went_on
    assert effects(office) == []
    assert states(office) == [CANCELLED, CANCELLED]


def test_refuses_to_cancel_what_is_finished(office: Database, clock: Clock, tmp_path: Path) -> None:
    ask_toy(office, clock)
    work_off(worker_of(office, clock, tmp_path))
    with office.open() as session, pytest.raises(Conflict, match="已经结束"):
        cancel(operator_deed(session, clock()), session.scalars(sa.select(Job)).one())


def test_a_dead_item_can_be_tried_again_and_then_the_job_ends(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    is_mended: list[bool] = []

    def write(deed: Any, task: ItemAtWork, _prepared: Any) -> None:
        if not is_mended:
            raise Refused([Refusal("", "no", "尚未修好。")])
        leave_effect(deed, task)

    worker = worker_of(office, clock, tmp_path, toy(write))
    ask_toy(office, clock, ["a"])
    work_off(worker)
    assert states(office) == [DEAD]
    is_mended.append(True)
    with office.writing() as session:
        assert retry(operator_deed(session, clock()), session.scalars(sa.select(Job)).one()) == 1
    work_off(worker)
    assert states(office) == [DONE]
    assert effects(office) == ["a"]
    with office.open() as session, pytest.raises(Conflict, match="没有未办成的部分"):
        retry(operator_deed(session, clock()), session.scalars(sa.select(Job)).one())


def test_a_slot_holds_one_unfinished_job(office: Database, clock: Clock, tmp_path: Path) -> None:
    ask_toy(office, clock, key="one", slot="export:1")
    with pytest.raises(Refused, match="正在办理"):
        ask_toy(office, clock, key="two", slot="export:1")
    work_off(worker_of(office, clock, tmp_path))
    ask_toy(office, clock, key="two", slot="export:1")
    assert len(states(office)) == 2


def test_the_database_itself_lets_one_job_hold_a_slot(office: Database, clock: Clock) -> None:
    ask_toy(office, clock, key="one", slot="export:1")
    with office.open() as session:
        session.add(
            Job(
                kind="toy",
                key="two",
                slot="export:1",
                title="演示",
                asked="{}",
                asked_at=clock(),
            )
        )
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()


def test_a_job_whose_last_worker_died_is_closed_by_the_next(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    closed: list[str] = []
    kind = toy(closed=lambda _deed, job: closed.append(job.key))
    ask_toy(office, clock)
    with office.writing() as session:
        held = claim_actions.claim(session, ["toy"], 60)
        assert held
        claim_actions.finish(session, held)
    worker_of(office, clock, tmp_path, kind).tidy()
    assert only_job(office).finished_at == clock()
    worker_of(office, clock, tmp_path, kind).tidy()
    assert closed == ["one"]


def test_an_item_is_done_in_the_name_of_the_asker(
    world: World, world_database: Database, tmp_path: Path
) -> None:
    actors: list[tuple[str, int]] = []

    def write(deed: Any, task: ItemAtWork, _prepared: Any) -> None:
        actors.append((deed.actor.login, len(deed.actor.grants)))
        deed.record("job.retried", f"job:{task.job_public_id}")

    ask(world.deed("province_officer"), "toy", key="one", title="演示")
    world.session.commit()
    kind = toy(write, permission="summary.export")
    work_off(worker_of(world_database, world.clock, tmp_path, kind))
    assert actors == [("province_officer", 1)]


@pytest.mark.parametrize("is_late", [False, True], ids=["before it begins", "while it is prepared"])
def test_an_asker_who_lost_the_grant_meanwhile_gets_nothing_done(
    world: World, world_database: Database, tmp_path: Path, *, is_late: bool
) -> None:
    account_id = world.actor("province_officer").account_id
    written: list[bool] = []

    def revoke(_task: ItemAtWork | None = None) -> None:
        with world_database.writing() as session:
            session.execute(
                sa.update(RoleGrant)
                .where(RoleGrant.account_id == account_id)
                .values(revoked_at=world.clock())
            )

    ask(world.deed("province_officer"), "toy", key="one", title="演示")
    world.session.commit()
    if not is_late:
        revoke()
    kind = toy(
        lambda *_given: written.append(True),
        permission="summary.export",
        prepare=revoke if is_late else None,
    )
    work_off(worker_of(world_database, world.clock, tmp_path, kind))
    assert written == []
    with world_database.reading() as session:
        state, problem = session.execute(sa.select(JobItem.state, JobItem.problem)).one()
    assert state == DEAD
    assert "已没有办理所需的权限" in problem


def test_a_result_counts_once_the_item_is_committed(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    def prepare(task: ItemAtWork) -> None:
        task.keep_result(
            BytesIO("内容".encode()),
            file_name="演示.csv",
            plain_name="demo.csv",
            media_type="text/csv",
            rows=1,
        )

    def fail(*_given: Any) -> None:
        raise ZeroDivisionError

    ask_toy(office, clock)
    failing = worker_of(office, clock, tmp_path, toy(fail, prepare=prepare))
    failing.work_once()
    with office.reading() as session:
        assert session.scalars(sa.select(JobResult)).all() == []
    make_due(office)
    work_off(worker_of(office, clock, tmp_path, toy(prepare=prepare)))
    with office.reading() as session:
        row = session.scalars(sa.select(JobResult)).one()
    sealed = (tmp_path / "results" / f"{row.stored}.sealed").read_bytes()
    assert "内容".encode() not in sealed


def test_a_worker_that_is_told_to_stop_ends_after_the_item_at_hand(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    def write(deed: Any, task: ItemAtWork, _prepared: Any) -> None:
        worker.stop.set()
        leave_effect(deed, task)

    worker = worker_of(office, clock, tmp_path, toy(write))
    ask_toy(office, clock, ["a", "b"])
    thread = threading.Thread(target=worker.run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert effects(office) == ["a"]
    assert states(office) == [DONE, WAITING]
    with office.reading() as session:
        assert session.scalars(sa.select(JobWorker)).all() == []


def test_a_worker_that_is_told_to_stop_holds_its_claim_until_the_item_is_finished(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    def due() -> float:
        with office.reading() as session:
            return session.scalars(sa.select(JobItem.due)).one()

    def take_long(_task: ItemAtWork) -> None:
        worker.stop.set()
        # Until the end of the worker has begun, and beyond.
        wait_until(lambda: worker._scheduler.get_job("work") is None)
        before = due()
        wait_until(lambda: due() > before)

    worker = worker_of(office, clock, tmp_path, toy(prepare=take_long), lease_seconds=2)
    ask_toy(office, clock, ["a"])
    worker.run()
    assert effects(office) == ["a"]
    with office.reading() as session:
        assert session.scalars(sa.select(JobItem.attempts)).one() == 1


def test_a_worker_is_woken_for_what_is_asked_later(
    office: Database, clock: Clock, tmp_path: Path
) -> None:
    worker = worker_of(office, clock, tmp_path)
    worker.start()
    try:
        for key in ("one", "two"):
            ask_toy(office, clock, [key], key=key)
            wait_until(lambda: states(office)[-1] is DONE)
    finally:
        worker.end()
    assert effects(office) == ["one", "two"]


def test_a_worker_outlives_what_goes_wrong_after_a_job(
    office: Database, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_deed: Any, _job: Job) -> None:
        worker.stop.set()
        raise ZeroDivisionError

    worker = worker_of(office, clock, tmp_path, toy(closed=fail))
    ask_toy(office, clock, ["a"])
    worker.run()
    assert "ZeroDivisionError" in caplog.text
    assert only_job(office).finished_at is None
    worker_of(office, clock, tmp_path, toy()).tidy()
    assert only_job(office).finished_at is not None


def test_says_whether_anybody_works(office: Database, clock: Clock, tmp_path: Path) -> None:
    worker = worker_of(office, clock, tmp_path)
    with office.reading() as session:
        assert not queries.is_anyone_working(session)
    worker.say_alive()
    with office.reading() as session:
        assert queries.is_anyone_working(session)
    with office.writing() as session:
        session.execute(sa.update(JobWorker).values(seen=JobWorker.seen - 61))
    with office.reading() as session:
        assert not queries.is_anyone_working(session)
