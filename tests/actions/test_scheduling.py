"""One process among many runs the jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import AuditEvent, FormKey, SchedulerLease, WebSession
from models.database import Database
from portal.access.jobs import end_stale_sessions
from portal.clock import Now
from portal.enrolment import Nightly
from portal.rooms import HOUSE
from portal.scheduling.lease_actions import Lease
from portal.scheduling.runner_jobs import gated
from portal.web.jobs import drop_old_form_keys
from tests.support.clock import Clock
from tests.support.world import World


def test_only_one_of_two_holds_the_lease(database: Database) -> None:
    first, second = Lease(database), Lease(database)
    assert first.tick()
    assert not second.tick()
    assert first.tick()
    assert first.is_held()
    assert not second.is_held()


def test_another_takes_over_when_the_lease_ran_out(database: Database) -> None:
    first, second = Lease(database), Lease(database)
    first.tick()
    with database.writing() as session:
        session.execute(sa.update(SchedulerLease).values(expires=0))
    assert second.tick()
    assert not first.tick()
    with database.reading() as session:
        assert session.scalars(sa.select(SchedulerLease.token)).one() == 2


def test_a_job_runs_only_where_the_lease_is(database: Database, clock: Clock) -> None:
    ran: list[str] = []

    def note(_database: Database, _now: Now) -> None:
        ran.append("ran")

    job = Nightly("note", 1, 0, note)
    holder, other = Lease(database), Lease(database)
    holder.tick()
    gated(other, job, database, clock)()
    assert ran == []
    gated(holder, job, database, clock)()
    assert ran == ["ran"]


def test_ends_sessions_older_than_twelve_hours(world: World, world_database: Database) -> None:
    world.token("sending_staff")
    world.clock.pass_time(hours=13)
    end_stale_sessions(world_database, world.clock)
    with world_database.reading() as session:
        assert session.scalars(sa.select(WebSession.ended_at)).one() is not None


def test_forgets_form_keys_after_two_days(world: World, world_database: Database) -> None:
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
    drop_old_form_keys(world_database, world.clock)
    with world_database.reading() as session:
        assert session.scalars(sa.select(FormKey.key)).all() == ["new"]


def test_the_nightly_check_reports_a_changed_audit_row(
    world: World, world_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    world.session.execute(sa.update(AuditEvent).where(AuditEvent.id == 2).values(event="forged"))
    world.session.commit()
    check = next(job for job in HOUSE.nightly if job.name == "check_the_audit_chain")
    check.run(world_database, world.clock)
    assert "第 2 条" in caplog.text
