"""What may be spent on what, out of which source: the plan's matrix, and what a province changed. Pure.

三(一) names five categories and says 主要包括: anything else is 其他, with a reason, the province's approval
and a cap (B27). Lottery money has a negative list of its own (B28): no wages until the province opens
them, and no 公务接待, 公务用车, 人员支出 whatever the category. What a page, an import and a program are told
comes from ``refusals_for_expenditure`` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from models.types import ExpenseCategory, FundSource
from portal.ledger.amount_rules import (
    YearFacts,
    refusals_for_day,
    refusals_for_name,
    refusals_for_number,
    refusals_for_year,
)
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal
from portal.standards.money import format_yuan
from portal.standards.text import half_width, is_blank, plain

S, C = FundSource, ExpenseCategory

CLAUSE = "三(一)"
MAX_PURPOSE = 500
"""Characters of 用途摘要: a line of the ledger, and a sentence more."""
MAX_ROUTE = 120

CLOSED_BY_DEFAULT = frozenset({(S.LOTTERY, C.WAGES)})
"""Cells that no province has opened (B28)."""

NEGATIVE_LIST: dict[str, tuple[str, ...]] = {
    "公务接待": ("公务接待", "接待费", "招待费", "宴请"),
    "公务用车": ("公务用车", "公车", "购车", "车辆购置"),
    "人员支出": ("人员支出", "人员经费", "工资", "薪酬", "奖金"),
}
"""What lottery money may not pay, and by which words of the purpose it is known."""

APART = frozenset("-_·•.*/\\|~")
"""What is written between the characters of a word, besides blanks, without making it another."""


class Eligibility(Enum):
    """What becomes of a cell of the matrix on a day."""

    OPEN = "可以列支"
    WITH_APPROVAL = "须省级核准"
    CLOSED = "不可列支"


class CellRule(NamedTuple):
    """What a province said of a cell, from a day on."""

    source: FundSource
    category: ExpenseCategory
    is_allowed: bool
    valid_from: date
    recorded_at: datetime
    reason: str


class Matrix(NamedTuple):
    """The matrix of a province on a day: by cell, the rule of the province where it has one."""

    province: str
    changed: Mapping[tuple[FundSource, ExpenseCategory], CellRule]

    def verdict(self, source: FundSource, category: ExpenseCategory) -> Eligibility:
        cell = (source, category)
        rule = self.changed.get(cell)
        is_open = rule.is_allowed if rule else cell not in CLOSED_BY_DEFAULT
        if not is_open:
            return Eligibility.CLOSED
        return Eligibility.WITH_APPROVAL if category == C.OTHER else Eligibility.OPEN

    def rows(self) -> list[tuple[FundSource, list[Eligibility]]]:
        """Return the whole matrix, a source a row, the categories in their order."""
        return [(source, [self.verdict(source, one) for one in C]) for source in S]


def matrix_on(province: str, rules: Iterable[CellRule], day: date) -> Matrix:
    """Return the matrix of a province on a day: of a cell the latest rule that is in force then counts."""
    changed: dict[tuple[FundSource, ExpenseCategory], CellRule] = {}
    for rule in sorted(rules, key=lambda one: (one.valid_from, one.recorded_at)):
        if rule.valid_from <= day:
            changed[rule.source, rule.category] = rule
    return Matrix(province, changed)


class Spending(NamedTuple):
    """An expenditure as somebody writes it. ``from_file``: a file has no column for some of it."""

    source: FundSource
    category: ExpenseCategory
    amount_fen: int
    spent_on: date
    payee: str
    purpose: str
    invoice_number: str | None = None
    other_reason: str | None = None
    route: str | None = None
    travelled_from: date | None = None
    travelled_until: date | None = None
    has_person: bool = False
    from_file: bool = False


class Ground(NamedTuple):
    """What stands where money is to be spent: the year, the matrix of its day, the cap of 其他.

    ``other_fen`` is what is claimed or booked as 其他 in the year besides, ``received_fen`` what arrived.
    """

    code: str
    year: YearFacts
    matrix: Matrix
    other_fen: int
    received_fen: int
    other_cap_pct: float


def refusals_for_expenditure(spending: Spending, ground: Ground, *, today: date) -> list[Refusal]:
    """Say every reason why this may not be spent: each names the rule, what is there, what helps.

    Asked when it is claimed and once more when it is booked. That there is enough money is the
    ledger's to say (``over_balance``).
    """
    year = ground.year
    found = refusals_for_year(ground.code, year)
    found += refusals_for_day(
        spending.spent_on,
        "spent_on",
        "支出日期",
        today=today,
        first=year.starts_on,
        last=year.ends_on,
    )
    found += refusals_for_cell(spending.source, spending.category, ground.matrix)
    found += refusals_for_words(spending.source, spending.category, spending.purpose, ground.matrix)
    if not spending.from_file:
        found += refusals_for_name(spending.payee, "payee", "收款人")
        found += refusals_for_reason(spending.purpose, "登记支出", field="purpose", noun="用途摘要")
    if (length := len(plain(spending.purpose))) > MAX_PURPOSE:
        sentence = f"用途摘要 {length} 字，超过上限 {MAX_PURPOSE} 字。"
        found.append(Refusal("purpose", "text_too_long", sentence))
    found += refusals_for_number(spending.invoice_number, "invoice_number", "发票或单据号")
    if spending.category == C.OTHER:
        found += refusals_for_cap(spending.amount_fen, ground)
    return found + ([] if spending.from_file else _refusals_for_details(spending))


def refusals_for_cell(
    source: FundSource, category: ExpenseCategory, matrix: Matrix
) -> list[Refusal]:
    """Say that a source pays no such category: by the province's rule, or before it has one."""
    if matrix.verdict(source, category) != Eligibility.CLOSED:
        return []
    rule = matrix.changed.get((source, category))
    if rule:
        why = f"{matrix.province}自 {rule.valid_from} 起关闭（{rule.reason}）"
    else:
        why = "彩票公益金负面清单，所在省未开放"
    sentence = (
        f"“{source.label}”不可列支“{category.label}”：{why}；"
        f"请改用其他来源，或请{matrix.province}民政部门开放后再登记。"
    )
    return [Refusal("source", "not_eligible", sentence)]


def refusals_for_words(
    source: FundSource, category: ExpenseCategory, purpose: str, matrix: Matrix
) -> list[Refusal]:
    """Say that the purpose names what lottery money may not pay (B28)."""
    if source != S.LOTTERY:
        return []
    said = "".join(sign for sign in half_width(purpose) if not (sign.isspace() or sign in APART))
    wages_are_open = category == C.WAGES and matrix.verdict(source, category) != Eligibility.CLOSED
    found = []
    for item, words in NEGATIVE_LIST.items():
        word = next((one for one in words if one in said), None)
        if word and not (item == "人员支出" and (wages_are_open or category == C.WAGES)):
            sentence = (
                f"“彩票公益金”不可用于“{item}”（负面清单），用途摘要中写有“{word}”；"
                "请改用其他来源，确非此类的请改写用途摘要。"
            )
            found.append(Refusal("purpose", "not_eligible", sentence))
    return found


def cap_fen(ground: Ground) -> int:
    """Return how much of a year may be 其他, in fen: a part of what arrived (B27)."""
    return int(ground.received_fen * ground.other_cap_pct / 100)


def refusals_for_cap(amount_fen: int, ground: Ground) -> list[Refusal]:
    """Say that 其他 would go beyond its part of what arrived in the year."""
    most = cap_fen(ground)
    if ground.other_fen + amount_fen <= most:
        return []
    left = max(most - ground.other_fen, 0)
    sentence = (
        f"“其他”类支出不得超过本年度到账 {format_yuan(ground.received_fen)} 元的"
        f" {ground.other_cap_pct:g}%（{format_yuan(most)} 元），已登记 {format_yuan(ground.other_fen)} 元，"
        f"还可登记 {format_yuan(left)} 元，本笔 {format_yuan(amount_fen)} 元；"
        "请减少金额，或归入五类支出。"
    )
    return [Refusal("amount", "over_cap", sentence)]


def _refusals_for_details(spending: Spending) -> list[Refusal]:
    """Say what a category asks for besides: 其他 its reason, transport its trip, wages their person."""
    found: list[Refusal] = []
    if spending.category == C.OTHER:
        found += refusals_for_reason(
            spending.other_reason, "“其他”类支出", field="other_reason", noun="理由"
        )
    if spending.category == C.TRANSPORT:
        found += _refusals_for_trip(spending)
    if spending.category == C.WAGES and not spending.has_person:
        sentence = "“工资津贴”须写明付给谁、哪几天的工作，请选择人员。"
        found.append(Refusal("person", "missing_value", sentence))
    return found


def _refusals_for_trip(spending: Spending) -> list[Refusal]:
    found = []
    length = len(plain(spending.route or ""))
    if is_blank(spending.route):
        sentence = "“交通补贴”须写明路线，例如：福州—银川—红寺堡。"
        found.append(Refusal("route", "missing_value", sentence))
    elif length > MAX_ROUTE:
        sentence = f"路线 {length} 字，超过上限 {MAX_ROUTE} 字。"
        found.append(Refusal("route", "text_too_long", sentence))
    first, last = spending.travelled_from, spending.travelled_until
    for day, field, noun in ((first, "travelled_from", "出发"), (last, "travelled_until", "返回")):
        if day is None:
            sentence = f"“交通补贴”须写明行程起止日期，请填写{noun}日期。"
            found.append(Refusal(field, "missing_value", sentence))
    if first and last and last < first:
        sentence = f"返回日期 {last} 早于出发日期 {first}，请核对行程日期。"
        found.append(Refusal("travelled_until", "invalid_date", sentence))
    return found


class PaidDay(NamedTuple):
    """A logged day that is to be paid, or for which somebody travelled."""

    workday_id: int
    worked_on: date
    person_id: int
    is_approved: bool


def refusals_for_days(
    spending: Spending, days: Collection[PaidDay], *, person_id: int | None
) -> list[Refusal]:
    """Say why these days do not belong to an expenditure: wages pay approved days of their person."""
    if spending.from_file or spending.category not in (C.WAGES, C.TRANSPORT):
        return []
    if spending.category == C.TRANSPORT:
        first, last = spending.travelled_from, spending.travelled_until
        outside = [one for one in days if first and last and not first <= one.worked_on <= last]
        return [
            Refusal(
                "days",
                "outside_trip",
                f"{one.worked_on} 的工作日志不在行程 {first} 至 {last} 之内，请取消勾选或核对行程日期。",
            )
            for one in outside
        ]
    if spending.has_person and not days:
        sentence = "“工资津贴”须勾选所付的工作日（已核准的），请先列出该人员的工作日再勾选。"
        return [Refusal("days", "missing_value", sentence)]
    found = []
    for one in days:
        if one.person_id != person_id:
            sentence = f"{one.worked_on} 的工作日志不是所选人员的，请重新列出并勾选。"
            found.append(Refusal("days", "other_person", sentence))
        elif not one.is_approved:
            sentence = f"{one.worked_on} 的工作日志尚未核准，核准后才能列支工资津贴。"
            found.append(Refusal("days", "not_approved", sentence))
    return found


def refusals_for_cell_change(
    *, is_allowed: bool, valid_from: date, today: date, year_starts_on: date, is_so_already: bool
) -> list[Refusal]:
    """Say why a province cannot open or close a cell from a day on.

    What is opened may hold from the beginning of the work year, as the paper says that opened it; what
    is closed holds from today at the earliest: nobody's claim becomes wrong afterwards.
    """
    found = []
    first = year_starts_on if is_allowed else today
    if valid_from < first:
        word = "开放最早自本工作年度首日" if is_allowed else "关闭最早自今天"
        sentence = f"{word} {first} 起，填写的是 {valid_from}，请改填日期。"
        found.append(Refusal("valid_from", "invalid_date", sentence))
    if is_so_already:
        sentence = (
            f"这一项在 {valid_from} 已经是“{'可列支' if is_allowed else '不可列支'}”，无须调整。"
        )
        found.append(Refusal("is_allowed", "unchanged", sentence))
    return found
