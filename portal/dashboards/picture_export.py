"""The pictures of a page in words and numbers: title, sentence, how it is computed, table, drawing.

The table on the page and the file are one; the drawing gets the same numbers. What a number links
to is named here, and its address is made by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from models.types import Side
from portal.dashboards.geography_export import flow, regions
from portal.dashboards.money_export import execution, funds
from portal.dashboards.part_export import (
    PAGE,
    PAIRINGS,
    PROVINCE,
    Cell,
    Column,
    Link,
    Picture,
    asked_of,
    days_cell,
    in_days,
    list_asks_of,
)
from portal.dashboards.queries import Dashboard, HeatRow, Level
from portal.dashboards.rules import CENTIDAYS, Curve, Point
from portal.dashboards.sentence_export import (
    PACE_NOTE,
    days_words,
    heat_words,
    progress_words,
    stage_words,
)
from portal.dashboards.tile_rules import short_name

DRAWN = 40
"""Rows of the heat map that are drawn; more could not be told apart."""


def progress(found: Dashboard) -> Picture:
    """Return the cumulative days of each month beside the even pace, and the forecast band."""
    columns = [Column("month", "截至", "start")]
    for side in Side:
        columns += [
            Column(f"{side}_needed", f"{side.label}应有进度"),
            Column(f"{side}_counted", f"{side.label}累计计入"),
            Column(f"{side}_waiting", f"{side.label}待审"),
            Column(f"{side}_forecast", f"{side.label}预测区间"),
        ]
    steps = {side: _steps(found, found.curves[side]) for side in Side}
    labels = [label for label, _, _ in steps[Side.SENT]]
    rows = [
        [Cell(label), *(cell for side in Side for cell in _point(steps[side][place][2]))]
        for place, label in enumerate(labels)
    ]
    return Picture(
        "progress",
        "累计工作日与应有进度",
        progress_words(found),
        PACE_NOTE,
        columns,
        rows,
        {
            "months": labels,
            "starts": found.span[0].isoformat(),
            "ends": [day.isoformat() for _, day, _ in steps[Side.SENT]],
            "sides": [_side(side, steps[side]) for side in Side],
        },
        is_empty=found.totals.sums.pairings == 0,
    )


def _steps(found: Dashboard, curve: Curve) -> list[tuple[str, date, Point]]:
    """Return the months with their last days, and before the end of the present one, today.

    What counts by today is not held against the pace of a whole month, and the forecast starts
    from it.
    """
    steps = []
    for point in curve.points:
        span, goes_on = point.span, point.low is not None
        if goes_on and span.first <= found.today < span.last:
            label = f"{span.label}{found.today.day}日"
            high = curve.counted + curve.waiting
            now = Point(span, curve.needed_now, curve.counted, curve.waiting, curve.counted, high)
            steps.append((label, found.today, now))
            steps.append((span.label, span.last, point._replace(counted=None, waiting=None)))
        else:
            steps.append((span.label, span.last, point))
    return steps


def _point(point: Point) -> list[Cell]:
    band = None
    if point.low is not None and point.high is not None:
        low, high = days_words(point.low), days_words(point.high)
        band = low if low == high else f"{low}～{high}"
    return [*(days_cell(one) for one in (point.needed, point.counted, point.waiting)), Cell(band)]


def _side(side: Side, steps: Sequence[tuple[str, date, Point]]) -> dict[str, Any]:
    return {
        "name": side.label,
        **{
            name: [in_days(getattr(point, name)) for _, _, point in steps]
            for name in ("needed", "counted", "waiting", "low", "high")
        },
    }


def heat(found: Dashboard) -> Picture:
    """Return the counted days of each province, county or pairing, month by month."""
    label = {Level.PROVINCE: "受援省份", Level.COUNTY: "受援县", Level.PAIRING: "结对"}[found.level]
    columns = [
        Column("name", label, "start"),
        *(Column(str(span.month), span.label[5:]) for span in found.months),
        Column("total", "合计"),
    ]
    months = [span.month for span in found.months]
    rows = [
        [
            Cell(row.name, _heat_link(found, row)),
            *(days_cell(row.months.get(month, 0)) for month in months),
            days_cell(row.total, _heat_rows(found, row)),
        ]
        for row in found.heat
    ]
    drawn = found.heat[:DRAWN]
    note = "计入工作日为援派与受援之和，只计已按口径计入的天数。"
    if found.level != Level.PAIRING:
        note += "颜色只分天数多少：结对多的地方颜色深，不表示进度快。"
    if len(drawn) < len(found.heat):
        note += f"图中只画前 {DRAWN} 行，全部 {len(found.heat)} 行见数据表。"
    return Picture(
        "heat",
        f"各月计入工作日（按{label}）",
        heat_words(found),
        note,
        columns,
        rows,
        {
            "rows": [_heat_name(found, row) for row in drawn],
            "months": [span.label[5:] for span in found.months],
            "cells": [
                [across, down, (row.months.get(month, 0)) / CENTIDAYS]
                for down, row in enumerate(drawn)
                for across, month in enumerate(months)
            ],
            "links": [_heat_link(found, row) for row in drawn],
        },
        is_empty=not any(row.months for row in found.heat),
    )


def _heat_name(found: Dashboard, row: HeatRow) -> str:
    return short_name(row.code, row.name) if found.level == Level.PROVINCE else row.name


def _heat_link(found: Dashboard, row: HeatRow) -> Link:
    match found.level:
        case Level.PROVINCE:
            return Link(PAGE, {**asked_of(found), "province": row.code})
        case Level.COUNTY:
            return Link(PAGE, {**asked_of(found), "county": row.code})
    return Link("pairings.pairing", {"code": row.code, "year": found.year}, "pairing.read")


def _heat_rows(found: Dashboard, row: HeatRow) -> Link:
    """Return where the rows behind a total stand."""
    if found.level == Level.PAIRING:
        asked = {"pairing": row.code, "year": found.year}
        return Link("workdays.list_workdays", asked, "workday.read")
    kept = {name: value for name, value in asked_of(found).items() if name in SUMMARY_ASKS}
    if found.level == Level.COUNTY:
        kept["county"] = row.code
    return Link(PROVINCE, {**kept, "code": row.province_code, "side": "received"})


SUMMARY_ASKS = ("year", "line", "mode", "finding")


def stages(found: Dashboard) -> Picture:
    """Return how many pairings have come how far."""
    known, lists = found.stages, list_asks_of(found)
    every = Link(PAIRINGS, lists, "pairing.read")
    lines: list[tuple[str, int, Link | None, Link | None]] = [
        ("已建立结对", known.paired, every, None),
        (
            "已登记帮扶协议",
            known.agreed,
            None,
            Link(PAIRINGS, {**lists, "finding": "no_agreement"}, "pairing.read"),
        ),
        ("双方均有已批准人员", known.staffed, None, None),
        ("已有工作日计入", known.running, None, None),
        (
            "达标",
            known.compliant,
            Link(PAIRINGS, {**lists, "compliant": "yes"}, "pairing.read"),
            Link(PAIRINGS, {**lists, "compliant": "no"}, "pairing.read"),
        ),
    ]
    rows = [
        [Cell(label), Cell(count, link), Cell(known.paired - count, rest)]
        for label, count, link, rest in lines
    ]
    if known.allocated is not None:
        table = Link("programme.show_allocations", {"year": found.year}, "allocation.read")
        open_places = max(known.allocated - known.paired, 0)
        rows.insert(0, [Cell("任务分配"), Cell(known.allocated, table), Cell(open_places)])
    return Picture(
        "stages",
        "结对进展到哪一步",
        stage_words(found),
        "各环节分别计数，不要求前一环节已完成；“尚未”指已结对中尚未达到该环节的对数，任务分配一行为尚未结对的对数。",
        [Column("stage", "环节", "start"), Column("count", "对数"), Column("rest", "尚未")],
        rows,
        {
            "stages": [
                {"name": row[0].value, "value": row[1].value, "link": row[1].link} for row in rows
            ]
        },
        is_empty=not any(row[1].value for row in rows),
    )


PICTURES: Mapping[str, Callable[[Dashboard], Picture]] = {
    "progress": progress,
    "stages": stages,
    "regions": regions,
    "flow": flow,
    "heat": heat,
    "funds": funds,
    "execution": execution,
}
"""In the order of the page."""
