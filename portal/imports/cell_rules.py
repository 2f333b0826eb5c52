"""What a cell means: one function a meaning, each answers a value or raises :class:`BadCell`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from models.types import Labelled
from portal.imports.sheet_rules import Cell
from portal.imports.sheet_xml_rules import NO_RESULT
from portal.ledger.amount_rules import read_amount
from portal.pairings.rules import normalise_code
from portal.standards.dates import parse_date
from portal.standards.formulas import unguarded
from portal.standards.names import stored_name
from portal.standards.text import compact_upper, is_digits, plain, trimmed

EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; a longer one has lost its end."""

STATISTICAL_DIGITS = 12
"""The codes of statistics have twelve digits down to the village."""

MOST_DAYS = 1_000
"""In one cell; more is no number of days but a slip of the column."""

LONGEST_ERROR = 40
"""Characters up to which a text is looked at for one of these."""

_ERROR = re.compile(r"#(?:[A-Z][A-Z0-9_/]*[!?]|N/A|GETTING_DATA|#+)|ERR:[0-9]{3}")
"""What a spreadsheet shows where it has nothing to show; also where a file holds it as text."""

_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?E\+[0-9]{2,3}", re.IGNORECASE)
"""What a spreadsheet shows of a long number: 6.53228E+17."""

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")

_LOST = "请把该列的单元格格式设为“文本”，再对照原件重新填写。"


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


def refuse_no_content(cell: Cell) -> None:
    """Refuse a cell that says that it has no content; whatever its column, it is no blank one."""
    if not isinstance(cell, str) or len(cell) > LONGEST_ERROR:
        return
    shown = trimmed(cell)
    if shown == NO_RESULT:
        raise BadCell(
            "invalid_value",
            "该单元格是公式，文件中没有保存它的计算结果。请用 Excel 或 WPS 打开文件、保存后再上传，"
            "或复制后“选择性粘贴”为数值。",
        )
    if _ERROR.fullmatch(shown.upper()):
        raise BadCell(
            "invalid_value",
            f"该单元格是错误值 {shown}，不是内容。请改正它的公式或引用，或直接填写内容；"
            "确实没有内容的，请清空该单元格。",
        )
    if shown in ("TRUE", "FALSE"):
        raise BadCell("invalid_value", f"该单元格是逻辑值 {shown}，不是内容，请填写内容或清空。")


def as_text(cell: Cell) -> str:
    """Return a cell as the text that a person sees in it; whole numbers without a point."""
    if isinstance(cell, str):
        return unguarded(plain(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if abs(cell) >= 10**EXACT_DIGITS:
        return f"{cell:.5E}"
    return f"{cell:.0f}" if cell.is_integer() else repr(cell)


def text(cell: Cell) -> str:
    """A text as a reader sees it, without white space at both ends."""
    if isinstance(cell, float) and abs(cell) >= 10**EXACT_DIGITS:
        raise BadCell("invalid_value", f"被保存为数字，末几位已丢失。{_LOST}")
    found = as_text(cell).strip()
    if _SCIENTIFIC.fullmatch(found):
        raise BadCell("invalid_value", f"“{found}”是科学计数法，末几位已丢失。{_LOST}")
    return found


def title(cell: Cell) -> str:
    """A number of a paper or a record: half-width, letters as they were typed."""
    if isinstance(cell, date):
        raise BadCell(
            "invalid_value", f"被保存为日期 {as_text(cell)[:10]}，原来的写法已丢失。{_LOST}"
        )
    if isinstance(cell, float) and not cell.is_integer():
        raise BadCell("invalid_value", f"被保存为小数 {cell!r}，原来的写法可能已改变。{_LOST}")
    # Somebody typed the apostrophe that keeps a number as a text, and it became part of it.
    return trimmed(text(cell)).removeprefix("'").strip()


def name(cell: Cell) -> str:
    """A name as it is stored."""
    return stored_name(text(cell))


def code(cell: Cell) -> str:
    """A code or number that names something: half-width, without spaces, in capitals."""
    return compact_upper(title(cell))


def township_code(cell: Cell) -> str:
    """The nine digits of a township; the code of statistics has three zeros more."""
    found = code(cell)
    return found[:9] if len(found) == STATISTICAL_DIGITS and found.endswith("000") else found


def pairing_code(cell: Cell) -> str:
    """The code of a pairing, with whatever dash and in small or capital letters."""
    return normalise_code(title(cell))


def long_code(fault_code: str) -> Parse:
    """A code of 18 characters; digits that a spreadsheet lost have the column's own code."""

    def parse(cell: Cell) -> str:
        try:
            return code(cell)
        except BadCell as bad:
            raise BadCell(fault_code, bad.fault.sentence) from None

    return parse


def title_up_to(most: int) -> Parse:
    """A number of a paper of at most so many characters."""

    def parse(cell: Cell) -> str:
        found = title(cell)
        if len(found) > most:
            raise BadCell("text_too_long", f"有 {len(found)} 字，超过上限 {most} 字，请精简。")
        return found

    return parse


def text_up_to(most: int) -> Parse:
    """A text of at most so many characters."""

    def parse(cell: Cell) -> str:
        found = text(cell)
        if len(found) > most:
            raise BadCell("text_too_long", f"有 {len(found)} 字，超过上限 {most} 字，请精简。")
        return found

    return parse


def amount(cell: Cell) -> int:
    """An amount in yuan, in fen: what the pages accept (portal/ledger/amount_rules.py)."""
    found = read_amount(as_text(cell) if isinstance(cell, str | date) else cell)
    if found.fen is None:
        raise BadCell(found.refusals[0].code, found.refusals[0].sentence)
    return found.fen


def day(cell: Cell) -> date:
    """A date: a real one, or 2022-03-01, 2022/3/1, 2022.3.1, 2022年3月1日."""
    found = parse_date(as_text(cell) if isinstance(cell, str) else cell)
    if found is None:
        shown = as_text(cell).strip()[:30]
        hint = "请把单元格格式设为“日期”，或写成" if isinstance(cell, float) else "请写成"
        raise BadCell(
            "invalid_date",
            f"“{shown}”不是有效日期，{hint} 2022-03-01、2022/3/1、2022.3.1 或 2022年3月1日。",
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
    if isinstance(cell, str) and _DECIMAL.fullmatch(typed := trimmed(as_text(cell))):
        number = float(typed)
    # What a formula computed may be off in the last of its digits, which nobody sees.
    halves = None if number is None else round(number * 2, 9)
    if halves is None or not halves.is_integer() or not 0 <= halves <= 2 * MOST_DAYS:
        raise BadCell(
            "invalid_days", f"“{as_text(cell).strip()[:30]}”不是可填报的天数，应为 0.5 或 1。"
        )
    return int(halves)


def one_of(kind: type[Labelled], allowed: Sequence[Labelled] | None = None) -> Parse:
    """One of the Chinese words of a closed set."""
    # Brackets come in either width; a label is compared as a cell is.
    members = {trimmed(member.label): member for member in allowed or kind}
    listed = "、".join(member.label for member in members.values())

    def parse(cell: Cell) -> Labelled:
        found = trimmed(as_text(cell))
        if found not in members:
            raise BadCell("invalid_value", f"“{found[:30]}”不在可选值中，应为：{listed}。")
        return members[found]

    return parse
