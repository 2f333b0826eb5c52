"""The certificate of service (服务证明) as a document, from its frozen facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.types import Side
from portal.documents.description_rules import (
    Column,
    Document,
    Seal,
    Section,
    Table,
    chinese_date,
    in_days,
)

YEARS = (
    Column("工作年度", "year", 12),
    Column("首个工作日", "code", 16),
    Column("末个工作日", "code", 16),
    Column("计入工作日（天）", "days", 16),
)
TITLE = "服务证明"


def certificate_of(
    facts: Mapping[str, Any], *, made_at: datetime, code: str, superseded_by: str | None
) -> Document:
    """Describe a certificate; ``code`` is that of its hash, ``superseded_by`` the later number."""
    days = sum(year["centidays"] for year in facts["years"])
    issued_on = date.fromisoformat(facts["issued_on"])
    notes = [f"校验码 {code}：在本平台“核验服务证明”中凭文号和校验码核对本证明。"]
    if facts.get("supersedes"):
        notes.append(f"本证明取代 {facts['supersedes']}，后者同时失效。")
    return Document(
        title=TITLE,
        subject=f"{TITLE} {facts['number']}",
        made_at=made_at,
        number=facts["number"],
        mark=_mark(facts, superseded_by),
        parts=(
            Section("", (_who(facts), _how_long(facts, days, issued_on))),
            Table("", "计入工作日", YEARS, [_year(one) for one in facts["years"]], total=(
                "合计", None, None, in_days(days),
            )),
            Section("", ("特此证明。",)),
        ),
        seal=Seal(f"{facts['issuer']}（盖章）", issued_on),
        footnotes=tuple(notes),
    )  # fmt: skip


def _mark(facts: Mapping[str, Any], superseded_by: str | None) -> str:
    if superseded_by:
        return f"已失效：由 {superseded_by} 取代"
    return "演示数据，非真实业务" if facts["is_demo"] else ""


def _who(facts: Mapping[str, Any]) -> str:
    number = f"（证件号码 {facts['id_number']}）" if facts["id_number"] else ""
    part = (
        f"作为援派社会工作专业人员，赴{_at(facts['county'], facts['partner'])}开展帮扶服务"
        if facts["side"] == Side.SENT
        else f"作为受援社会工作专业人员，在{facts['county']}接受{facts['partner']}的帮扶"
    )
    return (
        f"{facts['person']}{number}系{facts['organisation']}（统一社会信用代码"
        f" {facts['credit_code']}）工作人员，在“牵手计划”结对（编号 {facts['pairing']}）中{part}。"
    )


def _at(place: str, name: str) -> str:
    """Name an organisation at a place; where its name begins as the place ends, that stands once."""
    shared = next((n for n in range(len(name), 1, -1) if place.endswith(name[:n])), 0)
    return place + name[shared:]


def _how_long(facts: Mapping[str, Any], days: int, issued_on: date) -> str:
    terms = "、".join(
        f"{chinese_date(date.fromisoformat(first))}至{chinese_date(date.fromisoformat(last))}"
        for first, last in facts["terms"]
    )
    return (
        f"选派期限为{terms}。截至{chinese_date(issued_on)}，经机构确认、县级民政部门核准并计入的"
        f"工作日共 {in_days(days):,} 天，分年度如下："
    )


def _year(year: Mapping[str, Any]) -> tuple[str | int | float, ...]:
    return year["year"], year["first"], year["last"], in_days(year["centidays"])
