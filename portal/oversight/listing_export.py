"""How far money is used, as a document: by whatever the page tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.documents.description_rules import BESIDE, Cell, Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.oversight.execution_queries import ExecutionAsked, list_execution, sums_of
from portal.oversight.execution_rules import ExecutionBy, ExecutionRow


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    sums = sums_of(session, actor, asked.filters)
    spent: dict[str, Cell] = {
        "项目": f"合计 {sums.organisations:,} 家",
        "支出": sums.spent_fen,
        "执行率": sums.rate,
    }
    if asked.filters.by == ExecutionBy.CATEGORY:
        return spent
    return spent | {
        "编制": sums.planned_fen,
        "核定": sums.approved_fen,
        "已拨": sums.disbursed_fen,
        "到账": sums.received_fen,
        "结转和转付": sums.carried_fen,
        "结余": sums.balance_fen,
    }


def _whole(name: str) -> Any:
    def cell(row: ExecutionRow) -> Cell:
        return getattr(row, name) if row.is_whole else None

    return cell


LISTED: tuple[Listed[ExecutionRow], ...] = (
    Listed(Column("项目", "typed", 34), lambda row: row.name),
    Listed(Column("所在省", "text", 15), lambda row: row.place),
    Listed(Column("编制", "fen", 14), _whole("planned_fen")),
    Listed(Column("核定", "fen", 14), _whole("approved_fen")),
    Listed(Column("已拨", "fen", 14), _whole("disbursed_fen")),
    Listed(Column("到账", "fen", 14), _whole("received_fen")),
    Listed(Column("结转和转付", "fen", 14), _whole("carried_fen")),
    Listed(Column("支出", "fen", 14), lambda row: row.spent_fen),
    Listed(Column("结余", "fen", 14), _whole("balance_fen")),
    Listed(Column("执行率", "share", 10), lambda row: row.rate),
    Listed(
        Column("统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
        lambda row: row.key if row.by == ExecutionBy.ORGANISATION else None,
    ),
)

LISTING = Listing(
    word="fund_execution",
    label="资金执行",
    title="资金执行情况表",
    permission="fund.read",
    filters=ExecutionAsked,
    read=list_execution,
    given=lambda _session, _asked: {},
    listed=LISTED,
    sums=_sums,
    unit="元",
)
