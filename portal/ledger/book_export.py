"""The 资金使用台账 as a document: payments, lines with running sums and the sums of pages, subtotals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.types import ExpenseCategory, FundSource
from portal.clock import date_of
from portal.documents.description_rules import (
    SIGNATURES,
    Cell,
    Column,
    Document,
    Facts,
    Printed,
    Row,
    Table,
    chinese_date,
)
from portal.ledger.book_rules import BookLine, Foot, Paid
from portal.standards.money import format_yuan

LINE_COLUMNS = (
    Column("序号", "number", 6),
    Column("日期", "date", 12),
    Column("凭证号", "typed", 13),
    Column("资金来源", "text", 11),
    Column("支出类别", "text", 10),
    Column("用途摘要", "typed", 30),
    Column("关联任务", "text", 13),
    Column("经办人", "typed", 10),
    Column("收款人", "typed", 18),
    Column("金额（元）", "fen", 13),
    Column("发票或单据号", "typed", 15),
    Column("附件数", "number", 7),
    Column("累计支出（元）", "fen", 14),
    Column("结余（元）", "fen", 14),
    Column("审核人", "typed", 10),
    Column("审核日期", "date", 12),
    Column("备注", "typed", 16),
)
"""After the plan's form of a ledger."""

CATEGORY, AMOUNT, SPENT_SO_FAR, BALANCE = (
    [one.label for one in LINE_COLUMNS].index(label)
    for label in ("支出类别", "金额（元）", "累计支出（元）", "结余（元）")
)
SUMMARY = [one.label for one in LINE_COLUMNS].index("用途摘要")

LINES_ON_PAPER = tuple(
    Printed(one.label, width, (one.label,))
    for one, width in zip(
        LINE_COLUMNS,
        (22, 50, 46, 38, 38, 104, 40, 34, 58, 54, 48, 22, 54, 54, 34, 50, 44),
        strict=True,
    )
)

PAID_COLUMNS = (
    Column("资金来源", "text", 12),
    Column("拨款方", "typed", 26),
    Column("文号", "typed", 20),
    Column("核定（元）", "fen", 15),
    Column("拨付日期", "date", 15),
    Column("银行单据号", "typed", 18),
    Column("拨付（元）", "fen", 15),
    Column("到账日期", "date", 15),
    Column("到账（元）", "fen", 15),
    Column("差额说明", "typed", 24),
)
DIGEST_LABEL = "台账行校验值（SHA-256）"


@dataclass(frozen=True, slots=True)
class WholeBook:
    """All that stands in a book. ``source`` is the only one asked for, None if all are."""

    organisation: str
    credit_code: str
    pairings: Sequence[str]
    year: int
    source: FundSource | None
    paid: Sequence[Paid]
    lines: Sequence[BookLine]
    foot: Foot
    made_at: datetime
    is_demo: bool

    @property
    def title(self) -> str:
        return f"资金使用台账（{self.year}年度）"

    @property
    def source_words(self) -> str:
        return self.source.label if self.source else "全部"


def document_of(book: WholeBook) -> Document:
    """Describe a book, on whatever it is written."""
    on = date_of(book.made_at)
    facts = head_of_book(book)
    return Document(
        title=book.title,
        subject=f"{book.organisation}{book.title}，数据截至 {on}",
        made_at=book.made_at,
        mark="演示数据，非真实业务" if book.is_demo else "",
        parts=(Facts(facts), paid_table(book.paid), lines_table(book), subtotals(book.foot)),
        is_across=True,
        above=(
            f"填报单位：{book.organisation}（{book.credit_code}）　　结对：{'、'.join(book.pairings) or '无'}"
            f"　　资金来源：{book.source_words}　　数据截至：{chinese_date(on)}"
        ),
        notes=Facts(
            (
                *facts,
                *((label, _said(value)) for label, value in foot_facts(book.foot)),
                ("排列", "按登记先后；后登记的不改动以前各行的累计支出和结余"),
                (
                    "金额",
                    "支出类别一栏有内容的为支出，冲销和不予认可以负数（红字）列示；其余各行为收入、退回和结转",
                ),
                (DIGEST_LABEL, None),
            )
        ),
        digest_label=DIGEST_LABEL,
        signatures=SIGNATURES,
        foot=f"{book.organisation} · {book.title}",
    )


def head_of_book(book: WholeBook) -> tuple[tuple[str, Cell], ...]:
    """Say of whom and what the book is."""
    return (
        ("机构", book.organisation),
        ("统一社会信用代码", book.credit_code),
        ("结对编号", "、".join(book.pairings) or "本年度没有结对"),
        ("工作年度", book.year),
        ("资金来源", book.source_words),
    )


def foot_facts(foot: Foot) -> tuple[tuple[str, int | str], ...]:
    """Say what the book comes to, in words and fen."""
    rate = "尚无到账" if foot.rate is None else f"{foot.rate:.1%}"
    passed = (("对方机构转付", foot.passed_in_fen), ("转付对方机构", foot.passed_on_fen))
    return (
        ("到账和自筹", foot.came_in_fen),
        ("上年结转", foot.carried_in_fen),
        *((label, fen) for label, fen in passed if fen),
        ("累计支出", foot.spent_fen),
        ("执行率", rate),
        ("不予认可、待退回", foot.to_repay_fen),
        ("结转下年", foot.carried_on_fen),
        ("退回拨款方", foot.returned_fen),
        ("结余", foot.balance_fen),
    )


def _said(value: int | str) -> str:
    return value if isinstance(value, str) else f"{format_yuan(value)} 元"


def line_cells(line: BookLine) -> Row:
    """Return a line under ``LINE_COLUMNS``."""
    return (
        line.number,
        line.booked_on,
        line.voucher,
        line.source.label,
        line.category.label if line.category else None,
        line.purpose,
        line.task_words,
        line.handler,
        line.payee,
        line.amount_fen,
        line.invoice,
        line.files,
        line.spent_so_far_fen,
        line.balance_so_far_fen,
        line.reviewer,
        line.reviewed_on,
        line.note,
    )


def sum_of_page(rows: Sequence[Row]) -> Row:
    """本页合计 (本页支出): what was spent and what came in on these lines, and how it stood after the last."""
    return _sum_row("本页", rows)


def _sum_row(word: str, rows: Sequence[Row]) -> Row:
    spent, came_in = _amounts(rows, is_spending=True), _amounts(rows, is_spending=False)
    cells: list[Cell] = [None] * len(LINE_COLUMNS)
    cells[SUMMARY] = f"{word}支出；另有收入及结转 {format_yuan(came_in)} 元"
    cells[AMOUNT] = spent
    cells[SPENT_SO_FAR] = rows[-1][SPENT_SO_FAR]
    cells[BALANCE] = rows[-1][BALANCE]
    return cells


def _amounts(rows: Sequence[Row], *, is_spending: bool) -> int:
    found = 0
    for row in rows:
        amount = row[AMOUNT]
        assert isinstance(amount, int)  # of every line
        found += amount if bool(row[CATEGORY]) == is_spending else 0
    return found


def lines_table(book: WholeBook) -> Table:
    """Describe the lines; the last sums up the year."""
    rows = [line_cells(line) for line in book.lines]
    return Table(
        heading="收支明细",
        sheet="台账",
        columns=LINE_COLUMNS,
        rows=rows,
        printed=LINES_ON_PAPER,
        total=_sum_row("全年", rows) if rows else None,
        unit="元",
        is_hashed=True,
        empty="本年度尚无收支。",
        page_total=sum_of_page,
    )


def paid_table(paid: Sequence[Paid]) -> Table:
    """Describe what was approved, paid and received."""

    def total(name: str) -> int:
        return sum(getattr(one, name) or 0 for one in paid)

    sums = (
        "合计", None, None, total("allocated_fen"), None, None, total("paid_fen"), None,
        total("received_fen"), None,
    )  # fmt: skip
    return Table(
        heading="资金安排与到账",
        sheet="安排与到账",
        columns=PAID_COLUMNS,
        rows=[(one.source.label, *one[1:]) for one in paid],
        total=sums if paid else None,
        unit="元",
        empty="本年度没有已核定的资金安排。",
    )


def subtotals(foot: Foot) -> Table:
    """Describe the spending by category and source."""
    sources = foot.sources
    columns = (
        Column("支出类别", "text", 14),
        *(Column(source.label, "fen", 15) for source in sources),
        Column("合计", "fen", 15),
        Column("占支出", "share", 10),
    )

    def row(label: str, categories: Sequence[ExpenseCategory]) -> Row:
        amounts = [sum(foot.by.get((one, each), 0) for one in categories) for each in sources]
        whole = sum(amounts)
        return (label, *amounts, whole, whole / foot.spent_fen if foot.spent_fen else None)

    return Table(
        heading="按支出类别和资金来源小计",
        sheet="小计",
        columns=columns,
        rows=[row(one.label, [one]) for one in ExpenseCategory] if foot.by else [],
        total=row("合计", list(ExpenseCategory)) if foot.by else None,
        unit="元",
        empty="本年度尚无支出。",
    )
