"""Amounts, dates, names of money as somebody writes them; the year to which it belongs. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.types import SettlementState
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal
from portal.standards.money import format_yuan, parse_yuan
from portal.standards.text import is_blank, plain

MOST_FEN = 1_000_000_000
"""A single amount: ten million yuan, some 300 times the subsidy of a year. Who types more has most
likely taken fen for yuan."""

MAX_SHOWN = 30
"""Characters of a wrong value that a sentence repeats."""

MAX_PAYER, MAX_NUMBER = 120, 60
"""Characters of a payer or payee, and of the number of a document or voucher."""

BOOKING = "登记该年度的资金"
"""What a closed work year forbids."""


class Amount(NamedTuple):
    """An amount as somebody wrote it: in fen, or None with what is wrong with it."""

    fen: int | None
    refusals: tuple[Refusal, ...]


def read_amount(value: object, field: str = "amount", noun: str = "金额") -> Amount:
    """Read an amount in yuan from a form or a cell: positive, two decimals at most, below the limit.

    Full-width digits are digits, ``②`` and ``²`` are none; nothing is ever rounded.
    """
    if value is None or (isinstance(value, str) and is_blank(value)):
        return _wrong(field, "missing_value", f"请填写{noun}。")
    fen = parse_yuan(plain(value) if isinstance(value, str) else value)
    if fen is None:
        return _wrong(
            field,
            "invalid_amount",
            f"{noun}应为以元为单位的数字，最多两位小数，例如 1234.50；实际为“{_shown(value)}”。",
        )
    if fen <= 0:
        return _wrong(field, "invalid_amount", f"{noun}应大于 0 元，实际为“{_shown(value)}”。")
    if fen > MOST_FEN:
        return _wrong(
            field,
            "invalid_amount",
            f"{noun} {format_yuan(fen)} 元超过单笔上限 {format_yuan(MOST_FEN)} 元，请核对单位是否为元。",
        )
    return Amount(fen, ())


def _wrong(field: str, code: str, sentence: str) -> Amount:
    return Amount(None, (Refusal(field, code, sentence),))


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


class FundYear(NamedTuple):
    """Where money is booked: for which pairing, in which work year, of which organisation."""

    pairing_id: int
    year: int
    organisation_id: int


class YearFacts(NamedTuple):
    """A work year in which an organisation's money is booked for a pairing.

    ``starts_on`` is None where the pairing is not in it, or is no longer; ``settlement`` where the organisation's money
    of the year was never handed in for settlement.
    """

    year: int
    starts_on: date | None
    is_closed: bool
    ends_on: date | None = None
    settlement: SettlementState | None = None


FROZEN = frozenset(SettlementState) - {SettlementState.RETURNED}
"""As long as a settlement waits, and once it is settled, nothing else is booked in its year."""


def refusals_for_year(code: str, year: YearFacts) -> list[Refusal]:
    """Say why money cannot be booked for a pairing in a work year."""
    if year.starts_on is None:
        return [
            Refusal(
                "year",
                "outside_work_year",
                f"结对 {code} 不在 {year.year} 工作年度内，请核对年度。",
            )
        ]
    return refusals_for_finishing(year)


def refusals_for_finishing(year: YearFacts) -> list[Refusal]:
    """Say why what was begun in a work year cannot be finished or taken back.

    Unlike what is begun, it does not ask whether the pairing is still in the year: what was paid before
    it ended is confirmed, cut, repaid and settled all the same (B44).
    """
    return [
        *refusals_for_closed_years([year.year] if year.is_closed else [], BOOKING),
        *refusals_for_settled(year.year, year.settlement),
    ]


def refusals_for_settled(year: int, settlement: SettlementState | None) -> list[Refusal]:
    """Say that the money of an organisation and year stands as it was handed in for settlement."""
    if settlement not in FROZEN:
        return []
    assert settlement is not None  # of those
    remedy = (
        "请先由机构撤回结算，或由省级民政部门退回修改"
        if settlement == SettlementState.SUBMITTED
        else "确有必要的，请先由省级民政部门重新打开结算"
    )
    sentence = f"{year} 年度资金结算{settlement.label}，不能再{BOOKING}；{remedy}。"
    return [Refusal("year", "settled_year", sentence)]


def refusals_for_name(value: str, field: str, noun: str) -> list[Refusal]:
    if is_blank(value):
        return [Refusal(field, "missing_value", f"请填写{noun}。")]
    if (length := len(plain(value))) > MAX_PAYER:
        return [Refusal(field, "text_too_long", f"{noun} {length} 字，超过上限 {MAX_PAYER} 字。")]
    return []


def refusals_for_number(value: str | None, field: str, noun: str) -> list[Refusal]:
    length = len(plain(value or ""))
    if length > MAX_NUMBER:
        return [Refusal(field, "text_too_long", f"{noun} {length} 字，超过上限 {MAX_NUMBER} 字。")]
    return []


def refusals_for_day(
    day: date,
    field: str,
    noun: str,
    *,
    today: date,
    first: date | None,
    last: date | None = None,
) -> list[Refusal]:
    """A date on paper is not of the future, and not before the year to which the money belongs.

    With ``last`` it is not after that year either: what is spent belongs to the year of its date.
    """
    if day > today:
        return [Refusal(field, "future_date", f"{noun} {day} 晚于今天（{today}），请核对。")]
    if first is not None and day < first:
        sentence = f"{noun} {day} 早于该工作年度的首日 {first}，请核对日期或年度。"
        return [Refusal(field, "outside_work_year", sentence)]
    if last is not None and day > last:
        sentence = f"{noun} {day} 晚于该工作年度的末日 {last}，请核对日期或年度。"
        return [Refusal(field, "outside_work_year", sentence)]
    return []
