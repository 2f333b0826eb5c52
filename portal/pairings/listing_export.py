"""The list of pairings of a year as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.compliance.rules import TITLES
from portal.documents.description_rules import BESIDE, Cell, Column, Row, in_days
from portal.documents.listing_export import PIECE, Listing
from portal.documents.listing_rules import AsAsked
from portal.paging import Slice
from portal.pairings.code_queries import codes_of
from portal.pairings.life_rules import Wait
from portal.pairings.list_queries import Filters, PairingRow, read_pairings, sums_of

COLUMNS = (
    Column("结对编号", "typed", 14),
    Column("援派省份", "text", 11, "援派方", "省份"),
    Column("援派机构", "typed", 22, "援派方", "机构"),
    Column("受援省份", "text", 11, "受援方", "省份"),
    Column("受援县", "text", 14, "受援方", "县"),
    Column("受援机构", "typed", 22, "受援方", "机构"),
    Column("任务线", "text", 9),
    Column("帮扶方式", "text", 9),
    Column("合格援派人数", "number", 8, "援派", "合格人数"),
    Column("援派工作日", "days", 8, "援派", "工作日"),
    Column("援派进度", "text", 7, "援派", "进度"),
    Column("受援人数", "number", 8, "受援", "人数"),
    Column("受援工作日", "days", 8, "受援", "工作日"),
    Column("受援进度", "text", 7, "受援", "进度"),
    Column("状态", "text", 10),
    Column("是否达标", "text", 7),
    Column("未达标事项", "text", 28),
    Column("年度", "year", 7, BESIDE, is_beside=True),
    Column("受援县代码", "text", 11, BESIDE, is_beside=True),
    Column("援派机构统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
    Column("受援机构统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
)


def _read(session: Any, actor: Any, asked: AsAsked, cursor: str | None) -> Slice[PairingRow]:
    return read_pairings(
        session, actor, asked.filters, today=asked.on, sort=asked.sort, cursor=cursor, size=PIECE
    )


def _cells(session: Any, asked: AsAsked, rows: Sequence[PairingRow]) -> list[Row]:
    codes = codes_of(session, [row.code for row in rows])
    return [
        (
            row.code,
            row.sending_province,
            row.sending_name,
            row.receiving_province,
            row.county,
            row.receiving_name,
            row.line.label,
            row.mode.label,
            row.qualified_sent_staff,
            in_days(row.sent_centidays),
            row.pace.sent and row.pace.sent.label,
            row.received_staff,
            in_days(row.received_centidays),
            row.pace.received and row.pace.received.label,
            "、".join([row.standing.label, *map(_waits_for, row.waits)]),
            ("是" if row.is_compliant else "否") if row.is_confirmed else None,
            "、".join(TITLES[code] for code in row.finding_codes) if row.is_confirmed else None,
            asked.filters.year,
            codes[row.code].county,
            codes[row.code].sending,
            codes[row.code].receiving,
        )
        for row in rows
    ]


def _waits_for(wait: Wait) -> str:
    return f"待{wait.side.label}省{wait.need.value}"


def _total(session: Any, actor: Any, asked: AsAsked) -> Row:
    sums = sums_of(session, actor, asked.filters, today=asked.on)
    totals: dict[str, Cell] = {
        "结对编号": "合计",
        "受援县": f"{sums.pairings:,} 对",
        "合格援派人数": sums.qualified_sent_staff,
        "援派工作日": in_days(sums.sent_centidays),
        "受援人数": sums.received_staff,
        "受援工作日": in_days(sums.received_centidays),
        "是否达标": f"{sums.compliant:,} 对",
    }
    return tuple(totals.get(column.label) for column in COLUMNS)


LISTING = Listing(
    word="pairings",
    label="结对",
    title="结对名单",
    permission="pairing.read",
    columns=COLUMNS,
    filters=Filters,
    read=_read,
    cells=_cells,
    total=_total,
    unit="人、天",
    lines=2,
)
