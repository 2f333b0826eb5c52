"""What the commonest deed costs: few statements, and of these few while the others wait."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Township, Workday
from tests.support.portal import Pages
from tests.support.statements import cost
from tests.support.workdays import MONDAY, assert_totals_stand
from tests.support.world import World

MOST, MOST_IN_THE_LOCK = 14, 8


@pytest.mark.parametrize("half", ["1", "0.5"])
def test_a_day_is_logged_by_few_statements_and_most_of_what_is_read_locks_nothing(
    pages: Pages, world: World, half: str
):
    client = pages("sending_staff")
    township = world.session.scalars(
        sa.select(Township.code).where(Township.county_code == "640303")
    ).first()
    client.get("/workdays/new").submit(
        task="t1", description="入户走访", day="2022-11-21", button="提交", follow=True
    )
    with cost(pages.app) as found:
        client.post(
            "/workdays/new",
            {
                "form_key": "a-key-of-its-own",
                "pairing": "P1",
                "day": MONDAY.isoformat(),
                "late_reason": "演示：山路中断",
                "days": half,
                "mode": "onsite",
                "task": "t1",
                "township": township or "",
                "description": "入户走访",
            },
        )
    assert len(found.reading) + len(found.in_the_lock) <= MOST, found
    assert len(found.in_the_lock) <= MOST_IN_THE_LOCK, found.in_the_lock
    assert not any("FROM policy_parameter" in one for one in (*found.reading, *found.in_the_lock))
    world.session.expire_all()
    logged = world.session.scalars(sa.select(Workday).where(Workday.worked_on == MONDAY)).one()
    assert (logged.half_days, logged.township_code) == (round(float(half) * 2), township)
    assert_totals_stand(world.session)
