"""Until when a day may be disputed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import Labelled, WorkdayState
from portal.calendar.rules import Calendar
from portal.refusals import Refusal


class PartnerScope(Labelled):
    """Which days the list of the other side holds."""

    OPEN = "open", "还可提出异议的"
    DISPUTED = "disputed", "有异议的"
    ALL = "all", "全部"


class HandedIn(NamedTuple):
    """A day as far as its consent asks. ``label`` names it in a sentence."""

    label: str
    state: WorkdayState
    handed_in_on: date
    days: int
    """``dispute_days`` of the policy of its date."""
    is_dismissed: bool = False
    """Has the county called a dispute groundless since it was handed in?"""


def last_day_to_dispute(handed_in_on: date, days: int, calendar: Calendar) -> date:
    """Return the last date on which an approved day may still be disputed."""
    day, left = handed_in_on, days
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
    return day


def first_day_to_dispute(today: date, days: int, calendar: Calendar) -> date:
    """Return the earliest date of handing in that may still leave an approved day open today."""
    day, left = today, days
    while left > 0:
        left -= calendar.is_working_day(day)
        day -= timedelta(days=1)
    # What was handed in on the rest days before has the same days left.
    while days and not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def is_consented(day: HandedIn, *, today: date, calendar: Calendar) -> bool:
    """Has the other side been silent for so long that it has agreed?"""
    if day.state is not WorkdayState.APPROVED:
        return False
    return last_day_to_dispute(day.handed_in_on, int(day.days), calendar) < today


def refusals_for_late_disputes(
    days: Sequence[HandedIn], *, today: date, calendar: Calendar
) -> list[Refusal]:
    """Say of each approved day whose time is over that silence was consent."""
    return [
        Refusal(
            "",
            "consented",
            f"{one.label}已核准，异议期到 {last_day_to_dispute(one.handed_in_on, int(one.days), calendar)}"
            f" 止（提交后 {one.days:g} 个工作日），期满视为认可；确有错误的，请对方申请更正。",
        )
        for one in days
        if is_consented(one, today=today, calendar=calendar)
    ]


def refusals_for_dismissed(days: Sequence[HandedIn]) -> list[Refusal]:
    """Say of each day on which the county has decided that the same is not disputed again."""
    return [
        Refusal(
            "",
            "dismissed",
            f"{one.label}的异议，县级已认定不成立，不能再次提出；填报人重新提交后可以再提。",
        )
        for one in days
        if one.is_dismissed
    ]
