"""What a cell means: one function a meaning, each answers a value or raises :class:`BadCell`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from models.types import Labelled
from portal.imports.sheet import Cell
from portal.standards.dates import parse_date
from portal.standards.names import stored_name
from portal.standards.text import compact_upper, half_width, is_digits, plain, trimmed

EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; a longer one has lost its end."""

MOST_DAYS = 1_000
"""In one cell; more is no number of days but a slip of the column."""

GUARDED = frozenset("=+-@\t\r＝＋－＠")
"""Our text exports write an apostrophe before these, so that no text becomes a formula."""


class Fault(NamedTuple):
    """What is wrong with a cell: a stable code, and a sentence that says how to mend it."""

    code: str
    sentence: str


class BadCell(Exception):
    """A cell that does not mean what its column needs."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.fault = Fault(code, sentence)


Parse = Callable[[Cell], Any]


def as_text(cell: Cell) -> str:
    """Return a cell as the text that a person sees in it; whole numbers without a point."""
    if isinstance(cell, str):
        text = plain(cell)
        return text[1:] if text[:1] == "'" and text[1:2] in GUARDED else text
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:.0f}" if cell.is_integer() else repr(cell)


def text(cell: Cell) -> str:
    """A text as a reader sees it, without white space at both ends."""
    return as_text(cell).strip()


def name(cell: Cell) -> str:
    """A name as it is stored."""
    return stored_name(as_text(cell))


def code(cell: Cell) -> str:
    """A code or number that names something: half-width, without spaces, in capitals."""
    if isinstance(cell, float) and abs(cell) >= 10**EXACT_DIGITS:
        raise BadCell(
            "invalid_value",
            "被保存为数字，末几位已丢失。请把该列单元格格式设为“文本”，再重新填写。",
        )
    return compact_upper(as_text(cell))


def long_code(fault_code: str) -> Parse:
    """A code of 18 characters; digits that a spreadsheet lost have the column's own code."""

    def parse(cell: Cell) -> str:
        try:
            return code(cell)
        except BadCell as bad:
            raise BadCell(fault_code, bad.fault.sentence) from None

    return parse


def title(cell: Cell) -> str:
    """A number of a paper or a record: half-width, letters as they were typed."""
    return trimmed(as_text(cell))


def title_up_to(most: int) -> Parse:
    """A number of a paper of at most so many characters."""

    def parse(cell: Cell) -> str:
        found = title(cell)
        if len(found) > most:
            raise BadCell("text_too_long", f"有 {len(found)} 字，超过上限 {most} 字，请精简。")
        return found

    return parse


def day(cell: Cell) -> date:
    """A date: a real one, or 2022-03-01, 2022/3/1, 2022年3月1日."""
    found = parse_date(as_text(cell) if isinstance(cell, str) else cell)
    if found is None:
        shown = as_text(cell).strip()[:30]
        hint = "请把单元格格式设为“日期”，或写成" if isinstance(cell, float) else "请写成"
        raise BadCell(
            "invalid_date",
            f"“{shown}”不是有效日期，{hint} 2022-03-01、2022/3/1 或 2022年3月1日。",
        )
    return found


def whole_number(cell: Cell) -> int:
    """A whole number that is not negative."""
    if isinstance(cell, float) and cell.is_integer() and 0 <= cell < 10**EXACT_DIGITS:
        return int(cell)
    found = trimmed(as_text(cell)).removesuffix(".0")
    if not is_digits(found) or len(found) > EXACT_DIGITS:
        raise BadCell("invalid_value", f"“{found[:30]}”不是整数，请填写数字。")
    return int(found)


def half_days(cell: Cell) -> int:
    """A number of days in halves: 0.5 is 1, 1 is 2. Whether so many are allowed the rules say."""
    number: float | None = cell if isinstance(cell, float) else None
    if isinstance(cell, str):
        try:
            number = float(half_width(as_text(cell)).strip())
        except ValueError:
            number = None
    if number is None or not (number * 2).is_integer() or not 0 <= number <= MOST_DAYS:
        raise BadCell(
            "invalid_days", f"“{as_text(cell).strip()[:30]}”不是可填报的天数，应为 0.5 或 1。"
        )
    return int(number * 2)


def one_of(kind: type[Labelled], allowed: Sequence[Labelled] | None = None) -> Parse:
    """One of the Chinese words of a closed set."""
    members = {member.label: member for member in allowed or kind}
    listed = "、".join(members)

    def parse(cell: Cell) -> Labelled:
        found = trimmed(as_text(cell))
        if found not in members:
            raise BadCell("invalid_value", f"“{found[:30]}”不在可选值中，应为：{listed}。")
        return members[found]

    return parse
