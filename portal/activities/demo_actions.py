"""One activity of the shown pairing that the people have yet to confirm."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from models import Person, Workday
from models.types import Task, WorkMode
from portal.activities.actions import log_activity
from portal.activities.queries import TeamMember
from portal.calendar.queries import load_calendar
from portal.clock import end_of
from portal.stage import Stage
from portal.workdays.rules import Entry

EVENING = timedelta(hours=4)
LOOKED_BACK = timedelta(days=40)


def propose_training(stage: Stage) -> None:
    """Have the receiving manager write one training for the team, on a day that all have free."""
    session, last = stage.deed.session, stage.deed.today - timedelta(days=1)
    first = last - LOOKED_BACK
    taken = set(
        session.scalars(
            sa.select(Workday.worked_on).where(
                Workday.person_id.in_(stage.received), Workday.worked_on.between(first, last)
            )
        )
    )
    days = reversed(list(load_calendar(session, first, last).working_days(first, last)))
    free = next((day for day in days if day not in taken and day.year == last.year), None)
    if free is None:
        return
    rows = session.execute(
        sa.select(Person.id, Person.public_id, Person.name)
        .where(Person.id.in_(stage.received))
        .order_by(Person.id)
    )
    entry = Entry(
        worked_on=free,
        half_days=2,
        mode=WorkMode.ONSITE,
        task=Task.T3,
        township_code=stage.township_code,
        description="演示：全队参加个案工作集中培训",
        late_reason=None,
    )
    evening = end_of(free) - EVENING
    log_activity(
        stage.deed_of("yanshi-recv-mgr", evening),
        stage.pairing,
        [TeamMember._make(row) for row in rows],
        entry,
    )
