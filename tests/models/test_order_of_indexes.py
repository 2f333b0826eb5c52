"""Which of two indexes SQLite takes, without statistics, hangs on which was made last: never by chance."""

from __future__ import annotations

import sqlalchemy as sa

from models.database import Database
from portal.schema import upgrade_schema
from tests.conftest import EMPTY
from tests.support.databases import Press

OWN_DAYS = (
    "EXPLAIN QUERY PLAN SELECT id FROM workday"
    " WHERE pairing_id IN (SELECT pairing_id FROM assignment WHERE person_id = 1)"
    " AND year = 2022 AND person_id = 1 AND (takes_first_half = 1 OR takes_second_half = 1)"
    " ORDER BY worked_on, id"
)


def test_the_days_of_a_person_are_not_looked_for_in_a_whole_year(sqlite_press: Press):
    with sqlite_press.opened(EMPTY) as database:
        assert plan_of(database).count("uq_workday_") == 2
        with database.writing() as session:
            made_by = session.scalar(
                sa.text("SELECT sql FROM sqlite_master WHERE name = 'ix_workday_by_date'")
            )
            session.execute(sa.text("DROP INDEX ix_workday_by_date"))
            session.execute(sa.text(made_by))
        assert "ix_workday_by_date" in plan_of(database)
        upgrade_schema(database)
        assert plan_of(database).count("uq_workday_") == 2


def plan_of(database: Database) -> str:
    with database.reading() as session:
        return " ".join(row[3] for row in session.execute(sa.text(OWN_DAYS)))
