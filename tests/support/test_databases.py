"""A copy that a test leaves behind serves the next one only as it was."""

from __future__ import annotations

import sqlalchemy as sa

from models.database import Database
from tests.support.databases import Press

NAME = "reference_data"


def oid(database: Database) -> object:
    """What tells a database from another that was made later in its place."""
    with database.reading() as session:
        return session.scalar(
            sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )


def sequence_of(database: Database) -> str:
    with database.reading() as session:
        found = session.scalar(sa.text("SELECT min(sequencename) FROM pg_sequences"))
    return str(found)


def test_a_copy_serves_again_when_all_was_taken_back(postgres_press: Press) -> None:
    with postgres_press.opened(NAME) as database:
        first, sequence = oid(database), sequence_of(database)
        with database.open() as session:
            at = session.scalar(sa.text(f"SELECT nextval('{sequence}')"))
            session.rollback()
    with postgres_press.opened(NAME) as database, database.open() as session:
        assert oid(database) == first
        assert session.scalar(sa.text(f"SELECT nextval('{sequence}')")) == at


def test_a_copy_in_which_something_was_committed_is_made_anew(postgres_press: Press) -> None:
    with postgres_press.opened(NAME) as database:
        first = oid(database)
        with database.writing() as session:
            session.execute(sa.text("CREATE TABLE left_behind (number integer)"))
    with postgres_press.opened(NAME) as database, database.reading() as session:
        assert oid(database) != first
        assert session.scalar(sa.text("SELECT to_regclass('left_behind')")) is None


def test_a_copy_with_much_that_was_taken_back_is_made_anew(postgres_press: Press) -> None:
    with postgres_press.opened(NAME) as database:
        first = oid(database)
        with database.open() as session:
            for _ in range(5):
                session.execute(sa.text("UPDATE region SET name = name"))
            session.rollback()
    with postgres_press.opened(NAME) as database:
        assert oid(database) != first
