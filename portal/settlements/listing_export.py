"""The list of settlements as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.documents.description_rules import BESIDE, Cell, Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.settlements.list_queries import (
    SettlementRow,
    SettlementsAsked,
    list_settlements,
    sums_of,
)


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    sums = sums_of(session, actor, asked.filters)
    return {
        "机构": f"合计 {sums.organisations:,} 家",
        "到账": sums.received_fen,
        "支出": sums.spent_fen,
        "执行率": sums.rate,
        "余款": sums.balance_fen,
    }


LISTED: tuple[Listed[SettlementRow], ...] = (
    Listed(Column("机构", "typed", 34), lambda row: row.organisation_name),
    Listed(Column("所在省", "text", 15), lambda row: row.province),
    Listed(Column("到账", "fen", 15), lambda row: row.received_fen),
    Listed(Column("支出", "fen", 15), lambda row: row.spent_fen),
    Listed(Column("执行率", "share", 10), lambda row: row.rate),
    Listed(Column("余款", "fen", 15), lambda row: row.balance_fen),
    Listed(Column("余款处理", "text", 16), lambda row: row.fate),
    Listed(Column("进度", "text", 12), lambda row: row.stage.label),
    Listed(
        Column("统一社会信用代码", "typed", 22, BESIDE, is_beside=True), lambda row: row.credit_code
    ),
)

LISTING = Listing(
    word="settlements",
    label="结算",
    title="资金结算一览表",
    permission="fund.read",
    filters=SettlementsAsked,
    read=list_settlements,
    given=lambda _session, _asked: {},
    listed=LISTED,
    sums=_sums,
    unit="元",
)
