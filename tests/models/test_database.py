"""Writers of one SQLite file: those of this process queue up, those of others are waited for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.database import Database

ADD = sa.text("UPDATE counter SET number = number + 1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counter.db"


@pytest.fixture
def here(path: Path) -> Iterator[Database]:
    """The database as this process opens it."""
    opened = Database(f"sqlite:///{path}")
    with opened.writing() as session:
        session.execute(sa.text("CREATE TABLE counter (number INTEGER)"))
        session.execute(sa.text("INSERT INTO counter VALUES (0)"))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def elsewhere(path: Path, here: Database) -> Iterator[Database]:
    """The same file, as another process opens it: without the queue of this one."""
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.engine.dispose()


def number_in(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(sa.text("SELECT number FROM counter"))


def test_many_writers_of_two_processes_all_come_through(here, elsewhere):
    def add(database: Database) -> None:
        for _ in range(10):
            with database.writing() as session:
                session.execute(ADD)

    writers = [threading.Thread(target=add, args=(one,)) for one in (here, elsewhere) * 4]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert number_in(here) == 80


@pytest.mark.parametrize("other", ["here", "elsewhere"])
def test_a_brief_write_gives_up_while_somebody_else_writes(request, here, other):
    with request.getfixturevalue(other).writing() as session:
        session.execute(ADD)
        with pytest.raises(OperationalError, match="locked"), here.writing(is_brief=True) as brief:
            brief.execute(ADD)
    assert number_in(here) == 1


def test_whoever_gave_up_stands_in_nobodys_way(here, elsewhere):
    with elsewhere.writing() as session:
        session.execute(ADD)
        with pytest.raises(OperationalError), here.writing(is_brief=True) as brief:
            brief.execute(ADD)
    with here.writing(is_brief=True) as session:
        session.execute(ADD)
    assert number_in(here) == 2


def test_a_writer_that_failed_leaves_its_turn(here):
    with pytest.raises(OperationalError), here.writing() as session:
        session.execute(sa.text("UPDATE no_such_table SET number = 1"))
    with here.writing(is_brief=True) as session:
        session.execute(ADD)
    assert number_in(here) == 1


def test_reading_waits_for_no_writer(here):
    with here.writing() as session:
        session.execute(ADD)
        assert number_in(here) == 0


def test_a_commit_waits_for_the_disk_and_nobody_waits_with_it(here, elsewhere, monkeypatch):
    waiting = []

    def flush(_file: int) -> None:
        waiting.append(number_in(here))
        if len(waiting) == 1:  # as long as the first one waits, others write
            for database in (here, elsewhere):
                with database.writing(is_brief=True) as session:
                    session.execute(ADD)

    for name in ("fdatasync", "fsync"):
        monkeypatch.setattr(os, name, flush, raising=False)
    with here.writing() as session:
        session.execute(ADD)
    assert waiting == [1, 2, 3]


def test_a_commit_that_the_disk_does_not_take_is_no_success(here, monkeypatch):
    def fail(_file: int) -> None:
        raise OSError(5, "Input/output error")

    for name in ("fdatasync", "fsync"):
        monkeypatch.setattr(os, name, fail, raising=False)
    with pytest.raises(OSError, match="Input/output"), here.writing() as session:
        session.execute(ADD)
