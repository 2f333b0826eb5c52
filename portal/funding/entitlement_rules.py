"""What is due to a sending organisation in a work year, and what is short. Pure.

30,000 yuan across provinces, 20,000 within one, once for each organisation and year (三(一), decisions
B25, B44); at least 30,000 more from the province that sends (三(二), B24).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from models.types import Mode
from portal.ledger.rules import Money
from portal.programme.policy import Policy
from portal.standards.money import format_yuan

SUBSIDY_CLAUSE = "三(一)"
PROVINCE_CLAUSE = "三(二)"
SPENDING_CLAUSE = "三(一)"


MONEY_TITLES = {
    "subsidy_short": "部级补助未足额到账",
    "province_short": "省级配套不足",
    "spending_not_eligible": "支出不符合规定",
}
"""What may be said of the money of a sending organisation in a year, beside what makes it compliant."""


class Entitlement(NamedTuple):
    """What is due in a work year, in fen."""

    subsidy_fen: int
    province_fen: int


NOTHING_DUE = Entitlement(0, 0)


class ShortOf(NamedTuple):
    """One thing that is short, as the summary tells it; ``have`` and ``need`` in fen."""

    code: str
    title: str
    have: int
    need: int
    clause: str
    message: str


def subsidy_fen(mode: Mode, policy: Policy) -> int:
    """Return the ministry's subsidy of a sending organisation and year, in fen (三(一))."""
    key = "subsidy_in_province_fen" if mode == Mode.IN_PROVINCE else "subsidy_cross_fen"
    return int(policy[key])


def province_fen(policy: Policy) -> int:
    """Return what the sending province guarantees to an organisation and year, in fen (三(二))."""
    return int(policy["province_min_fen"])


def dearer_mode(policy: Policy) -> Mode:
    """Return the mode that counts where a sending organisation has pairings of both (B44)."""
    return max(Mode, key=lambda mode: subsidy_fen(mode, policy))


def entitlement(modes: Iterable[Mode], policy: Policy) -> Entitlement:
    """Return what is due to an organisation whose effective pairings of a year have these modes.

    Of several the dearer counts, once (B44); without any nothing is due.
    """
    found = [subsidy_fen(mode, policy) for mode in modes]
    return Entitlement(max(found), province_fen(policy)) if found else NOTHING_DUE


def short_codes(due: Entitlement, money: Money) -> list[str]:
    """Say what is short of what is due, and that something was spent against the rule, by its code.

    What counts is what arrived in the organisation's bank: what was approved or paid is on its way.
    """
    found = []
    if money.subsidy_received_fen < due.subsidy_fen:
        found.append("subsidy_short")
    if money.province_received_fen < due.province_fen:
        found.append("province_short")
    if money.to_repay_fen > 0:
        found.append("spending_not_eligible")
    return found


def shortages(due: Entitlement, money: Money) -> list[ShortOf]:
    """Return the same with what there is, what is needed, and the clause."""
    return [_TOLD[code](due, money) for code in short_codes(due, money)]


def _short(code: str, noun: str, have: int, need: int, clause: str) -> ShortOf:
    sentence = (
        f"{noun}本年度到账 {format_yuan(have)} 元，应不少于 {format_yuan(need)} 元，"
        f"还差 {format_yuan(need - have)} 元。"
    )
    return ShortOf(code, MONEY_TITLES[code], have, need, clause, sentence)


def _not_eligible(_due: Entitlement, money: Money) -> ShortOf:
    code = "spending_not_eligible"
    return ShortOf(
        code,
        MONEY_TITLES[code],
        money.to_repay_fen,
        0,
        SPENDING_CLAUSE,
        f"有 {format_yuan(money.to_repay_fen)} 元支出经抽查不予认可，尚未退回；请将款项退回"
        "本计划资金账户并登记退回。",
    )


_TOLD: dict[str, Callable[[Entitlement, Money], ShortOf]] = {
    "subsidy_short": lambda due, money: _short(
        "subsidy_short",
        "部级补助",
        money.subsidy_received_fen,
        due.subsidy_fen,
        SUBSIDY_CLAUSE,
    ),
    "province_short": lambda due, money: _short(
        "province_short",
        "派出省的资金保障",
        money.province_received_fen,
        due.province_fen,
        PROVINCE_CLAUSE,
    ),
    "spending_not_eligible": _not_eligible,
}
