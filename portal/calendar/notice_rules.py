"""Reading a year's notice (国务院办公厅关于部分节假日安排的通知) as people paste it: 日期 类型 名称. Pure.

A line names a date or a span: ``2026-02-15``, ``2026/2/15``, ``2月15日``, ``2月15日至23日``. The
kind is 休 or 班 (or the portal's own words); 休 on a weekend is a named weekend.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.types import DayKind
from portal.calendar.rules import SATURDAY, DayRow
from portal.refusals import Refusal
from portal.standards.dates import parse_date
from portal.standards.text import is_blank, plain

MAX_LINES = 400
MAX_LINE = 500
MAX_SPAN_DAYS = 31
COLUMNS = 3

REST_WORDS = frozenset({"休", "放假", "节假日", "法定节假日", "holiday"})
WEEKEND_WORDS = frozenset({"节假日（周末）", "节假日(周末)", "holiday_weekend"})
WORK_WORDS = frozenset({"班", "上班", "调休", "调休上班", "makeup"})

_SPAN = re.compile(r"\s*(?:至|到|—+|–|~|～)\s*")
_MONTH_DAY = re.compile(r"([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日?")
_DAY = re.compile(r"([0-9]{1,2})\s*日")


class Reading(NamedTuple):
    """What a table says, and every line that says nothing."""

    rows: list[DayRow]
    refusals: list[Refusal]


def read_notice_table(text: str, year: int) -> Reading:
    """Return the dates that a pasted table or a CSV file names; a line of headings is passed over."""
    lines = [plain(line) for line in text.splitlines()]
    found = Reading([], [])
    if len(lines) > MAX_LINES:
        found.refusals.append(
            _refusal("text_too_long", f"共 {len(lines)} 行，超过上限 {MAX_LINES} 行，请核对内容。")
        )
        return found
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            sentence = f"第 {number} 行有 {len(line)} 字，超过上限 {MAX_LINE} 字，请核对内容。"
            found.refusals.append(_refusal("text_too_long", sentence))
        elif line:
            _read_line(found, number, _cells(line), year)
    return found


def decode_table(content: bytes) -> str | None:
    """Return the text of a CSV file, or None for a workbook or anything else that is no text."""
    if content.startswith(b"PK") or b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return plain(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return None


def _cells(line: str) -> list[str]:
    if "\t" in line:
        cells = line.split("\t")
    elif "," in line or "，" in line:
        cells = next(csv.reader([line.replace("，", ",")]))
    else:
        cells = line.split()
    return [plain(cell) for cell in cells if not is_blank(cell)]


def _read_line(found: Reading, number: int, cells: Sequence[str], year: int) -> None:
    days = _days(cells[0], year) if cells else []
    if not days:
        if number == 1 and cells and not any(letter.isdigit() for letter in cells[0]):
            return  # the headings
        found.refusals.append(
            _refusal(
                "invalid_date",
                f"第 {number} 行“{''.join(cells[:1])[:30]}”不是日期，"
                f"请写成 {year}-10-01、10月1日或 10月1日至7日。",
            )
        )
        return
    if len(cells) < COLUMNS:
        found.refusals.append(
            _refusal("missing_value", f"第 {number} 行应有三列：日期、类型（休或班）、节日名称。")
        )
        return
    for day in days:
        kind = _kind(cells[1], day)
        if kind is None:
            found.refusals.append(
                _refusal(
                    "invalid_value",
                    f"第 {number} 行的类型“{cells[1][:30]}”无法识别，请填“休”或“班”。",
                )
            )
            return
        found.rows.append(DayRow(day, kind, cells[2][:40]))


def _days(text: str, year: int) -> list[date]:
    parts = _SPAN.split(text, maxsplit=1)
    first = _date(parts[0], year, None)
    last = _date(parts[1], year, first) if len(parts) > 1 else first
    if first is None or last is None or not timedelta() <= last - first < timedelta(MAX_SPAN_DAYS):
        return []
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _date(text: str, year: int, after: date | None) -> date | None:
    """Read a date; without a year it is of ``year``, without a month of the month of ``after``."""
    text = plain(text)
    parsed = parse_date(text)
    if parsed:
        return parsed
    if match := _MONTH_DAY.fullmatch(text):
        month, day = map(int, match.groups())
    elif after and (match := _DAY.fullmatch(text)):
        month, day = after.month, int(match[1])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _kind(word: str, day: date) -> DayKind | None:
    lowered = word.lower()
    if lowered in WORK_WORDS:
        return DayKind.MAKEUP
    if lowered in WEEKEND_WORDS:
        return DayKind.HOLIDAY_WEEKEND
    if lowered in REST_WORDS:
        return DayKind.HOLIDAY if day.weekday() < SATURDAY else DayKind.HOLIDAY_WEEKEND
    return None


def _refusal(code: str, sentence: str) -> Refusal:
    return Refusal("table", code, sentence)
