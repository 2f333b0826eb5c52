"""One clock. Instants are UTC; the business day is the date in Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Now: TypeAlias = Callable[[], datetime]


def system_now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def date_of(instant: datetime) -> date:
    """Return the business day of an instant."""
    return instant.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """Return the instant at which a business day is over: the midnight that follows it, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def start_of(day: date) -> datetime:
    """Return the first instant of a business day, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
