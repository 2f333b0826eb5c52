"""What is due to a sending organisation in a work year, and what is short. Pure.

30,000 yuan across provinces, 20,000 within one, once for each organisation and year (三(一), decisions
B25, B44); at least 30,000 more from the province that sends (三(二), B24).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from models.types import Mode
from portal.ledger.rules import Money
from portal.programme.policy import Policy
from portal.standards.money import format_yuan

SUBSIDY_CLAUSE = "三(一)"
PROVINCE_CLAUSE = "三(二)"
SPENDING_CLAUSE = "三(一)"


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


def entitlement(modes: Iterable[Mode], policy: Policy) -> Entitlement:
    """Return what is due to an organisation whose effective pairings of a year have these modes.

    Of several the dearer counts, once (B44); without any nothing is due.
    """
    found = [subsidy_fen(mode, policy) for mode in modes]
    if not found:
        return NOTHING_DUE
    return Entitlement(max(found), int(policy["province_min_fen"]))


def shortages(due: Entitlement, money: Money) -> list[ShortOf]:
    """Say what is short of what is due, and what was spent against the rule.

    What counts is what arrived in the organisation's bank: what was approved or paid is on its way.
    """
    found = []
    if money.subsidy_received_fen < due.subsidy_fen:
        found.append(
            _short(
                "subsidy_short",
                "部级补助未足额到账",
                "部级补助",
                money.subsidy_received_fen,
                due.subsidy_fen,
                SUBSIDY_CLAUSE,
            )
        )
    if money.province_received_fen < due.province_fen:
        found.append(
            _short(
                "province_short",
                "省级配套不足",
                "派出省的资金保障",
                money.province_received_fen,
                due.province_fen,
                PROVINCE_CLAUSE,
            )
        )
    if money.to_repay_fen > 0:
        found.append(
            ShortOf(
                "spending_not_eligible",
                "支出不符合规定",
                money.to_repay_fen,
                0,
                SPENDING_CLAUSE,
                f"有 {format_yuan(money.to_repay_fen)} 元支出经抽查不予认可，尚未退回；请将款项退回"
                "本计划资金账户并登记退回。",
            )
        )
    return found


def _short(code: str, title: str, noun: str, have: int, need: int, clause: str) -> ShortOf:
    sentence = (
        f"{noun}本年度到账 {format_yuan(have)} 元，应不少于 {format_yuan(need)} 元，"
        f"还差 {format_yuan(need - have)} 元。"
    )
    return ShortOf(code, title, have, need, clause, sentence)
