"""资金结算表: what an organisation hands in, as a paper to sign and seal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models import Organisation, Pairing, Region, Settlement
from models.types import ExpenseCategory
from portal.clock import date_of
from portal.documents.description_rules import (
    SIGNATURES,
    Cell,
    Column,
    Document,
    Facts,
    Row,
    Section,
    Table,
    chinese_date,
)
from portal.settlements.figure_queries import Figures, figures_of
from portal.standards.money import format_yuan


def title_of(year: int) -> str:
    return f"“牵手计划”资金结算表（{year}年度）"


def document_of(
    session: Session, settlement_id: int, *, made_at: datetime, is_demo: bool
) -> Document:
    """Describe a settlement, on whatever it is written."""
    one = session.get_one(Settlement, settlement_id)
    organisation = session.get_one(Organisation, one.organisation_id)
    province = session.get_one(Region, organisation.province_code)
    pairing = session.get_one(Pairing, one.pairing_id)
    figures = figures_of(session, one.organisation_id, one.year)
    on = date_of(made_at)
    return Document(
        title=title_of(one.year),
        subject=f"{organisation.name}{title_of(one.year)}，数据截至 {on}",
        made_at=made_at,
        mark="演示数据，非真实业务" if is_demo else "",
        parts=(
            Facts(
                (
                    ("机构", organisation.name),
                    ("统一社会信用代码", organisation.credit_code),
                    ("所在省", province.name),
                    ("结对编号", pairing.code),
                    ("工作年度", one.year),
                    ("编号", one.public_id),
                    ("进度", one.state.label),
                )
            ),
            sources_table(figures),
            categories_table(figures),
            Section("三、余款处理", _fate_of(one)),
        ),
        above=f"机构：{organisation.name}　　数据截至：{chinese_date(on)}",
        signatures=SIGNATURES,
        foot=f"{organisation.name} · {title_of(one.year)}",
    )


def _fate_of(one: Settlement) -> tuple[str, ...]:
    if not one.balance_fen:
        return ("本年度没有余款。",)
    left = format_yuan(one.balance_fen)
    said = [f"余款 {left} 元，机构申请{one.wish.label if one.wish else '（未填）'}。"]
    if one.outcome:
        said.append(f"省级民政部门核定：{one.outcome.label}。")
    if one.returned_on:
        said.append(f"{one.returned_on} 已退回拨款方，凭证号 {one.voucher_number}。")
    if one.note:
        said.append(f"说明：{one.note}")
    return tuple(said)


def sources_table(figures: Figures) -> Table:
    """Describe what came in, was spent and is left, by source."""
    rows: list[Row] = [
        (
            one.source.label,
            one.carried_fen,
            one.received_fen,
            one.spent_fen,
            _rate(one.spent_fen, one.carried_fen + one.received_fen),
            one.left_fen,
        )
        for one in figures.sources
    ]
    there = figures.sum_of("carried_fen") + figures.received_fen
    return Table(
        heading="一、按资金来源",
        sheet="按来源",
        columns=(
            Column("资金来源", "text", 14),
            Column("上年结转", "fen", 15),
            Column("到账", "fen", 15),
            Column("支出", "fen", 15),
            Column("执行率", "share", 10),
            Column("余款", "fen", 15),
        ),
        rows=rows,
        total=(
            "合计",
            figures.sum_of("carried_fen"),
            figures.received_fen,
            figures.spent_fen,
            _rate(figures.spent_fen, there),
            figures.balance_fen,
        )
        if rows
        else None,
        unit="元",
        empty="本年度没有收支。",
    )


def categories_table(figures: Figures) -> Table:
    """Describe what was spent, by category and source."""
    sources = figures.spent_sources

    def row(label: str, categories: list[ExpenseCategory]) -> Row:
        amounts: list[Cell] = [
            sum(figures.spent.get((one, source), 0) for one in categories) for source in sources
        ]
        whole = sum(figures.spent_on(one) for one in categories)
        return (label, *amounts, whole, _rate(whole, figures.spent_fen))

    return Table(
        heading="二、按支出类别",
        sheet="按类别",
        columns=(
            Column("支出类别", "text", 14),
            *(Column(source.label, "fen", 15) for source in sources),
            Column("合计", "fen", 15),
            Column("占支出", "share", 10),
        ),
        rows=[row(one.label, [one]) for one in ExpenseCategory] if sources else [],
        total=row("合计", list(ExpenseCategory)) if sources else None,
        unit="元",
        empty="本年度没有支出。",
    )


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
