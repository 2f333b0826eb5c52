"""What an auditor asks of an organisation's year of money: each question with its numbers. Pure.

A question accuses nobody: it says what was found, why it is asked, and asks for the reason. ``facts`` is
the hash of the figures behind it: the same figures are asked of once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from models.types import FundQuestion, FundSource
from portal.programme.policy import Policy
from portal.standards.money import format_yuan

Q = FundQuestion

CLAUSE = "三(一)"
"""补助资金由援派机构统筹用于“牵手计划”实施工作."""


class AskingLimits(NamedTuple):
    """From where on something is asked; dated parameters of the policy."""

    idle_days: int
    year_end_days: int
    year_end_pct: float
    round_fen: int
    round_count: int
    shared_payee: int
    no_invoice_pct: float


def limits_of(policy: Policy) -> AskingLimits:
    return AskingLimits(
        idle_days=int(policy["fund_idle_days"]),
        year_end_days=int(policy["fund_year_end_days"]),
        year_end_pct=float(policy["fund_year_end_pct"]),
        round_fen=int(policy["fund_round_fen"]),
        round_count=int(policy["fund_round_count"]),
        shared_payee=int(policy["fund_shared_payee"]),
        no_invoice_pct=float(policy["fund_no_invoice_pct"]),
    )


def end_begins_on(ends_on: date, limits: AskingLimits) -> date:
    """Return the first of the last days of a work year."""
    return ends_on - timedelta(days=limits.year_end_days - 1)


class Some(NamedTuple):
    """Several expenditures: how many, what they come to in fen, and the sum of their numbers, by
    which those are told from others of the same amount."""

    number: int = 0
    fen: int = 0
    numbers: int = 0


class CashBook(NamedTuple):
    """What arrived of a source, day by day in fen, and what of it is still there."""

    source: FundSource
    arrived: tuple[tuple[date, int], ...]
    held_fen: int


class Early(NamedTuple):
    """Expenditures out of a source that are dated before anything of it had arrived."""

    source: FundSource
    some: Some
    first_spent_on: date
    first_arrived_on: date


class Payee(NamedTuple):
    """Who is paid by so many organisations of a province, and what by this one."""

    name: str
    organisations: int
    some: Some


class YearOfMoney(NamedTuple):
    """An organisation's year, as far as the questions ask. ``end_from`` is the first day of its end."""

    spent_fen: int
    end_from: date
    cash: tuple[CashBook, ...] = ()
    early: tuple[Early, ...] = ()
    round_at_end: Some = Some()
    at_end: Some = Some()
    payees: tuple[Payee, ...] = ()
    no_invoice: Some = Some()
    for_people: Some = Some()
    counted_centidays: int = 0


class Doubt(NamedTuple):
    """疑点: what was found and why it is asked. ``rule`` is the parameter that sets the limit.

    ``payee`` is set where the expenditures of one payee answer it.
    """

    code: FundQuestion
    found: str
    why: str
    facts: str
    rule: str | None = None
    payee: str | None = None


def questions_of(year: YearOfMoney, limits: AskingLimits, today: date) -> list[Doubt]:
    """Return what is to be asked of a year, in the order of the kinds."""
    return [question for ask in _ASKED for question in ask(year, limits, today)]


def _ask(
    code: FundQuestion,
    found: str,
    why: str,
    facts: Iterable[object],
    *,
    rule: str | None = None,
    payee: str | None = None,
) -> Doubt:
    written = "|".join(map(str, (code.value, *facts)))
    return Doubt(code, found, why, hashlib.sha256(written.encode()).hexdigest(), rule, payee)


def _idle(year: YearOfMoney, limits: AskingLimits, today: date) -> Iterator[Doubt]:
    """What came first is spent first."""
    before = today - timedelta(days=limits.idle_days)
    for book in year.cash:
        gone = sum(fen for _, fen in book.arrived) - book.held_fen
        old = sorted((day, fen) for day, fen in book.arrived if day <= before and fen > 0)
        idle, since = 0, None
        for day, fen in old:
            left = max(fen - max(gone, 0), 0)
            gone -= fen
            idle += left
            since = since or (day if left else None)
        if idle > 0 and since is not None:
            yield _ask(
                Q.IDLE,
                f"{book.source.label} {format_yuan(idle)} 元到账已满 {limits.idle_days} 天仍未使用，"
                f"最早的一笔于 {since} 到账。",
                "补助资金用于计划实施；长期未用的，请说明原因，或办理结转、退回。",
                (book.source.value, idle, since),
                rule="fund_idle_days",
            )


def _early(year: YearOfMoney, _limits: AskingLimits, _today: date) -> Iterator[Doubt]:
    for one in year.early:
        yield _ask(
            Q.EARLY,
            f"{one.source.label}首笔于 {one.first_arrived_on} 到账，此前已列支 {one.some.number} 笔，"
            f"共 {format_yuan(one.some.fen)} 元，最早的日期是 {one.first_spent_on}。",
            "钱未到账就已支出：是垫付的，请说明由谁垫付；日期有误的，请冲销后更正。",
            (one.source.value, *one.some, one.first_spent_on, one.first_arrived_on),
        )


def _round(year: YearOfMoney, limits: AskingLimits, _today: date) -> Iterator[Doubt]:
    some = year.round_at_end
    if some.number >= limits.round_count:
        yield _ask(
            Q.ROUND,
            f"{year.end_from} 以后有 {some.number} 笔支出是 {format_yuan(limits.round_fen)} 元的整数倍，"
            f"共 {format_yuan(some.fen)} 元（工资津贴除外）。",
            "实际发生的费用少有整数；请说明是否预付、预提，并附明细。",
            some,
            rule="fund_round_count",
        )


def _surge(year: YearOfMoney, limits: AskingLimits, _today: date) -> Iterator[Doubt]:
    some = year.at_end
    if some.fen and some.fen * 100 >= limits.year_end_pct * year.spent_fen:
        yield _ask(
            Q.SURGE,
            f"{year.end_from} 以后支出 {format_yuan(some.fen)} 元，占全年支出 "
            f"{format_yuan(year.spent_fen)} 元的 {some.fen / year.spent_fen:.0%}。",
            "年末集中支出；请说明工作是否确在这一期间开展，资金是否到账较晚。",
            (*some, year.spent_fen),
            rule="fund_year_end_pct",
        )


def _payees(year: YearOfMoney, limits: AskingLimits, _today: date) -> Iterator[Doubt]:
    for one in year.payees:
        if one.organisations >= limits.shared_payee:
            yield _ask(
                Q.PAYEE,
                f"“{one.name}”本年度在本省 {one.organisations} 家机构收款，其中本机构 {one.some.number} 笔，"
                f"共 {format_yuan(one.some.fen)} 元。",
                "多家机构向同一方付款；请说明是否统一采购，价格怎样确定。",
                (one.name, one.organisations, *one.some),
                rule="fund_shared_payee",
                payee=one.name,
            )


def _no_invoice(year: YearOfMoney, limits: AskingLimits, _today: date) -> Iterator[Doubt]:
    some = year.no_invoice
    if some.fen and some.fen * 100 >= limits.no_invoice_pct * year.spent_fen:
        yield _ask(
            Q.NO_INVOICE,
            f"有 {some.number} 笔支出既没有票据文件，也没有单据号，共 {format_yuan(some.fen)} 元，"
            f"占全年支出的 {some.fen / year.spent_fen:.0%}。",
            "支出须有凭证；请补充票据，或说明为什么不能取得。",
            (*some, year.spent_fen),
            rule="fund_no_invoice_pct",
        )


def _without_days(year: YearOfMoney, _limits: AskingLimits, _today: date) -> Iterator[Doubt]:
    some = year.for_people
    if some.fen and not year.counted_centidays:
        yield _ask(
            Q.WITHOUT_DAYS,
            f"已列支交通补贴、餐补、工资津贴 {some.number} 笔，共 {format_yuan(some.fen)} 元，"
            "而本年度还没有计入的工作日。",
            "人员费用应有相应的工作日；请补报工作日志，或说明原因。",
            some,
        )


_ASKED: tuple[Callable[[YearOfMoney, AskingLimits, date], Iterator[Doubt]], ...] = (
    _idle,
    _early,
    _round,
    _surge,
    _payees,
    _no_invoice,
    _without_days,
)
