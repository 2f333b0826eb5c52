"""The pictures of money: out of which source on what, and how it arrived and was spent over the year."""

from __future__ import annotations

from portal.dashboards.part_export import Cell, Column, Picture
from portal.dashboards.queries import Dashboard
from portal.standards.money import format_yuan

LEFT = "结余"


def funds(found: Dashboard) -> Picture:
    """Return what went out of each source into each category, and what is left of it."""
    uses = found.money.uses
    rows = [
        [
            Cell(one.source.label),
            Cell(one.category.label if one.category else LEFT),
            yuan_cell(one.fen),
        ]
        for one in uses
    ]
    spent = sum(one.fen for one in uses if one.category)
    left = sum(one.fen for one in uses if not one.category)
    targets = dict.fromkeys(one.category.label if one.category else LEFT for one in uses)
    return Picture(
        "funds",
        "资金来源 → 支出类别",
        f"已支出 {format_yuan(spent)} 元，结余 {format_yuan(left)} 元。",
        "只计援派机构已入账的支出；不予认可、待退回的不在其内。线的粗细为金额（元）。",
        [
            Column("source", "资金来源", "start"),
            Column("category", "支出类别", "start"),
            Column("amount", "金额（元）"),
        ],
        rows,
        {
            "unit": "元",
            "nodes": [
                *(
                    {"name": name, "depth": 0}
                    for name in dict.fromkeys(one.source.label for one in uses)
                ),
                *({"name": name, "depth": 1} for name in targets),
            ],
            "links": [
                {
                    "source": one.source.label,
                    "target": one.category.label if one.category else LEFT,
                    "value": one.fen / 100,
                }
                for one in uses
            ],
        },
        is_empty=not uses,
    )


def execution(found: Dashboard) -> Picture:
    """Return what had arrived and was spent by the end of each month."""
    steps = [one for one in found.money.steps if one.span.first <= found.today]
    last = steps[-1] if steps else None
    rate = last.spent_fen / last.received_fen if last and last.received_fen else None
    words = (
        f"到账累计 {format_yuan(last.received_fen)} 元，支出累计 {format_yuan(last.spent_fen)} 元"
        if last
        else "尚无到账"
    )
    return Picture(
        "execution",
        "资金到账与支出进度",
        words + ("。" if rate is None else f"，执行率 {rate:.1%}。"),
        "按到账日期和支出日期逐月累计；早于或晚于本工作年度的并入首月或末月。",
        [
            Column("month", "截至", "start"),
            Column("received", "到账累计（元）"),
            Column("spent", "支出累计（元）"),
            Column("rate", "执行率"),
        ],
        [
            [
                Cell(one.span.label),
                yuan_cell(one.received_fen),
                yuan_cell(one.spent_fen),
                Cell(f"{one.spent_fen / one.received_fen:.1%}" if one.received_fen else None),
            ]
            for one in steps
        ],
        {
            "months": [one.span.label[5:] for one in steps],
            "received": [one.received_fen / 100 for one in steps],
            "spent": [one.spent_fen / 100 for one in steps],
        },
        is_empty=not any(one.received_fen or one.spent_fen for one in steps),
    )


def yuan_cell(fen: int) -> Cell:
    """Return an amount: a number in the file, as people write money on the page."""
    return Cell(fen / 100, shown=format_yuan(fen))
