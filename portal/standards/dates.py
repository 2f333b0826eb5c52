"""Dates as people and spreadsheets write them (GB/T 7408), and months between two dates."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone

from portal.standards.text import plain_dashes, trimmed

_NOTATIONS = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]"),
)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
# What other systems write behind a date that has no time.
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
# Mainland China has kept UTC+8 without summer time since 1992.
_CHINA = timezone(timedelta(hours=8))

# Spreadsheets know no earlier day; a smaller year is a slip of the pen.
EARLIEST_YEAR = 1900

# No term, certificate or payment reaches further; with 9999-12-31 no day after can be computed.
LATEST_YEAR = 2199


def parse_date(value: object) -> date | None:
    """The date that a cell or a form field holds, or None.

    Accepted are date and datetime, and the texts ``2022-03-01``, ``2022/3/1``, ``2022.3.1`` and
    ``2022年3月1日``, with whatever dash and with a midnight behind. Numbers are not: an Excel serial
    number and 20220301 cannot be told from other figures. Years before 1900 and after 2199 give
    None. A datetime with a zone is taken in China's.
    """
    parsed = _date_of(value)
    return parsed if parsed and EARLIEST_YEAR <= parsed.year <= LATEST_YEAR else None


def is_date_of_another_age(value: object) -> bool:
    """Is this a date that ``parse_date`` refuses for its year alone?"""
    return _date_of(value) is not None and parse_date(value) is None


def full_months_between(start: date, end: date) -> int:
    """Whole calendar months from ``start`` to ``end``, 0 if ``end`` lies before ``start``.

    A month is full on the day of the same number, or on the last day of a month that has no such
    day (民法典 art. 202): from 31 January one month is full on 28 or 29 February.
    """
    if end < start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    reached = end.day >= start.day or (end + timedelta(days=1)).month != end.month
    return months if reached else months - 1


def latest_start(months: int, end: date) -> date:
    """The latest day from which ``months`` whole months are full on ``end``.

    The other way round of ``full_months_between``: for searching in a database.
    """
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    last_day = monthrange(year, month + 1)[1]
    is_last_of_month = (end + timedelta(days=1)).month != end.month
    return date(year, month + 1, last_day if is_last_of_month else min(end.day, last_day))


def parse_month(value: str | None) -> date | None:
    """The first day of a month as addresses write it (``2022-03``), or None."""
    return parse_date(f"{value}-01") if _MONTH.fullmatch(value or "") else None


def month_of(day: date) -> date:
    """The first day of a date's month."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last day of a date's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_in_words(months: int) -> str:
    """Write a number of months as people say it: 136 → 11 年 4 个月, 24 → 2 年, 10 → 10 个月."""
    years, rest = divmod(months, 12)
    parts = [f"{years} 年"] if years else []
    if rest or not years:
        parts.append(f"{rest} 个月")
    return " ".join(parts)


def _date_of(value: object) -> date | None:
    if isinstance(value, datetime):
        return (value.astimezone(_CHINA) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    return _date_in_text(trimmed(value)) if isinstance(value, str) else None


def _date_in_text(text: str) -> date | None:
    text = _MIDNIGHT.sub("", plain_dashes(text))
    for notation in _NOTATIONS:
        if match := notation.fullmatch(text):
            year, month, day = map(int, match.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None
