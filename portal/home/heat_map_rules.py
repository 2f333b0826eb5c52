"""A year of days as months of weeks: where each day stands in the picture, and its words. Pure."""

from __future__ import annotations

import calendar as gregorian
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.types import DayKind, WorkdayState
from portal.calendar.rules import Calendar

CELL = 24
"""Width and height of a day, in pixels of the picture: what a finger needs (WCAG 2.2, 2.5.8)."""

WEEK = 7


class DayEntry(NamedTuple):
    """An entry of one date, as far as the picture needs it; worth in hundredths of a day."""

    id: int
    day: date
    half_days: int
    worth_centidays: int
    state: WorkdayState


class Look(NamedTuple):
    """How a state is shown: class, mark beside the colour, words."""

    tone: str
    mark: str
    words: str


LOOKS = {
    WorkdayState.RETURNED: Look("returned", "!", "被退回"),
    WorkdayState.DRAFT: Look("draft", "?", "草稿"),
    WorkdayState.SUBMITTED: Look("waiting", "…", "待审"),
    WorkdayState.CONFIRMED: Look("waiting", "…", "待审"),
    WorkdayState.APPROVED: Look("approved", "✓", "已核准"),
}
"""In this order: of two entries of one date the first state shows, it asks for more."""

DAY_MARKS = {DayKind.MAKEUP: "班", DayKind.HOLIDAY: "休"}
"""Where the weekday would say otherwise."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One date: its corner in the picture of its month, what stands on it, and its words."""

    day: date
    x: int
    y: int
    is_rest_day: bool
    is_today: bool
    day_mark: str
    look: Look | None
    entry_id: int | None
    words: str


class MonthDays(NamedTuple):
    """The entries of a month by state, in hundredths of a day."""

    approved_centidays: int
    waiting_centidays: int
    returned_centidays: int
    draft_centidays: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the picture: rows of weeks, Monday first.

    The page of a worker travels uncompressed over a weak signal, so the numbers of the days are
    drawn once, as one strip, and each week shows seven of them: ``weeks`` are the places of the
    strip. ``rest_path`` is the ground of the rest days; ``cells`` are all dates.
    """

    year: int
    month: int
    length: int
    weeks: Sequence[tuple[int, int]]
    rest_path: str
    cells: Sequence[Cell]
    days: MonthDays

    @property
    def height(self) -> int:
        return len(self.weeks) * CELL

    @property
    def key(self) -> str:
        return f"{self.year}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The months from the first to the last day, and what the whole picture says."""

    months: Sequence[Month]
    words: str
    width: int = WEEK * CELL


def heat_map(
    entries: Iterable[DayEntry], calendar: Calendar, first: date, last: date, today: date
) -> HeatMap:
    """Lay the days from first to last out in months, with the entries on them."""
    by_day: dict[date, list[DayEntry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    months = [
        _month(year, month, by_day, calendar, (first, last), today)
        for year, month in _months_between(first, last)
    ]
    sums = [sum(part) for part in zip(*(month.days for month in months), strict=True)]
    words = "、".join(
        f"{label} {days / 100:g} 天"
        for label, days in zip(("已核准", "待审", "被退回", "草稿"), sums, strict=True)
        if days
    )
    span = f"{first.year} 年 {first.month} 月至 {last.month} 月的日历"
    return HeatMap(months, f"{span}：{words or '还没有工作日'}")


def _months_between(first: date, last: date) -> Iterable[tuple[int, int]]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months


def _month(
    year: int,
    month: int,
    by_day: Mapping[date, Sequence[DayEntry]],
    calendar: Calendar,
    span: tuple[date, date],
    today: date,
) -> Month:
    weeks = gregorian.Calendar().monthdatescalendar(year, month)
    cells = [
        _cell(day, column * CELL, row * CELL, by_day.get(day, ()), calendar, today)
        for row, week in enumerate(weeks)
        for column, day in enumerate(week)
        if day.month == month and span[0] <= day <= span[1]
    ]
    entries = [entry for cell in cells for entry in by_day.get(cell.day, ())]
    before = date(year, month, 1).weekday()
    return Month(
        year,
        month,
        gregorian.monthrange(year, month)[1],
        [((before - WEEK * row) * CELL, row * CELL) for row in range(len(weeks))],
        _path([cell for cell in cells if cell.is_rest_day]),
        cells,
        _days(entries),
    )


def _path(cells: Sequence[Cell]) -> str:
    """Return squares with a gap between weeks; neighbours in a week are one piece."""
    pieces: list[tuple[int, int, int]] = []
    for cell in cells:
        if pieces and pieces[-1][:2] == (cell.x - pieces[-1][2] * CELL, cell.y):
            x, y, days = pieces[-1]
            pieces[-1] = (x, y, days + 1)
        else:
            pieces.append((cell.x, cell.y, 1))
    return "".join(
        f"M{x + 1} {y + 1}h{days * CELL - 2}v{CELL - 2}h{2 - days * CELL}z" for x, y, days in pieces
    )


def _cell(
    day: date, x: int, y: int, entries: Sequence[DayEntry], calendar: Calendar, today: date
) -> Cell:
    is_rest_day = not calendar.is_working_day(day)
    kind = calendar.exceptions.get(day)
    shown = min(entries, key=lambda one: list(LOOKS).index(one.state), default=None)
    words = [f"{day.month}月{day.day}日"]
    if kind:
        words.append(kind.label)
    elif is_rest_day:
        words.append("休息日")
    words += [f"{LOOKS[one.state].words} {one.half_days / 2:g} 天" for one in entries]
    return Cell(
        day=day,
        x=x,
        y=y,
        is_rest_day=is_rest_day,
        is_today=day == today,
        day_mark=DAY_MARKS.get(kind, "") if kind else "",
        look=LOOKS[shown.state] if shown else None,
        entry_id=shown.id if shown else None,
        words="，".join(words),
    )


def _days(entries: Iterable[DayEntry]) -> MonthDays:
    sums = dict.fromkeys(("approved", "waiting", "returned", "draft"), 0)
    for entry in entries:
        sums[LOOKS[entry.state].tone] += entry.worth_centidays
    return MonthDays(*sums.values())
