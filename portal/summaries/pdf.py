"""The summary on paper: cover, provinces, pairings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import IO

from portal.summaries.columns import (
    DIGEST_LABEL,
    Cell,
    area_cells,
    days,
    facts_of,
    pairing_cells,
    text_of,
    titles_of,
)
from portal.summaries.paper import Paper, PaperColumn
from portal.summaries.queries import Summary
from portal.summaries.rules import PairingLine

AREA_PAPER = (
    PaperColumn("地区", 92),
    PaperColumn("应结对数", 34, is_number=True),
    PaperColumn("实际结对数", 34, is_number=True),
    PaperColumn("完成率", 38, is_number=True),
    PaperColumn("重点帮扶县数", 36, is_number=True),
    PaperColumn("覆盖数", 30, is_number=True),
    PaperColumn("覆盖率", 38, is_number=True),
    PaperColumn("达标结对数", 34, is_number=True),
    PaperColumn("援派人数", 36, is_number=True),
    PaperColumn("合格援派人数", 36, is_number=True),
    PaperColumn("援派工作日", 46, is_number=True),
    PaperColumn("人均", 34, is_number=True),
    PaperColumn("每人最少", 34, is_number=True),
    PaperColumn("待审", 42, is_number=True),
    PaperColumn("受援人数", 36, is_number=True),
    PaperColumn("受援工作日", 50, is_number=True),
    PaperColumn("人均", 34, is_number=True),
    PaperColumn("每人最少", 34, is_number=True),
    PaperColumn("待审", 42, is_number=True),
)
AREA_PLACES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 17, 19, 20, 21, 22)
"""Which of AREA_COLUMNS stand on paper, in the order of AREA_PAPER."""
AREA_SHARES = frozenset({4, 7})

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
    paper = Paper(file, f"{summary.programme}{title}")
    facts = facts_of(summary, rows=summary.totals.sums.pairings, digest="")
    paper.cover(
        f"{summary.programme}{title}",
        [(label, _written(value)) for label, value in facts],
        later=DIGEST_LABEL,
    )
    paper.table(f"{title}：分省", AREA_PAPER, area_rows(summary))
    digest = hashlib.sha256()
    paper.table(f"{title}：结对明细", PAIRING_PAPER, _hashed_rows(summary, digest.update))
    hashed = digest.hexdigest()
    paper.close(
        later=hashed,
        footer=f"{title} · 数据截至 {summary.as_of} · 校验值 {hashed[:16]}",
    )


def area_rows(summary: Summary) -> Iterator[list[str]]:
    """Yield every province, and the sums as the last, under ``AREA_PAPER``."""
    for area in (*summary.provinces, summary.totals):
        cells = area_cells(area)
        yield [
            _share(cells[place]) if place in AREA_SHARES else _figure(cells[place])
            for place in AREA_PLACES
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
        titles_of(line.findings),
    ]


def _written(value: Cell) -> str:
    return "" if value is None else str(value)


def _figure(value: Cell) -> str:
    """Write a number as the pages do: 16,488."""
    return _written(value) if value is None or isinstance(value, str) else f"{value:,}"


def _share(value: Cell) -> str:
    return f"{value:.1%}" if isinstance(value, float) else ""
