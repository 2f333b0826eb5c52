"""资金结算表: what an organisation hands in, as a paper to sign and seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.types import ExpenseCategory, SettlementOutcome, SettlementState
from portal.clock import date_of
from portal.documents.description_rules import (
    SIGNATURES,
    Cell,
    Column,
    Document,
    Facts,
    Row,
    Table,
    chinese_date,
)
from portal.settlements.figure_rules import Figures
from portal.standards.money import format_yuan

MOST_UPRIGHT = 3
"""Sources beside whose amounts of seven digits a sheet that stands upright has room."""


def title_of(year: int) -> str:
    return f"“牵手计划”资金结算表（{year}年度）"


@dataclass(frozen=True, slots=True)
class SettlementPaper:
    """All that stands on a settlement; ``balance_fen`` is what was left when it was handed in."""

    organisation: str
    credit_code: str
    province: str
    pairing: str
    year: int
    number: str
    state: SettlementState
    figures: Figures
    balance_fen: int
    wish: SettlementOutcome | None
    outcome: SettlementOutcome | None
    note: str
    returned_on: date | None
    voucher_number: str | None
    made_at: datetime
    is_demo: bool


def document_of(paper: SettlementPaper) -> Document:
    """Describe a settlement, on whatever it is written."""
    title, on = title_of(paper.year), date_of(paper.made_at)
    return Document(
        title=title,
        subject=f"{paper.organisation}{title}，数据截至 {on}",
        made_at=paper.made_at,
        mark="演示数据，非真实业务" if paper.is_demo else "",
        parts=(
            Facts(
                (
                    ("机构", paper.organisation),
                    ("统一社会信用代码", paper.credit_code),
                    ("所在省", paper.province),
                    ("结对编号", paper.pairing),
                    ("工作年度", paper.year),
                    ("编号", paper.number),
                    ("进度", paper.state.label),
                )
            ),
            sources_table(paper.figures),
            categories_table(paper.figures),
            Facts(_fate_of(paper)),
        ),
        is_across=len(paper.figures.spent_sources) > MOST_UPRIGHT,
        above=f"填报单位：{paper.organisation}　　数据截至：{chinese_date(on)}",
        signatures=SIGNATURES,
        foot=f"{paper.organisation} · {title}",
    )


def _fate_of(paper: SettlementPaper) -> tuple[tuple[str, str], ...]:
    if not paper.balance_fen:
        return (("余款", "本年度没有余款"),)
    back = f"{paper.returned_on}，凭证号 {paper.voucher_number}" if paper.returned_on else ""
    rows = (
        ("余款", f"{format_yuan(paper.balance_fen)} 元"),
        ("机构申请", paper.wish.label if paper.wish else ""),
        ("省级核定", paper.outcome.label if paper.outcome else ""),
        ("退回", back),
        ("说明", paper.note),
    )
    return tuple((label, text) for label, text in rows if text)


def sources_table(figures: Figures) -> Table:
    """Describe what came in, was spent and is left, by source."""
    passed = (Column("转付净额", "fen", 15),) if figures.has_passed else ()
    rows: list[Row] = [
        (
            one.source.label,
            one.carried_fen,
            one.received_fen,
            *((one.passed_fen,) if passed else ()),
            one.spent_fen,
            _rate(one.spent_fen, one.carried_fen + one.received_fen + one.passed_fen),
            one.left_fen,
        )
        for one in figures.sources
    ]
    passed_fen = figures.sum_of("passed_fen")
    there = figures.sum_of("carried_fen") + figures.received_fen + passed_fen
    return Table(
        heading="一、按资金来源",
        sheet="按来源",
        columns=(
            Column("资金来源", "text", 14),
            Column("上年结转", "fen", 15),
            Column("到账", "fen", 15),
            *passed,
            Column("支出", "fen", 15),
            Column("执行率", "share", 10),
            Column("余款", "fen", 15),
        ),
        rows=rows,
        total=(
            "合计",
            figures.sum_of("carried_fen"),
            figures.received_fen,
            *((passed_fen,) if passed else ()),
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
