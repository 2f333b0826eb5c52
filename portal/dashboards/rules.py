"""The curve of a work year against the even pace, its forecast band, and the classes of a tile. Pure."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from models.types import Side
from portal.calendar.rules import Calendar
from portal.programme.policy import Policy

CENTIDAYS = 100
"""Hundredths of a day in a day."""


class Span(NamedTuple):
    """A calendar month as far as it lies in a work year; ``month`` is 202203."""

    month: int
    first: date
    last: date

    @property
    def label(self) -> str:
        return f"{self.month // 100}年{self.month % 100}月"


class Point(NamedTuple):
    """How far a side has come by the end of a month; all in hundredths of a day.

    ``counted`` and ``waiting`` are None for months to come, ``low`` and ``high`` for months that
    are over: there is nothing to forecast.
    """

    span: Span
    needed: int
    counted: int | None
    waiting: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A side of some pairings over a work year; all in hundredths of a day.

    ``needed_now`` is what the even pace asks for by today. ``low`` and ``high`` are the forecast
    for the last day of the year, None outside the year or before its first working day is over.
    """

    side: Side
    need: int
    needed_now: int
    counted: int
    waiting: int
    low: int | None
    high: int | None
    points: Sequence[Point]

    @property
    def in_days(self) -> Sequence[float]:
        """The days counted by the end of each month that has begun, as whole and part days."""
        return [point.counted / CENTIDAYS for point in self.points if point.counted is not None]

    @property
    def behind(self) -> int:
        """What is missing to the even pace today; 0 if nothing is."""
        return max(self.needed_now - self.counted, 0)


def months_between(first: date, last: date) -> Iterator[Span]:
    """Yield the calendar months from first to last, cut to these dates, in order."""
    day = first
    while day <= last:
        end = day.replace(day=gregorian.monthrange(day.year, day.month)[1])
        yield Span(day.year * 100 + day.month, day, min(end, last))
        day = end + timedelta(days=1)


def need_of(side: Side, pairings: int, policy: Policy) -> int:
    """Return the days that so many pairings need on a side in a work year, in hundredths.

    The plan's minimum for each pairing; where the policy asks it of each person, for as many
    people as a pairing must have at least (二(四)2).
    """
    key = "sent" if side == Side.SENT else "received"
    people = policy[f"min_{key}_staff"] if policy["day_basis"] == "per_person" else 1
    days: float = policy[f"min_{key}_days"]
    return round(days * CENTIDAYS * people * pairings)


def curve(
    side: Side,
    *,
    counted: Mapping[int, int],
    waiting: Mapping[int, int],
    need: int,
    year: tuple[date, date],
    calendar: Calendar,
    today: date,
) -> Curve:
    """Add the months up and compare them with the even pace over the year's working days.

    The even pace reaches ``need`` on the last working day of the year. The forecast carries the
    pace from the first day to today on to the end: of the counted days (low), and of these and
    all that wait, as if every one were approved (high). ``counted`` and ``waiting`` are by month.
    """
    first, last = year
    whole = calendar.count_working_days(first, last)
    gone = calendar.count_working_days(first, min(today, last))
    done, waits = sum(counted.values()), sum(waiting.values())
    has_band = first <= today <= last and gone > 0
    points, sum_counted, sum_waiting, reached = [], 0, 0, 0
    for span in months_between(first, last):
        sum_counted += counted.get(span.month, 0)
        sum_waiting += waiting.get(span.month, 0)
        reached += calendar.count_working_days(span.first, span.last)
        has_begun, goes_on = span.first <= today, has_band and span.last >= today
        points.append(
            Point(
                span,
                needed=whole_days(need, reached, whole),
                counted=sum_counted if has_begun else None,
                waiting=sum_waiting if has_begun else None,
                low=whole_days(done, reached, gone) if goes_on else None,
                high=whole_days(done + waits, reached, gone) if goes_on else None,
            )
        )
    return Curve(
        side=side,
        need=need,
        needed_now=whole_days(need, gone, whole),
        counted=done,
        waiting=waits,
        low=whole_days(done, whole, gone) if has_band else None,
        high=whole_days(done + waits, whole, gone) if has_band else None,
        points=points,
    )


def whole_days(amount: int, part: int, whole: int) -> int:
    """Return ``amount × part ÷ whole`` as hundredths of a day, rounded to whole days.

    A pace is no more exact than that. 0 where there is no whole.
    """
    if not whole:
        return 0
    day = CENTIDAYS * whole
    return (2 * amount * part + day) // (2 * day) * CENTIDAYS


class Shade(NamedTuple):
    """A class of tiles: its number (also its depth), and what it means."""

    level: int
    label: str


SHADES = (
    Shade(0, "尚无受援结对"),
    Shade(1, "无达标结对"),
    Shade(2, "达标不足一半"),
    Shade(3, "达标一半及以上"),
    Shade(4, "全部达标"),
)


def shade_of(compliant: int, pairings: int) -> Shade:
    """Return the class of a province by how many of its pairings are compliant."""
    if pairings == 0:
        return SHADES[0]
    if compliant == 0:
        return SHADES[1]
    if compliant == pairings:
        return SHADES[4]
    return SHADES[2] if 2 * compliant < pairings else SHADES[3]
