"""One day of the shown pairing on which the two sides do not agree."""

from __future__ import annotations

import sqlalchemy as sa

from models import Workday
from models.types import WorkdayState
from portal.disputes.actions import dispute_days
from portal.stage import Stage

REASON = "演示：当天在县城参加会议，没有到站，请核对日期"


def dispute_a_day(stage: Stage) -> None:
    """Have the receiving manager dispute the latest day that the sending side has still to confirm."""
    workday = stage.deed.session.scalars(
        sa.select(Workday)
        .where(
            Workday.pairing_id == stage.pairing.id,
            Workday.person_id.in_(stage.sent),
            Workday.state == WorkdayState.SUBMITTED,
        )
        .order_by(Workday.worked_on.desc(), Workday.id.desc())
        .limit(1)
    ).one_or_none()
    if workday is not None:
        deed = stage.deed_of("yanshi-recv-mgr", stage.deed.now)
        dispute_days(deed, {workday.id: workday.version}, REASON)
