"""What deciding on days costs: the same few statements, for one day and for fifty."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import Workday
from models.types import WorkdayState
from tests.support.portal import Pages
from tests.support.statements import cost
from tests.support.workdays import MONDAY, assert_totals_stand, confirmed, logged
from tests.support.world import World

CONFIRM, APPROVE = "/workdays/confirmation", "/workdays/approval"
MOST = {"sqlite": 19, "postgresql": 21}
"""On PostgreSQL whoever adds up the same totals queues up, and the work year is held."""
MOST_OF_A_QUEUE = 7
"""What waits, which texts are said twice, the rows; who is signed in, the doors, their counts."""
MANY = 50


def waiting(world: World, persona: str, first: int, count: int) -> list[Workday]:
    """Lay days of two people that wait for a decision, some days before those of another call."""
    lay = logged if persona == "sending_manager" else confirmed
    return [
        lay(
            world,
            "sent1" if number % 2 else "sent2",
            MONDAY - timedelta(first + number // 2),
            late_reason="演示：山路中断",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("persona", "path", "state"),
    [
        ("sending_manager", CONFIRM, WorkdayState.CONFIRMED),
        ("county_officer", APPROVE, WorkdayState.APPROVED),
    ],
)
def test_fifty_days_are_decided_on_by_as_few_statements_as_one(
    pages: Pages, world: World, persona: str, path: str, state: WorkdayState
):
    client = pages(persona)
    dialect = world.session.get_bind().dialect.name
    first = 0
    for count in (1, 1, MANY):  # the first time what is in force is not known yet
        chosen = waiting(world, persona, first, count)
        first += count
        tokens = [f"{one.id}-{one.version}" for one in chosen]
        with cost(pages.app) as found:
            client.post(path, {"chosen": tokens, "form_key": f"key-{count}-{first}"})
        sent = [one for one in (*found.reading, *found.in_the_lock) if one != "BEGIN"]
        if first > 1:
            assert len(sent) <= MOST[dialect], sent
            assert not any("FROM policy_parameter" in one for one in sent)
    decided = world.session.scalars(sa.select(Workday.state)).all()
    assert decided == [state] * (MANY + 2)
    assert_totals_stand(world.session)


@pytest.mark.parametrize(
    ("persona", "path", "returns"),
    [
        ("sending_manager", CONFIRM, CONFIRM + "/returns"),
        ("county_officer", APPROVE, APPROVE + "/returns"),
    ],
)
def test_fifty_days_are_returned_by_as_few_statements_as_one(
    pages: Pages, world: World, persona: str, path: str, returns: str
):
    client = pages(persona)
    first, costs = 0, []
    for count in (1, 1, MANY):
        chosen = waiting(world, persona, first, count)
        first += count
        tokens = [f"{one.id}-{one.version}" for one in chosen]
        asked = {"chosen": tokens, "stock": ["content"], "reason": "", "form_key": f"key-{first}"}
        with cost(pages.app) as found:
            client.post(returns, asked)
        costs.append(len([one for one in (*found.reading, *found.in_the_lock) if one != "BEGIN"]))
    assert costs[2] <= costs[1]
    decided = world.session.scalars(sa.select(Workday.state)).all()
    assert decided == [WorkdayState.RETURNED] * (MANY + 2)


def test_the_countys_queue_is_shown_by_few_statements(pages: Pages, world: World):
    client = pages("county_officer")
    waiting(world, "county_officer", 0, MANY)
    client.get(APPROVE)
    with cost(pages.app) as found:
        page = client.get(APPROVE)
    assert len(page.find_all("input[data-bulk-item]")) == MANY
    assert len([one for one in found.reading if one != "BEGIN"]) <= MOST_OF_A_QUEUE, found.reading
    assert not found.in_the_lock
