"""An installation of the former release is upgraded: nothing is lost, and what it says is true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing
from models.database import Database
from portal.commands import load_reference_data
from portal.deeds import operator_deed
from portal.schema import upgrade_schema
from portal.summaries.verification import verify
from tests.support.clock import Clock
from tests.support.databases import Press
from tests.support.former_release import fill_former_release

CLOCK = Clock(date(2022, 11, 21))
PREPARED: set[int] = set()


def install(database: Database) -> None:
    """Lay the former release, then do what ``flask init`` does."""
    fill_former_release(database)
    upgrade_schema(database)
    with database.writing() as session:
        load_reference_data(operator_deed(session, CLOCK()))


@pytest.fixture
def upgraded(press: Press) -> Iterator[Session]:
    if id(press) not in PREPARED:
        press.prepare("former_release", install)
        PREPARED.add(id(press))
    with press.opened("former_release") as database, database.open() as session:
        yield session


def test_every_check_of_the_books_passes(upgraded: Session):
    assert upgraded.scalar(sa.select(sa.func.count()).select_from(Pairing)) == 308
    assert [str(outcome.fault) for outcome in verify(upgraded) if outcome.fault] == []
