"""Loading and changing the statutory calendar.

These write the calendar and nothing else. A change of a date that has working days also changes
what they are worth: pages and commands change the calendar through portal/changes/actions.py
(change_day, change_year, remove_year), and whoever follows does in the same transaction.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from models import CalendarDay, CalendarYear
from models.types import DayKind
from portal.calendar.rules import SATURDAY, WEEKDAYS, DayRow
from portal.deeds import Deed
from portal.refusals import Refusal, refuse_if
from portal.standards.text import is_blank, plain

FILE = Path(__file__).resolve().parent / "data" / "calendar_days.csv"


def load_calendar_days(deed: Deed) -> dict[str, int]:
    """Load the years of the file that have no notice yet; return how many rows are new.

    A year that is there stays as it is, with whatever an administrator changed in it. The caller
    records the loading.
    """
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    present = set(deed.session.scalars(sa.select(CalendarYear.year)))
    missing = [row for row in rows if date.fromisoformat(row["date"]).year not in present]
    # 1 January stands in every notice, so its source is that of the year.
    notices = {row["date"][:4]: row["source"] for row in missing if row["date"][4:] == "-01-01"}
    for year, source in notices.items():
        deed.session.add(CalendarYear(year=int(year), source=source, recorded_at=deed.now))
    taken = set(deed.session.scalars(sa.select(CalendarDay.day)))
    days = [
        CalendarDay(
            day=date.fromisoformat(row["date"]),
            kind=DayKind(row["kind"]),
            name=row["name"],
            source=row["source"],
        )
        for row in missing
        if date.fromisoformat(row["date"]) not in taken
    ]
    deed.session.add_all(days)
    deed.session.flush()
    return {"calendar_years": len(notices), "calendar_days": len(days)}


def set_day(deed: Deed, day: date, kind: DayKind | None, *, name: str, source: str) -> None:
    """Say what a date is; ``kind`` None makes it a plain weekday or weekend again.

    Working days of the date keep their value: see the module's docstring.
    """
    refuse_if(
        _refusals_for_source(source)
        if kind is None
        else [*_refusals_for_day(DayRow(day, kind, name)), *_refusals_for_source(source)]
    )
    deed.session.execute(sa.delete(CalendarDay).where(CalendarDay.day == day))
    if kind is not None:
        deed.session.add(CalendarDay(day=day, kind=kind, name=plain(name), source=plain(source)))
    deed.session.flush()
    deed.record(
        "calendar.day_set",
        f"calendar_day:{day}",
        kind=kind.value if kind else None,
        name=name,
        source=source,
    )


def import_year(deed: Deed, year: int, rows: Sequence[DayRow], *, source: str) -> None:
    """Replace a year by its official notice (国务院办公厅), named by ``source``.

    A date of the year before (the notice for 2023 covers 2022-12-31) is set by :func:`set_day`.
    """
    refuse_if([*_refusals_for_year(year, rows), *_refusals_for_source(source)])
    _clear(deed, year)
    deed.session.add(CalendarYear(year=year, source=plain(source), recorded_at=deed.now))
    deed.session.add_all(
        CalendarDay(day=row.day, kind=row.kind, name=plain(row.name), source=plain(source))
        for row in rows
    )
    deed.session.flush()
    deed.record("calendar.year_imported", f"calendar_year:{year}", days=len(rows), source=source)


def drop_year(deed: Deed, year: int) -> None:
    """Take a year's notice away: it is reckoned Monday to Friday again, and shown as such.

    A year of the shipped file comes back with the next ``flask init``.
    """
    known = deed.session.scalar(sa.select(sa.exists().where(CalendarYear.year == year)))
    refuse_if(
        []
        if known
        else [Refusal("year", "unknown_year", f"{year} 年没有已录入的节假日安排，无须撤销。")]
    )
    _clear(deed, year)
    deed.record("calendar.year_dropped", f"calendar_year:{year}")


def _clear(deed: Deed, year: int) -> None:
    session = deed.session
    session.execute(
        sa.delete(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    session.execute(sa.delete(CalendarYear).where(CalendarYear.year == year))


def _refusals_for_year(year: int, rows: Sequence[DayRow]) -> Iterable[Refusal]:
    if not rows:
        yield Refusal("rows", "missing_value", f"{year} 年的安排中没有任何日期，请核对文件。")
    for day, count in Counter(row.day for row in rows).items():
        if count > 1:
            yield Refusal("rows", "duplicate_row", f"{day} 出现 {count} 次，每个日期只能有一行。")
    for row in rows:
        if row.day.year != year:
            yield Refusal(
                "rows",
                "outside_year",
                f"{row.day} 不属于 {year} 年，请另行单独设置该日。",
            )
        yield from _refusals_for_day(row)


def _refusals_for_day(row: DayRow) -> Iterable[Refusal]:
    is_weekend = row.day.weekday() >= SATURDAY
    if is_weekend == (row.kind == DayKind.HOLIDAY):
        weekday = WEEKDAYS[row.day.weekday()]
        wanted = "“节假日（周末）”或“调休上班”" if is_weekend else "“法定节假日”"
        yield Refusal(
            "kind",
            "invalid_value",
            f"{row.day} 是星期{weekday}，类型应为{wanted}，实际为“{row.kind.label}”。",
        )
    if is_blank(row.name):
        yield Refusal("name", "missing_value", f"请填写 {row.day} 所属的节日名称。")


def _refusals_for_source(source: str) -> list[Refusal]:
    return (
        [Refusal("source", "missing_value", "请填写依据，例如国务院办公厅通知的文号。")]
        if is_blank(source)
        else []
    )
