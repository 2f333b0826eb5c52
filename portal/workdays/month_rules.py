"""The month in which days are chosen: what stands on each date, and which can be ticked. Pure."""

from __future__ import annotations

import calendar as gregorian
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import WorkdayState
from portal.calendar.rules import SATURDAY
from portal.programme.regime_rules import Regime
from portal.standards.dates import last_of_month, month_of
from portal.workdays.rules import HALF_DAYS_PER_DATE, is_late

DAY = timedelta(days=1)


class DateSpan(NamedTuple):
    """A stretch of dates, both included: of a term, of a month."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


class Entered(NamedTuple):
    """An entry of a date, as far as the month shows it.

    ``is_proposed``: somebody else wrote it, and the person has yet to say whether it is so.
    ``is_disputed``: the other side says that it was not so.
    """

    id: int
    day: date
    half_days: int
    state: WorkdayState
    is_proposed: bool = False
    is_disputed: bool = False


class DayLook(NamedTuple):
    """How what stands on a date is shown: a class, and words of at most three characters."""

    tone: str
    words: str


LOOKS = {
    WorkdayState.RETURNED: DayLook("returned", "退回"),
    WorkdayState.DRAFT: DayLook("draft", "草稿"),
    WorkdayState.SUBMITTED: DayLook("waiting", "待审"),
    WorkdayState.CONFIRMED: DayLook("waiting", "待审"),
    WorkdayState.APPROVED: DayLook("approved", "已核准"),
}
"""In this order: of two entries of one date the first state shows, it asks for more."""

TO_MEND = (WorkdayState.RETURNED, WorkdayState.DRAFT)
"""What the person still has to hand in: the date leads there, to its form if it is the person's own."""

HALF = DayLook("half", "半天")
PROPOSED = DayLook("draft", "代填")
DISPUTED = DayLook("returned", "有异议")


class DateToLog(NamedTuple):
    """One date of the month.

    ``mark`` is 休 or 班, as on a calendar of paper; ``look`` says what stands there, if anything.
    ``entry_id`` is where the date leads; a date that leads nowhere and is not open is past help: it
    lies in the future, or in no term.
    """

    day: date
    is_open: bool
    is_rest_day: bool
    is_late: bool
    is_today: bool
    mark: str
    look: DayLook | None
    entry_id: int | None
    is_to_mend: bool


class MonthToLog(NamedTuple):
    """A month in whole weeks from Monday on; ``earlier`` and ``later`` are months that can be shown."""

    first: date
    weeks: Sequence[Sequence[DateToLog]]
    earlier: date | None
    later: date | None

    @property
    def cells(self) -> list[DateToLog]:
        return [cell for week in self.weeks for cell in week]

    @property
    def days(self) -> set[date]:
        return {cell.day for cell in self.cells}

    @property
    def has_late(self) -> bool:
        return any(cell.is_open and cell.is_late for cell in self.cells)


def weeks_of(month: date, today: date) -> list[list[date]]:
    """Return the weeks of a month, all their days; those that have not begun yet are left out."""
    weeks = gregorian.Calendar().monthdatescalendar(month.year, month.month)
    return [week for week in weeks if week[0] <= today] or weeks[:1]


def lay_month(
    month: date,
    entries: Iterable[Entered],
    *,
    regime: Regime,
    terms: Sequence[DateSpan],
    today: date,
) -> MonthToLog:
    """Lay a month out, given by its first day; ``terms`` are those in which the person may log."""
    by_day: dict[date, list[Entered]] = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    first_day = min((term.first for term in terms), default=today)
    return MonthToLog(
        month,
        [
            [_cell(day, by_day[day], regime, terms, today) for day in week]
            for week in weeks_of(month, today)
        ],
        earlier=month_of(month - DAY) if first_day < month else None,
        later=last_of_month(month) + DAY if month < month_of(today) else None,
    )


def is_open(day: date, taken_half_days: int, terms: Sequence[DateSpan], today: date) -> bool:
    """May a date be ticked? The rules are asked of what is sent; this only spares a vain try."""
    is_over = taken_half_days >= HALF_DAYS_PER_DATE
    return day <= today and not is_over and any(day in term for term in terms)


def _cell(
    day: date, entries: Sequence[Entered], regime: Regime, terms: Sequence[DateSpan], today: date
) -> DateToLog:
    taken = sum(entry.half_days for entry in entries)
    shown = min(entries, key=lambda one: list(LOOKS).index(one.state), default=None)
    is_unfinished = shown is not None and shown.state in TO_MEND
    can_be_ticked = not is_unfinished and is_open(day, taken, terms, today)
    is_rest_day = not regime.calendar.is_working_day(day)
    is_proposed = shown is not None and shown.is_proposed
    look = PROPOSED if is_proposed else LOOKS[shown.state] if shown else None
    if shown and can_be_ticked:
        look = HALF
    if not is_unfinished and any(entry.is_disputed for entry in entries):
        look = DISPUTED
    return DateToLog(
        day,
        is_open=can_be_ticked,
        is_rest_day=is_rest_day,
        is_late=is_late(day, today, regime.policy_on(day)),
        is_today=day == today,
        mark="休" if is_rest_day else "班" if day.weekday() >= SATURDAY else "",
        look=look,
        entry_id=shown.id if shown and not can_be_ticked else None,
        is_to_mend=is_unfinished and not is_proposed,
    )


def in_words(days: Sequence[date]) -> str:
    """Write dates in order as spans: 11月14日、11月16日至18日."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(_run_in_words(run[0], run[-1]) for run in runs)


def _run_in_words(first: date, last: date) -> str:
    begun = f"{first.month}月{first.day}日"
    if first == last:
        return begun
    return f"{begun}至{'' if last.month == first.month else f'{last.month}月'}{last.day}日"
