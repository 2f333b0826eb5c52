"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.clock import SHANGHAI


class Clock:
    """Call it for the instant; ``stand_on`` moves it to ten in the morning of a date."""

    def __init__(self, day: date) -> None:
        self.instant = datetime.combine(day, time(10), SHANGHAI)

    def __call__(self) -> datetime:
        return self.instant

    def stand_on(self, day: date) -> None:
        self.instant = datetime.combine(day, time(10), SHANGHAI)

    def pass_time(self, **span: float) -> None:
        self.instant += timedelta(**span)
