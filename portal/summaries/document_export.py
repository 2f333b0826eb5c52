"""The summary as a document: cover, provinces that receive, provinces that send, pairings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.documents.description_rules import (
    SIGNATURES,
    Cell,
    Document,
    Facts,
    Printed,
    Row,
    Table,
    chinese_date,
    in_days,
)
from portal.summaries.area_rules import whole_shortage
from portal.summaries.column_export import (
    AREA_COLUMNS,
    DIGEST_LABEL,
    FUND_COLUMNS,
    PAIRING_COLUMNS,
    SENDER_COLUMNS,
    area_cells,
    fund_cells,
    notes_of,
    pairing_cells,
    range_of,
    sender_cells,
)
from portal.summaries.queries import Summary, shortages_in

AREA_ON_PAPER = (
    Printed("地区", 70, ("地区",)),
    Printed("应结对数", 32, ("应结对数",)),
    Printed("实际结对数", 32, ("实际结对数",)),
    Printed("完成率", 42, ("完成率",)),
    Printed("重点帮扶县数", 38, ("重点帮扶县数",)),
    Printed("覆盖数", 30, ("覆盖数",)),
    Printed("覆盖率", 42, ("覆盖率",)),
    Printed("达标结对数", 32, ("达标结对数",)),
    Printed("机构数", 32, ("援派机构数",), group="援派"),
    Printed("人数", 32, ("援派人数",), group="援派"),
    Printed("合格人数", 34, ("合格援派人数",), group="援派"),
    Printed("工作日", 40, ("援派工作日合计",), group="援派"),
    Printed("人均", 30, ("援派人均工作日",), group="援派"),
    Printed("每人最少", 30, ("援派每人最少工作日",), group="援派"),
    Printed("待审", 36, ("援派待审工作日",), group="援派"),
    Printed("还差", 36, ("援派还差工作日",), group="援派"),
    Printed("机构数", 32, ("受援机构数",), group="受援"),
    Printed("人数", 32, ("受援人数",), group="受援"),
    Printed("工作日", 39, ("受援工作日合计",), group="受援"),
    Printed("人均", 30, ("受援人均工作日",), group="受援"),
    Printed("每人最少", 30, ("受援每人最少工作日",), group="受援"),
    Printed("待审", 36, ("受援待审工作日",), group="受援"),
    Printed("还差", 36, ("受援还差工作日",), group="受援"),
    Printed("乡镇街道数", 34, ("乡镇街道数",)),
)
"""Which of AREA_COLUMNS stand on paper, under which heading, how wide."""

SENDER_ON_PAPER = tuple(
    Printed(one.heading, 5 * one.width, (one.label,), group=one.group)
    for one in SENDER_COLUMNS
    if not one.is_beside
)

FUNDS_ON_PAPER = tuple(
    Printed(one.heading, 5 * one.width, (one.label,), group=one.group)
    for one in FUND_COLUMNS
    if not one.is_beside
)

PAIRING_ON_PAPER = (
    Printed("序号", 28, ()),
    Printed("结对编号", 66, ("结对编号",)),
    Printed("受援地", 76, ("受援省份", "受援县")),
    Printed("援派机构", 99, ("援派机构",)),
    Printed("受援机构", 99, ("受援机构",)),
    Printed("方式与任务线", 53, ("帮扶方式", "任务线"), "、"),
    Printed("人数（合格）", 58, ("援派人数", "合格援派人数"), "（", "）", group="援派"),
    Printed("工作日", 40, ("援派工作日合计",), group="援派"),
    Printed("待审", 36, ("援派待审工作日",), group="援派"),
    Printed("进度", 36, ("援派进度",), group="援派"),
    Printed("人数", 32, ("受援人数",), group="受援"),
    Printed("工作日", 40, ("受援工作日合计",), group="受援"),
    Printed("待审", 36, ("受援待审工作日",), group="受援"),
    Printed("进度", 36, ("受援进度",), group="受援"),
    Printed("是否达标", 34, ("是否达标",)),
    Printed("未达标及其他问题", 84, ("未达标及其他问题",)),
)


@dataclass(frozen=True, slots=True)
class _Pairings:
    """Every line of the summary under ``PAIRING_COLUMNS``, read anew by each iteration."""

    summary: Summary

    def __iter__(self) -> Iterator[Row]:
        return map(pairing_cells(self.summary), self.summary.pairings)


def document_of(summary: Summary) -> Document:
    """Describe the summary, on whatever it is written."""
    title = f"{summary.year}年度汇总表"
    return Document(
        title=f"{summary.programme}{title}",
        subject=f"{title}，数据截至 {summary.as_of}",
        made_at=summary.generated_at,
        parts=(*summed_parts(summary), pairings_of(summary)),
        is_across=True,
        above=line_over(summary),
        notes=Facts(tuple(notes_of(summary))),
        digest_label=DIGEST_LABEL,
        signatures=SIGNATURES,
        foot=f"{title} · 数据截至 {summary.as_of}",
    )


def line_over(summary: Summary) -> str:
    """Say what stands over each table: who hands it in, of what, as known until when."""
    return (
        f"填报单位：{summary.reporter}　　范围：{range_of(summary)}"
        f"　　数据截至：{chinese_date(summary.as_of)}"
    )


def areas_of(summary: Summary) -> Table:
    """Describe every receiving province, and the sums as the last."""
    lacking = shortages_in(summary)
    return Table(
        heading=f"{summary.year}年度汇总表：按受援省份",
        sheet="分省",
        columns=AREA_COLUMNS,
        rows=[area_cells(area, lacking.get(area.code), summary) for area in summary.provinces],
        printed=AREA_ON_PAPER,
        unit="对、家、人、天",
        total=area_cells(summary.totals, whole_shortage(lacking), summary),
    )


def senders_of(summary: Summary) -> Table:
    """Describe every sending province, and the sums as the last."""
    return Table(
        heading=f"{summary.year}年度汇总表：按援派省份",
        sheet="按援派省份",
        columns=SENDER_COLUMNS,
        rows=[sender_cells(sender, summary) for sender in summary.senders],
        printed=SENDER_ON_PAPER,
        unit="对、家、人、天、元",
        total=sender_cells(summary.all_sent, summary),
    )


def summed_parts(summary: Summary) -> tuple[Table, ...]:
    """Return the tables over that of the pairings; of money for whoever may read it."""
    about_money = (funds_of(summary),) if summary.knows_money else ()
    return (areas_of(summary), senders_of(summary), *about_money)


def funds_of(summary: Summary) -> Table:
    """Describe the money of every sending province's organisations, and the sums as the last."""
    return Table(
        heading=f"{summary.year}年度汇总表：资金（按援派省份）",
        sheet="资金",
        columns=FUND_COLUMNS,
        rows=[fund_cells(sender, summary) for sender in summary.senders],
        printed=FUNDS_ON_PAPER,
        unit="元、家",
        total=fund_cells(summary.all_sent, summary),
    )


def pairings_of(summary: Summary) -> Table:
    """Describe every pairing; the sums are those of the effective ones."""
    sums = summary.totals.sums
    totals: dict[str, Cell] = {
        "结对编号": "合计",
        "受援县": f"{sums.pairings} 对",
        "援派人数": sums.sent_staff,
        "合格援派人数": sums.qualified_sent_staff,
        "援派工作日合计": in_days(sums.sent_centidays),
        "援派待审工作日": in_days(sums.sent_pending_centidays),
        "受援人数": sums.received_staff,
        "受援工作日合计": in_days(sums.received_centidays),
        "受援待审工作日": in_days(sums.received_pending_centidays),
        "是否达标": f"{sums.compliant_pairings} 对",
    }
    return Table(
        heading=f"{summary.year}年度汇总表：结对明细",
        sheet="汇总",
        columns=PAIRING_COLUMNS,
        rows=_Pairings(summary),
        printed=PAIRING_ON_PAPER,
        total=tuple(totals.get(column.label) for column in PAIRING_COLUMNS),
        unit="人、天",
        lines=2,
        is_hashed=True,
    )
