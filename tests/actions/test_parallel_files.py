"""Files that are added or removed at the same moment as others, or while their day is decided on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import AuditEvent, PersonFile, Workday, WorkdayFile
from models.database import Database
from models.types import FileKind, WorkdayState
from portal.confirmations.actions import confirm_workdays
from portal.deeds import FILES
from portal.files import actions
from portal.files.actions import attach, detach
from portal.files.content_rules import Judged
from portal.files.queries import find_file, pegs_of
from portal.files.rules import SERVICE
from portal.personal_data.file_store import FileStore
from portal.personal_data.vault import VAULT
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.workdays import logged
from tests.support.world import World

BLOCKED_SECONDS = 0.3
"""So long a deed is given to do what it should have to wait for."""


@pytest.fixture(autouse=True)
def _folder(world_database: Database, tmp_path: Path) -> None:
    world_database.info[FILES] = FileStore(tmp_path / "files", world_database.info[VAULT])


def add(world: World, persona: str, content: bytes, subject: Any) -> Any:
    peg = pegs_of(world.session, subject)[-1]
    return attach(world.deed(persona), subject, peg, "演示.pdf", Judged(FileKind.PDF, content))


def test_files_of_several_people_at_once_do_not_pass_the_limit_of_a_shelf(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        for number in range(SERVICE.most - 2):
            add(world, "sending_manager", b"%d" % number, world.person("sent1"))

    def attempt(persona: str) -> Callable[[World], object]:
        return lambda world: add(world, persona, persona.encode(), world.person("sent1"))

    people = ("sending_manager", "other_manager", "province_officer", "sending_staff")
    answers = at_once(world_database, clock, [attempt(one) for one in people])
    assert answers == ["done"] * 2 + ["too_many_files"] * 2
    with world_database.reading() as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(PersonFile))
    assert count == SERVICE.most


def test_two_who_add_to_each_other_do_not_wait_for_each_other(
    world_database: Database, clock: Clock
) -> None:
    def attempt(persona: str, other: str, number: int) -> Callable[[World], object]:
        content = f"{persona} {number}".encode()
        return lambda world: add(world, persona, content, world.person(other))

    pairs = [("sending_staff", "received1"), ("receiving_staff", "sent1")]
    attempts = [attempt(*pair, number) for pair in pairs for number in range(3)]
    assert at_once(world_database, clock, attempts) == ["done"] * len(attempts)


@pytest.mark.parametrize("removes", [False, True], ids=["adding", "removing"])
def test_a_day_is_decided_on_before_or_after_its_photo_but_not_meanwhile(
    world_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch, *, removes: bool
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        workday = logged(world)
        workday_id = workday.id
        photo = add(world, "sending_staff", b"before", workday).public_id
    threads: list[threading.Thread] = []

    def confirm() -> None:
        with world_database.writing() as session:
            world = World(session, clock)
            confirm_workdays(world.deed("sending_manager"), [session.get_one(Workday, workday_id)])

    # Each looks at the state of the day before this, and writes after it.
    name = "is_decided" if removes else "find_stored"
    looked = getattr(actions, name)

    def then_somebody_confirms(*asked: Any) -> Any:
        found = looked(*asked)
        threads.append(threading.Thread(target=confirm))
        threads[0].start()
        threads[0].join(BLOCKED_SECONDS)
        return found

    monkeypatch.setattr(actions, name, then_somebody_confirms)
    with world_database.writing() as session:
        world = World(session, clock)
        workday = session.get_one(Workday, workday_id)
        if removes:
            found = find_file(session, workday, photo)
            assert found is not None
            detach(world.deed("sending_staff"), workday, found, "")
        else:
            add(world, "sending_staff", b"meanwhile", workday)
    threads[0].join()
    with world_database.reading() as session:
        assert session.get_one(Workday, workday_id).state == WorkdayState.CONFIRMED
        events = list(session.scalars(sa.select(AuditEvent.event).order_by(AuditEvent.id)))
        count = session.scalar(sa.select(sa.func.count()).select_from(WorkdayFile))
    done = "file.removed" if removes else "file.added"
    assert events[-2:] == [done, "workday.confirmed"]
    assert count == (0 if removes else 2)
