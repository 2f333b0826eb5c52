"""Years up to the next one whose notice of holidays is not loaded; two queries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.calendar.queries import list_year_standings
from portal.causes import Waiting
from portal.clock import date_of


def missing_years(session: Session, _actor: Actor, now: datetime) -> Waiting | None:
    today = date_of(now)
    missing = [
        str(one.year)
        for one in list_year_standings(session, today)
        if not one.is_official and one.year <= today.year + 1
    ]
    if not missing:
        return None
    return Waiting(
        "缺少节假日安排的年份",
        len(missing),
        "calendar.calendar",
        "去录入",
        f"{'、'.join(missing)} 年暂按周一至周五计算",
    )
