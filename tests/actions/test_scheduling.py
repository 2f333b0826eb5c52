"""What happens by itself: once a night, however many processes there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import AuditEvent, FormKey, Job, JobItem, JobResult, WebSession
from models.database import Database
from models.types import ItemState
from portal.clock import SHANGHAI
from portal.deeds import operator_deed
from portal.enrolment import Nightly
from portal.jobs.kind import Kind
from portal.rooms import HOUSE, JOB_KINDS
from portal.scheduling.jobs import next_night, night_of
from tests.support.clock import Clock
from tests.support.jobs import make_due, only_job, states, work_off, worker_of
from tests.support.world import World

NIGHTLY = JOB_KINDS["nightly"]


def plan_the_night(database: Database, clock: Clock, kind: Kind = NIGHTLY) -> None:
    assert kind.plan
    with database.writing() as session:
        kind.plan(operator_deed(session, clock()))


def run_the_night(database: Database, clock: Clock, var: Path, *parts: Nightly) -> None:
    """Have the clean-ups of the next night done now."""
    kind = night_of(parts or HOUSE.nightly)
    plan_the_night(database, clock, kind)
    make_due(database)
    assert work_off(worker_of(database, clock, var, kind)) == len(parts or HOUSE.nightly)


@pytest.mark.parametrize(
    ("now", "night"),
    [("2022-11-21T10:00", "2022-11-22"), ("2022-11-22T02:09", "2022-11-22"),
     ("2022-11-22T02:10", "2022-11-23")],
)  # fmt: skip
def test_the_next_night_is_the_first_that_is_still_to_come(now: str, night: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    assert next_night(instant) == datetime.fromisoformat(f"{night}T02:10").replace(tzinfo=SHANGHAI)


def test_two_processes_plan_one_night(database: Database, clock: Clock, tmp_path: Path) -> None:
    for _ in range(2):
        worker_of(database, clock, tmp_path, NIGHTLY).tidy()
    assert only_job(database).key == "nightly:2022-11-22"
    clock.pass_time(days=1)
    worker_of(database, clock, tmp_path, NIGHTLY).tidy()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 2


def test_a_night_is_begun_at_its_time(database: Database, clock: Clock) -> None:
    plan_the_night(database, clock)
    with database.reading() as session:
        due = set(session.scalars(sa.select(JobItem.due)))
    assert due == {datetime(2022, 11, 22, 2, 10, tzinfo=SHANGHAI).timestamp()}


def test_a_clean_up_that_fails_keeps_no_other_from_its_work(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    def fail(*_given: object) -> None:
        raise ZeroDivisionError

    run_the_night(database, clock, tmp_path, Nightly("broken", fail), *HOUSE.nightly)
    assert states(database) == [ItemState.WAITING, *([ItemState.DONE] * len(HOUSE.nightly))]


def test_ends_sessions_older_than_twelve_hours(
    world: World, world_database: Database, tmp_path: Path
) -> None:
    world.token("sending_staff")
    world.clock.pass_time(hours=13)
    run_the_night(world_database, world.clock, tmp_path)
    with world_database.reading() as session:
        assert session.scalars(sa.select(WebSession.ended_at)).one() is not None


def test_forgets_form_keys_after_two_days(
    world: World, world_database: Database, tmp_path: Path
) -> None:
    account_id = world.actor("sending_staff").account_id
    for key, age in (("old", timedelta(days=3)), ("new", timedelta(hours=1))):
        world.session.add(
            FormKey(
                account_id=account_id,
                key=key,
                request_hash=bytes(32),
                location="/",
                used_at=world.clock() - age,
            )
        )
    world.session.commit()
    run_the_night(world_database, world.clock, tmp_path)
    with world_database.reading() as session:
        assert session.scalars(sa.select(FormKey.key)).all() == ["new"]


def test_the_nightly_check_reports_a_changed_audit_row(
    world: World, world_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world.session.execute(sa.update(AuditEvent).where(AuditEvent.id == 2).values(event="forged"))
    world.session.commit()
    run_the_night(world_database, world.clock, tmp_path)
    assert "第 2 条" in caplog.text


def test_a_result_is_kept_for_a_week_and_a_job_for_a_month(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    files = worker_of(database, clock, tmp_path, NIGHTLY)._files
    begin = clock()
    for key, age in (("a_month", 31), ("a_week", 8), ("fresh", 6)):
        files.keep(key, b"made", begin - timedelta(days=age))
        with database.writing() as session:
            made_at = begin - timedelta(days=age)
            job = Job(
                kind="toy", key=key, title="演示", asked="{}", asked_at=made_at, finished_at=made_at
            )
            session.add(job)
            session.flush()
            session.add(
                JobResult(
                    job_id=job.id,
                    stored=key,
                    file_name="演示.csv",
                    plain_name="demo.csv",
                    media_type="text/csv",
                    rows=1,
                    made_at=made_at,
                )
            )
    files.keep("unnamed", b"made", begin - timedelta(days=2))
    for _ in range(2):
        run_the_night(database, clock, tmp_path)
        clock.pass_time(days=1)
    with database.reading() as session:
        left = set(session.scalars(sa.select(Job.key).where(Job.kind == "toy")))
        assert left == {"a_week", "fresh"}
        assert session.scalars(sa.select(JobResult.stored)).all() == ["fresh"]
    kept = {path.stem for path in (tmp_path / "results").iterdir()}
    assert kept == {"fresh"}
