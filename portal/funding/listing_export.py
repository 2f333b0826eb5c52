"""The list of allocations as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.documents.description_rules import BESIDE, Cell, Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.funding.list_queries import AllocationsAsked, FundRow, list_allocations, sums_of
from portal.funding.stage_rules import FundStage


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    sums = sums_of(session, actor, asked.filters)
    return {
        "机构": f"合计 {sums.allocations:,} 项",
        "核定": sums.approved_fen,
        "已拨": sums.disbursed_fen,
        "到账": sums.received_fen,
        "差": sums.approved_fen - sums.received_fen,
    }


def _approved(row: FundRow) -> int | None:
    return row.approved_fen if row.stage not in (FundStage.PLANNED, FundStage.DECLINED) else None


def _missing(row: FundRow) -> int | None:
    return None if _approved(row) is None else row.missing_fen


LISTED: tuple[Listed[FundRow], ...] = (
    Listed(Column("机构", "typed", 34), lambda row: row.organisation_name),
    Listed(Column("援派省份", "text", 15), lambda row: row.province),
    Listed(Column("结对", "code", 16), lambda row: row.pairing_code),
    Listed(Column("资金来源", "text", 12), lambda row: row.source.label),
    Listed(Column("拨款方", "typed", 22), lambda row: row.payer),
    Listed(Column("文号", "typed", 16), lambda row: row.document_number),
    Listed(Column("编制", "fen", 14), lambda row: row.amount_fen),
    Listed(Column("核定", "fen", 14), _approved),
    Listed(Column("已拨", "fen", 14), lambda row: row.disbursed_fen),
    Listed(Column("到账", "fen", 14), lambda row: row.received_fen),
    Listed(Column("差", "fen", 14), _missing),
    Listed(Column("状态", "text", 12), lambda row: row.stage.label),
    Listed(
        Column("统一社会信用代码", "typed", 22, BESIDE, is_beside=True), lambda row: row.credit_code
    ),
    Listed(Column("资金安排编号", "typed", 22, BESIDE, is_beside=True), lambda row: row.public_id),
)

LISTING = Listing(
    word="fund_allocations",
    label="资金安排",
    title="资金安排表",
    permission="fund.read",
    filters=AllocationsAsked,
    read=list_allocations,
    given=lambda _session, asked: {"today": asked.on},
    listed=LISTED,
    sums=_sums,
    unit="元",
    height=2,
)
