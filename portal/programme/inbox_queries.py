"""A day that is near and belongs to no work year; its period, if that is missing too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.causes import Waiting
from portal.clock import date_of
from portal.programme.queries import programme_of
from portal.programme.work_year_queries import first_day_missing


def missing_period(session: Session, _actor: Actor, now: datetime) -> Waiting | None:
    today = date_of(now)
    day = first_day_missing(session, today)
    if day is None:
        return None
    since = "今天起" if day == today else f"{day} 起"
    has_programme = programme_of(session, day) is not None
    return Waiting(
        "缺少工作年度" if has_programme else "缺少下一期计划",
        1,
        "changes.programme.open_year" if has_programme else "changes.programme.open_period",
        "去设立",
        f"{since}不在任何工作年度内，不能建立结对和填报日志",
    )
