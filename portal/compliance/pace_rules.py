"""The pace of days: how a side of a pairing stands on a day of its work year. Pure.

It is the forecast (rules.py: forecast) put as whole numbers, so that a column can be compared with
them: working days are numbered from the first day of the work year, see :class:`Course`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from models.types import Labelled, Side
from portal.calendar.rules import Numbering
from portal.compliance.rules import FINDING_BITS
from portal.programme.policy import Policy

FULL_DAY = 100
"""Hundredths of a day."""

DAYS_FINDINGS = {Side.SENT: "too_few_sent_days", Side.RECEIVED: "too_few_received_days"}
DAYS_BITS = {side: FINDING_BITS[code] for side, code in DAYS_FINDINGS.items()}


class Pace(Labelled):
    """How far the days of a side are, the worst first. Of a year that is over there is none."""

    OUT_OF_REACH = "out_of_reach", "来不及"
    SLOW = "slow", "偏慢"
    ON_COURSE = "on_course", "按进度"
    DONE = "done", "已完成"

    @property
    def rank(self) -> int:
        return RANKED.index(self)

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


RANKED: tuple[Pace, ...] = tuple(Pace)
NO_PACE = len(RANKED)
"""The rank of what has no pace: its year is over, or it is not in effect."""

MEANINGS = {
    Pace.OUT_OF_REACH: "只有增派人员才能完成",
    Pace.SLOW: "慢于均匀进度，还来得及",
    Pace.ON_COURSE: "不慢于均匀进度",
    Pace.DONE: "计入的天数已够",
}


YET = "尚未"
YET_MEANING = f"“{YET}”为年度未结束、还没有达标，天数仍来得及"


def verdict_of(is_compliant: bool, *paces: Pace | None) -> str:
    """Say in a file whether a pairing meets what is asked: 否 only where no days to come can mend it."""
    if is_compliant:
        return "是"
    runs = any(paces) and Pace.OUT_OF_REACH not in paces
    return YET if runs else "否"


class Course(NamedTuple):
    """The part of a work year in which a pairing can work, and who does.

    ``before`` counts the working days from the first day of the (common) work year to the day
    before the pairing's first one, ``through`` those to its last one, ``ends_on``. The people are
    those on duty on that day, who qualify; where there is nobody, as many as the plan asks for.
    """

    ends_on: date
    before: int
    through: int
    sent_people: int
    received_people: int

    def people_of(self, side: Side) -> int:
        return self.sent_people if side == Side.SENT else self.received_people


def course_of(
    term: tuple[date, date], crew: tuple[int, int], numbering: Numbering, policy: Policy
) -> Course:
    """Return the course of a pairing whose part of the year goes from one date to another.

    ``crew`` are the people on duty on its last day, sent and received. Where each has to reach the
    least days, nobody can do them for another: the forecast reckons with one.
    """
    first, last = term
    per_person = policy["day_basis"] == "per_person"
    sent, received = (1, 1) if per_person else crew
    return Course(
        last,
        numbering.through(first - timedelta(1)),
        numbering.through(last),
        sent or int(policy["min_sent_staff"]),
        received or int(policy["min_received_staff"]),
    )


class PaceMoment(NamedTuple):
    """A day, and the working days of its work year before it and up to its end."""

    day: date
    before: int
    through: int


def moment_of(numbering: Numbering, day: date) -> PaceMoment:
    return PaceMoment(day, numbering.through(day - timedelta(1)), numbering.through(day))


class Days(NamedTuple):
    """The days of a side: ``logged`` are those that count and those that wait for a decision only."""

    logged: int
    need: int
    people: int
    is_done: bool


def need_of(side: Side, policy: Policy) -> int:
    """Return the least days of a side in a work year, in hundredths of a day."""
    key = "min_sent_days" if side == Side.SENT else "min_received_days"
    need: float = policy[key]
    return round(need * FULL_DAY)


def pace_of(days: Days, course: Course, moment: PaceMoment) -> Pace | None:
    """Say how a side stands on a day; None once its year is over: then what counts speaks.

    On that day itself one can still work. Planned is what an even spread over the working days
    would have by its end.
    """
    if moment.day > course.ends_on:
        return None
    if days.is_done:
        return Pace.DONE
    left = course.through - max(moment.before, course.before)
    if days.need - days.logged > FULL_DAY * days.people * left:
        return Pace.OUT_OF_REACH
    gone = max(moment.through - course.before, 0)
    is_even = days.logged * (course.through - course.before) >= days.need * gone
    return Pace.ON_COURSE if is_even else Pace.SLOW


def latest_start_of(days: Days, course: Course, moment: PaceMoment) -> int | None:
    """Return the number of the last working day on which all can still begin; None if nothing is
    missing, it is too late, or the year is over."""
    missing = days.need - days.logged
    if days.is_done or missing <= 0 or moment.day > course.ends_on:
        return None
    if pace_of(days, course, moment) == Pace.OUT_OF_REACH:
        return None
    sessions = -(-missing // (FULL_DAY * days.people))
    return course.through - sessions + 1


class DaysStanding(NamedTuple):
    """How both sides stand, and the earlier of their latest starts."""

    sent: Pace | None
    received: Pace | None
    latest_start_on: date | None

    @property
    def worst(self) -> Pace | None:
        return worst_of(self.sent, self.received)


NO_STANDING = DaysStanding(None, None, None)


def worst_of(*paces: Pace | None) -> Pace | None:
    """Return the pace of a pairing: that of the side that is further behind."""
    found = [pace for pace in paces if pace is not None]
    return min(found, key=RANKED.index, default=None)


def standing_of(
    sent: Days, received: Days, course: Course, moment: PaceMoment, numbering: Numbering
) -> DaysStanding:
    """Say how a pairing stands on a day."""
    sides = (sent, received)
    starts = [
        number
        for number in (latest_start_of(days, course, moment) for days in sides)
        if number is not None
    ]
    return DaysStanding(
        pace_of(sent, course, moment),
        pace_of(received, course, moment),
        numbering.date_of(min(starts)) if starts else None,
    )


def count_paces(paces: Iterable[Pace | None]) -> tuple[int, ...]:
    """Count them in the order of ``RANKED``."""
    counts = [0] * len(RANKED)
    for pace in paces:
        if pace is not None:
            counts[pace.rank] += 1
    return tuple(counts)
