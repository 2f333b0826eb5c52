"""The clean-ups of a night: one job a night, each of them an item of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from portal.clock import SHANGHAI, date_of
from portal.deeds import Deed
from portal.enrolment import Nightly
from portal.jobs.actions import ask
from portal.jobs.kind import ItemAtWork, Kind

WORD = "nightly"

AT = time(2, 10)
"""In Asia/Shanghai, every night; a night on which nothing ran is made up for."""


def night_of(rooms_bring: Iterable[Nightly]) -> Kind:
    """Return the kind of job that does what the rooms bring, planned by every worker."""
    parts = {one.name: one for one in rooms_bring}

    def look(task: ItemAtWork) -> None:
        looks = parts[task.part].look
        if looks:
            looks(task.database, task.now)

    def clean_up(deed: Deed, task: ItemAtWork, _prepared: Any) -> None:
        runs = parts[task.part].run
        if runs:
            runs(deed, task.var)

    def plan(deed: Deed) -> None:
        """Ask for the next night's job, once a night however many processes plan."""
        at = next_night(deed.now)
        title = f"{date_of(at)} 夜间清理与核对"
        ask(deed, WORD, key=f"{WORD}:{date_of(at)}", title=title, parts=[*parts], at=at)

    return Kind(WORD, "每夜清理与核对", clean_up, prepare=look, plan=plan)


def next_night(now: datetime) -> datetime:
    """Return the first instant after now at which the clean-ups are due."""
    at = datetime.combine(date_of(now), AT, SHANGHAI)
    return at if at > now else at + timedelta(days=1)
