"""The summary on paper: cover, provinces, pairings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from portal.summaries.column_export import (
    AREA_COLUMNS,
    DIGEST_LABEL,
    SENDER_COLUMNS,
    SIGNATURES,
    Cell,
    Column,
    area_cells,
    days,
    facts_of,
    pairing_cells,
    remarks_on,
    sender_cells,
    text_of,
)
from portal.summaries.paper import Paper, PaperColumn
from portal.summaries.queries import Summary
from portal.summaries.rules import PairingLine

AREA_ON_PAPER = (
    ("地区", "地区", 66.0),
    ("应结对数", "应结对数", 32.0),
    ("实际结对数", "实际结对数", 32.0),
    ("完成率", "完成率", 36.0),
    ("重点帮扶县数", "重点帮扶县数", 34.0),
    ("覆盖数", "覆盖数", 30.0),
    ("覆盖率", "覆盖率", 36.0),
    ("达标结对数", "达标结对数", 32.0),
    ("援派机构数", "援派机构数", 32.0),
    ("援派人数", "援派人数", 32.0),
    ("合格援派人数", "合格援派人数", 34.0),
    ("援派工作日合计", "援派工作日", 40.0),
    ("援派人均工作日", "人均", 30.0),
    ("援派每人最少工作日", "每人最少", 30.0),
    ("援派待审工作日", "待审", 36.0),
    ("受援机构数", "受援机构数", 32.0),
    ("受援人数", "受援人数", 32.0),
    ("受援工作日合计", "受援工作日", 42.0),
    ("受援人均工作日", "人均", 30.0),
    ("受援每人最少工作日", "每人最少", 30.0),
    ("受援待审工作日", "待审", 36.0),
    ("乡镇街道数", "乡镇街道数", 34.0),
)
"""Which of AREA_COLUMNS stand on paper, under which heading, how wide."""

SENDER_WIDTHS = {"援派省份": 96.0, "省级应配套（元）": 68.0}
SENDER_ON_PAPER = tuple(
    (column.label, column.label, SENDER_WIDTHS.get(column.label, 60.0))
    for column in SENDER_COLUMNS[1:]
)


def _places(columns: Sequence[Column], on_paper: Sequence[tuple[str, str, float]]) -> list[int]:
    labels = [column.label for column in columns]
    return [labels.index(label) for label, _, _ in on_paper]


def _paper(on_paper: Sequence[tuple[str, str, float]]) -> tuple[PaperColumn, ...]:
    first, *rest = (PaperColumn(label, width, is_number=True) for _, label, width in on_paper)
    return (first._replace(is_number=False), *rest)


AREA_PAPER, SENDER_PAPER = _paper(AREA_ON_PAPER), _paper(SENDER_ON_PAPER)

PAIRING_PAPER = (
    PaperColumn("序号", 28, is_number=True),
    PaperColumn("结对编号", 62),
    PaperColumn("受援地", 72),
    PaperColumn("援派机构", 104),
    PaperColumn("受援机构", 104),
    PaperColumn("方式与任务线", 50),
    PaperColumn("援派人数（合格）", 46, is_number=True),
    PaperColumn("援派工作日", 40, is_number=True),
    PaperColumn("待审", 36, is_number=True),
    PaperColumn("受援人数", 32, is_number=True),
    PaperColumn("受援工作日", 40, is_number=True),
    PaperColumn("待审", 36, is_number=True),
    PaperColumn("是否达标", 30),
    PaperColumn("未达标及其他问题", 89),
)


def write_pdf(summary: Summary, file: IO[bytes]) -> None:
    """Write the document page by page; memory grows with pages, not with rows in layout."""
    title = f"{summary.year}年度汇总表"
    paper = Paper(file, f"{summary.programme}{title}", subject=f"{title}，数据截至 {summary.as_of}")
    facts = facts_of(summary, digest="")
    paper.cover(
        f"{summary.programme}{title}",
        [(label, _written(value)) for label, value in facts if label not in SIGNATURES],
        later=DIGEST_LABEL,
    )
    paper.table(f"{title}：按受援省份", AREA_PAPER, area_rows(summary))
    paper.table(f"{title}：按援派省份", SENDER_PAPER, sender_rows(summary))
    digest = hashlib.sha256()
    rows = _hashed_rows(summary, digest.update)
    paper.table(f"{title}：结对明细", PAIRING_PAPER, rows, foot=SIGNATURES)
    hashed = digest.hexdigest()
    paper.close(
        later=hashed,
        footer=f"{title} · 数据截至 {summary.as_of} · 校验值 {hashed[:16]}",
    )


def area_rows(summary: Summary) -> Iterator[list[str]]:
    """Yield every receiving province, and the sums as the last, under ``AREA_PAPER``."""
    places = _places(AREA_COLUMNS, AREA_ON_PAPER)
    for area in (*summary.provinces, summary.totals):
        yield _row(AREA_COLUMNS, area_cells(area), places)


def sender_rows(summary: Summary) -> Iterator[list[str]]:
    """Yield every sending province, and the sums as the last, under ``SENDER_PAPER``."""
    places = _places(SENDER_COLUMNS, SENDER_ON_PAPER)
    for sender in (*summary.senders, summary.all_sent):
        yield _row(SENDER_COLUMNS, sender_cells(sender, summary.policy), places)


def _row(columns: Sequence[Column], cells: Sequence[Cell], places: Sequence[int]) -> list[str]:
    return [
        _share(cells[place]) if columns[place].kind == "share" else _figure(cells[place])
        for place in places
    ]


def _hashed_rows(summary: Summary, take: Callable[[bytes], None]) -> Iterator[list[str]]:
    cells = pairing_cells(summary)
    for number, line in enumerate(summary.pairings, start=1):
        take(text_of(cells(line)).encode())
        yield _pairing_row(number, line, summary)
    yield total_row(summary)


def paper_rows(summary: Summary) -> Iterator[list[str]]:
    """Yield every pairing under ``PAIRING_PAPER``."""
    for number, line in enumerate(summary.pairings, start=1):
        yield _pairing_row(number, line, summary)


def total_row(summary: Summary) -> list[str]:
    """Return the sums under ``PAIRING_PAPER``."""
    sums = summary.totals.sums
    return [
        "",
        "合计",
        f"{sums.pairings} 对",
        "",
        "",
        "",
        f"{sums.sent_staff:,}（{sums.qualified_sent_staff:,}）",
        _figure(days(sums.sent_centidays)),
        _figure(days(sums.sent_pending_centidays)),
        _figure(sums.received_staff),
        _figure(days(sums.received_centidays)),
        _figure(days(sums.received_pending_centidays)),
        f"{sums.compliant_pairings} 对",
        "",
    ]


def _pairing_row(number: int, line: PairingLine, summary: Summary) -> list[str]:
    province = summary.province_names.get(line.receiving_province_code, "")
    return [
        str(number),
        line.code,
        f"{province}{line.county_name}",
        line.sending_name,
        line.receiving_name,
        f"{line.mode.label}、{line.line.label}",
        f"{line.sent_staff}（{line.qualified_sent_staff}）",
        str(days(line.sent_centidays)),
        str(days(line.sent_pending_centidays)),
        str(line.received_staff),
        str(days(line.received_centidays)),
        str(days(line.received_pending_centidays)),
        "是" if line.is_compliant else "否",
        remarks_on(line),
    ]


def _written(value: Cell) -> str:
    return "" if value is None else str(value)


def _figure(value: Cell) -> str:
    """Write a number as the pages do: 16,488."""
    return _written(value) if value is None or isinstance(value, str) else f"{value:,}"


def _share(value: Cell) -> str:
    return f"{value:.1%}" if isinstance(value, float) else ""
