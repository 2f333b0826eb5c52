"""Whose money it is to plan and pay; what an organisation raised itself. Pure."""

from __future__ import annotations

from datetime import date

from models.types import FundSource
from portal.ledger.amount_rules import (
    YearFacts,
    refusals_for_day,
    refusals_for_name,
    refusals_for_number,
    refusals_for_year,
)
from portal.ledger.rules import GUARANTEED
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.refusals import Refusal
from portal.standards.text import plain

FROM_NATION = frozenset({FundSource.MCA_SUBSIDY})
FROM_PROVINCE = GUARANTEED
MINISTRY, GUARANTEE = "subsidy", "province"
"""The two parts that are due to a sending organisation: the ministry's subsidy (三(一)), what its
province guarantees (三(二))."""

PARTS: dict[str, frozenset[FundSource]] = {MINISTRY: FROM_NATION, GUARANTEE: FROM_PROVINCE}
RAISED = frozenset(FundSource) - FROM_NATION
"""What an organisation may have raised itself (三(三)): all but the ministry's subsidy."""


def not_ones_own(source: FundSource) -> Refusal:
    if source == FundSource.SELF:
        sentence = "“自筹”由机构自行登记，不作资金安排；请选择其他来源。"
    elif source in FROM_NATION:
        sentence = "“部级补助”由国家级民政部门安排和拨付，不在您的职权内。"
    else:
        sentence = f"“{source.label}”由援派方所在省的省级民政部门安排和拨付，不在您的职权内。"
    return Refusal("source", "outside_scope", sentence)


def refusals_for_income(
    source: FundSource,
    *,
    code: str,
    life: PairingLife,
    year: YearFacts,
    payer: str,
    received_on: date,
    today: date,
    voucher_number: str,
    is_there: bool = False,
) -> list[Refusal]:
    """Say why an organisation cannot record what it raised itself for a pairing (三(三), B42)."""
    found = [*refusals_for_use(Use.FUND, life, "pairing"), *refusals_for_year(code, year)]
    if source not in RAISED:
        sentence = "“部级补助”由国家级民政部门拨付，到账后在拨付记录上确认，不作自行筹措登记。"
        found.append(Refusal("source", "outside_scope", sentence))
    found += refusals_for_name(payer, "payer", "付款方")
    found += refusals_for_day(
        received_on, "received_on", "到账日期", today=today, first=year.starts_on
    )
    found += refusals_for_name(voucher_number, "voucher_number", "凭证号")
    found += refusals_for_number(voucher_number, "voucher_number", "凭证号")
    if is_there:
        sentence = (
            f"{year.year} 年度“{source.label}”已登记过凭证号为“{plain(voucher_number)}”、"
            f"{received_on} 到账、金额相同的收入；重复的请不要再登记，另一笔请填写自己的凭证号。"
        )
        found.append(Refusal("voucher_number", "duplicate", sentence))
    return found
