"""A list of days that finds few or none reads few of the many: by what the database itself says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Workday
from portal.workdays.queries import years_and_days
from tests.support.portal import Pages
from tests.support.workdays import approved
from tests.support.world import World

MANY = 6_000
"""Approved days beside those that are asked for."""

FEW = 1_500
"""Rows that the database may look at for a statement, the counting of a thousand among them."""

STEPS_A_ROW = 10
"""Of the machine inside SQLite, at least, for each row that it looks at."""

FINDS_FEW = [
    f"{asked}&sort={order}"
    for asked in (
        "state=waiting",
        "state=draft",
        "state=returned",
        "state=superseded",
        "year=2023",
        "year=2022&month=2022-02",
        "person=无此人",
    )
    for order in ("-date", "entered")
]


@pytest.fixture
def many(world: World) -> Session:
    """The day of a worker, thousands of times: on days of no calendar, in the same year."""
    one = approved(world)
    session = world.session
    columns = [column for column in Workday.__table__.columns if column.name != "id"]
    row = session.execute(sa.select(*columns).where(Workday.id == one.id)).one()._mapping
    session.execute(
        sa.insert(Workday),
        [
            {**row, "worked_on": date(1990, 1, 1) + timedelta(number), "state": row["state"]}
            for number in range(MANY)
        ],
    )
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ANALYZE"))
        session.commit()
    return session


def looked_at(session: Session, statement: str, values: Any) -> float:
    """Return how many rows a statement looks at, or about as many."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        steps = [0]

        def count() -> int:
            steps[0] += 1
            return 0

        raw: Any = connection.connection.dbapi_connection
        raw.set_progress_handler(count, 100)
        connection.exec_driver_sql(statement, values).all()
        raw.set_progress_handler(None, 0)
        return steps[0] * 100 / STEPS_A_ROW
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
    return _rows(plan.scalar_one()[0]["Plan"])


def _rows(node: dict[str, Any]) -> float:
    own = sum(node.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter"))
    return own * node["Actual Loops"] + sum(map(_rows, node.get("Plans", ())))


def sent_about_days(bind: Any, do: Any) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "FROM workday" in statement:
            sent.append((statement, values))

    sa.event.listen(bind, "before_cursor_execute", note)
    do()
    sa.event.remove(bind, "before_cursor_execute", note)
    return sent


def test_a_list_that_finds_few_days_looks_at_few(pages: Pages, many: Session):
    engine = pages.app.extensions["qianshou_database"].engine
    client = pages("national_officer")
    dear = []
    for asked in FINDS_FEW:
        sent = sent_about_days(engine, lambda asked=asked: client.get(f"/workdays?{asked}"))
        assert sent, asked
        for statement, values in sent:
            rows = looked_at(many, statement, values)
            if rows > FEW:
                dear.append((asked, rows, statement))
    assert dear == []


def test_a_year_without_days_is_told_from_one_with_by_the_index(many: Session):
    found: list[tuple[int, bool]] = []
    sent = sent_about_days(many.get_bind(), lambda: found.extend(years_and_days(many)))
    assert dict(found)[2022]
    assert not dict(found)[2023]
    assert looked_at(many, *sent[-1]) < FEW
