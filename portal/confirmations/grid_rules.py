"""A month of an organisation's people, a line each: what stands on each day, and what on none. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from models.types import WorkdayState
from portal.calendar.rules import Calendar
from portal.standards.dates import last_of_month, month_of, parse_month


class Mark(NamedTuple):
    """How a state stands in a cell: its tone, one character, its words."""

    tone: str
    sign: str
    words: str


MARKS = {
    WorkdayState.DRAFT: Mark("proposed", "代", "代填，待本人确认"),
    WorkdayState.RETURNED: Mark("returned", "退", "已退回"),
    WorkdayState.SUBMITTED: Mark("waiting", "待", "待确认"),
    WorkdayState.CONFIRMED: Mark("confirmed", "确", "已确认，待核准"),
    WorkdayState.APPROVED: Mark("approved", "核", "已核准"),
}
"""In this order: of two entries of one date the first state shows, it asks for more.

A draft is one that somebody wrote for the person; the own ones are the person's alone.
"""


class GridMember(NamedTuple):
    """Somebody with a term that touches the month."""

    person_id: int
    name: str
    starts_on: date
    ends_on: date


class GridEntry(NamedTuple):
    """An entry of the month. ``half_days`` are those that it takes of its date.

    ``is_mine`` says that whoever looks may confirm it now, ``is_disputed`` that the other side says it
    was not so.
    """

    id: int
    person_id: int
    day: date
    half_days: int
    state: WorkdayState
    version: int = 1
    is_mine: bool = False
    is_disputed: bool = False


class GridCell(NamedTuple):
    """A date of a person. ``tone`` says how it stands: a mark's, disputed, rest, outside of the term, or blank.

    ``entry_id`` is where it leads: nowhere from a draft, which only its person opens. ``token`` names its entries that can be confirmed, each in the version that is shown.
    """

    day: date
    tone: str
    sign: str
    words: str
    entry_id: int | None
    token: str = ""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A person's month; days in halves. ``blank`` are working days until today with no entry."""

    person_id: int
    name: str
    cells: list[GridCell]
    approved: int
    waiting: int
    to_confirm: int
    blank: int


@dataclass(frozen=True, slots=True)
class Grid:
    first: date
    last: date
    rest_days: frozenset[date]
    lines: list[GridLine]
    today: date

    @property
    def can_decide(self) -> bool:
        return any(cell.token for line in self.lines for cell in line.cells)

    @property
    def opens_on(self) -> date | None:
        """The first date that can be decided, else today: there a narrow screen begins."""
        waiting = [cell.day for line in self.lines for cell in line.cells if cell.token]
        is_this_month = self.first <= self.today <= self.last
        return min(waiting, default=self.today if is_this_month else None)

    @property
    def days(self) -> list[date]:
        return days_of(self.first, self.last)


def month_asked(text: str | None, today: date) -> date:
    """Return the first day of the month that an address names; this month if it names none."""
    return parse_month(text) or month_of(today)


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def grid_of(
    first: date,
    members: Iterable[GridMember],
    entries: Iterable[GridEntry],
    *,
    calendar: Calendar,
    today: date,
) -> Grid:
    """Return the month of these people, a line each in their order."""
    last = last_of_month(first)
    days = days_of(first, last)
    rest = frozenset(day for day in days if not calendar.is_working_day(day))
    terms: dict[int, list[GridMember]] = defaultdict(list)
    for member in members:
        terms[member.person_id].append(member)
    by_date: dict[tuple[int, date], list[GridEntry]] = defaultdict(list)
    for entry in entries:
        by_date[entry.person_id, entry.day].append(entry)
    lines = [
        _line(some, days, rest, {day: by_date.get((number, day), []) for day in days}, today)
        for number, some in terms.items()
    ]
    return Grid(first, last, rest, lines, today)


def _line(
    terms: Sequence[GridMember],
    days: Sequence[date],
    rest: frozenset[date],
    entries: Mapping[date, Sequence[GridEntry]],
    today: date,
) -> GridLine:
    cells = [_cell(day, terms, entries[day], is_rest=day in rest) for day in days]
    all_entries = [one for day in days for one in entries[day]]

    def halves(*states: WorkdayState) -> int:
        return sum(one.half_days for one in all_entries if one.state in states)

    return GridLine(
        person_id=terms[0].person_id,
        name=terms[0].name,
        cells=cells,
        approved=halves(WorkdayState.APPROVED),
        waiting=halves(WorkdayState.SUBMITTED, WorkdayState.CONFIRMED),
        to_confirm=sum(1 for one in all_entries if one.state is WorkdayState.SUBMITTED),
        blank=sum(1 for cell in cells if cell.tone == "blank" and cell.day <= today),
    )


def _cell(
    day: date, terms: Sequence[GridMember], entries: Sequence[GridEntry], *, is_rest: bool
) -> GridCell:
    order = list(MARKS)
    found = sorted(
        (one for one in entries if one.state in MARKS), key=lambda one: order.index(one.state)
    )
    if found:
        mark = MARKS[found[0].state]
        is_half = sum(one.half_days for one in found) == 1
        half = "，半天" if is_half else ""
        rest = "，休息日" if is_rest else ""
        is_disputed = any(
            one.is_disputed and one.state is not WorkdayState.RETURNED for one in found
        )
        disputed = "对方有异议，" if is_disputed else ""
        words = f"{disputed}{mark.words}{half}{rest}"
        sign = "异" if is_disputed else mark.sign
        tone = "disputed" if is_disputed else mark.tone
        opened = next((one.id for one in found if one.state is not WorkdayState.DRAFT), None)
        token = " ".join(f"{one.id}-{one.version}" for one in found if one.is_mine)
        return GridCell(day, tone, f"{sign}½" if is_half else sign, words, opened, token)
    if not any(term.starts_on <= day <= term.ends_on for term in terms):
        return GridCell(day, "outside", "", "不在选派期限内", None)
    if is_rest:
        return GridCell(day, "rest", "", "休息日", None)
    return GridCell(day, "blank", "", "没有日志", None)
