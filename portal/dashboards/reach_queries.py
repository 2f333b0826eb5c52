"""How many pairings have enough days by themselves, now and by the pace of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import PairingYearTotal as Total
from models.types import Side
from portal.calendar.rules import Calendar
from portal.dashboards.rules import need_of
from portal.programme.policy import Policy
from portal.summaries.ready_statement_queries import how_many


class Reach(NamedTuple):
    """How many pairings have the least days of a side: today, and by the year's last day.

    Each is carried on at its own pace, ``low`` and ``high`` as in :class:`Curve`.
    """

    now: int
    low: int | None
    high: int | None


def reach_of(
    session: Session,
    conditions: Sequence[sa.ColumnElement[bool]],
    facts: tuple[int, Policy, tuple[date, date], Calendar, date],
) -> dict[Side, Reach]:
    """Return how many pairings reach the least days; nothing where these are asked of each person."""
    _, policy, (first, last), calendar, today = facts
    if policy["day_basis"] == "per_person":
        return {}
    whole = calendar.count_working_days(first, last)
    gone = calendar.count_working_days(first, min(today, last))
    sides = {
        Side.SENT: (Total.sent_centidays, Total.sent_pending_centidays),
        Side.RECEIVED: (Total.received_centidays, Total.received_pending_centidays),
    }
    columns: list[sa.ColumnElement[int]] = []
    for side, (done, waits) in sides.items():
        need = need_of(side, 1, policy)
        columns += [
            how_many(done >= need),
            how_many(done * whole >= need * gone),
            how_many((done + waits) * whole >= need * gone),
        ]
    row = session.execute(sa.select(*columns).where(*conditions)).one()
    goes_on = first <= today <= last and gone > 0
    return {
        side: Reach(now, low, high) if goes_on else Reach(now, None, None)
        for side, (now, low, high) in zip(sides, (row[:3], row[3:]), strict=True)
    }
