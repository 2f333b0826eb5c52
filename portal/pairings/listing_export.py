"""The list of pairings of a year as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.compliance.pace_rules import verdict_of
from portal.compliance.rules import TITLES
from portal.documents.description_rules import BESIDE, Cell, Column, in_days
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.pairings.code_queries import Codes, codes_of
from portal.pairings.life_rules import Wait
from portal.pairings.list_queries import Filters, PairingRow, read_pairings, sums_of


class _Line(NamedTuple):
    row: PairingRow
    codes: Codes
    year: int


def _lines(session: Any, asked: AsAsked, rows: Sequence[PairingRow]) -> Iterator[_Line]:
    codes = codes_of(session, [row.code for row in rows])
    return (_Line(row, codes[row.code], asked.filters.year) for row in rows)


def _waits_for(wait: Wait) -> str:
    return f"待{wait.side.label}省{wait.need.value}"


def _state(line: _Line) -> str:
    return "、".join([line.row.standing.label, *map(_waits_for, line.row.waits)])


def _is_compliant(line: _Line) -> str | None:
    row = line.row
    return (
        verdict_of(row.is_compliant, row.pace.sent, row.pace.received) if row.is_confirmed else None
    )


def _lacks(line: _Line) -> str | None:
    return (
        "、".join(TITLES[code] for code in line.row.finding_codes)
        if line.row.is_confirmed
        else None
    )


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    sums = sums_of(session, actor, asked.filters, today=asked.on)
    return {
        "结对编号": "合计",
        "受援县": f"{sums.pairings:,} 对",
        "合格援派人数": sums.qualified_sent_staff,
        "援派工作日": in_days(sums.sent_centidays),
        "受援人数": sums.received_staff,
        "受援工作日": in_days(sums.received_centidays),
        "是否达标": f"{sums.compliant:,} 对",
    }


LISTED: tuple[Listed[_Line], ...] = (
    Listed(Column("结对编号", "code", 14), lambda one: one.row.code),
    Listed(
        Column("援派省份", "text", 15.5, "援派方", "省份"), lambda one: one.row.sending_province
    ),
    Listed(Column("援派机构", "typed", 22, "援派方", "机构"), lambda one: one.row.sending_name),
    Listed(
        Column("受援省份", "text", 15.5, "受援方", "省份"), lambda one: one.row.receiving_province
    ),
    Listed(Column("受援县", "text", 14, "受援方", "县"), lambda one: one.row.county),
    Listed(Column("受援机构", "typed", 22, "受援方", "机构"), lambda one: one.row.receiving_name),
    Listed(Column("任务线", "text", 9), lambda one: one.row.line.label),
    Listed(Column("帮扶方式", "text", 9), lambda one: one.row.mode.label),
    Listed(
        Column("合格援派人数", "number", 8, "援派", "合格人数"),
        lambda one: one.row.qualified_sent_staff,
    ),
    Listed(
        Column("援派工作日", "days", 8, "援派", "工作日"),
        lambda one: in_days(one.row.sent_centidays),
    ),
    Listed(
        Column("援派进度", "text", 7, "援派", "进度"),
        lambda one: one.row.pace.sent and one.row.pace.sent.label,
    ),
    Listed(Column("受援人数", "number", 8, "受援", "人数"), lambda one: one.row.received_staff),
    Listed(
        Column("受援工作日", "days", 8, "受援", "工作日"),
        lambda one: in_days(one.row.received_centidays),
    ),
    Listed(
        Column("受援进度", "text", 7, "受援", "进度"),
        lambda one: one.row.pace.received and one.row.pace.received.label,
    ),
    Listed(Column("状态", "text", 10), _state),
    Listed(Column("是否达标", "text", 7), _is_compliant),
    Listed(Column("未达标事项", "text", 28), _lacks),
    Listed(Column("年度", "year", 7, BESIDE, is_beside=True), lambda one: one.year),
    Listed(Column("受援县代码", "text", 11, BESIDE, is_beside=True), lambda one: one.codes.county),
    Listed(
        Column("援派机构统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
        lambda one: one.codes.sending,
    ),
    Listed(
        Column("受援机构统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
        lambda one: one.codes.receiving,
    ),
)

LISTING = Listing(
    word="pairings",
    label="结对",
    title="结对名单",
    permission="pairing.read",
    filters=Filters,
    read=read_pairings,
    given=lambda _session, asked: {"today": asked.on},
    listed=LISTED,
    lines=_lines,
    sums=_sums,
    unit="人、天",
    height=2,
)
