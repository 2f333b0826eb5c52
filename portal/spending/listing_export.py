"""The list of expenditures as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.documents.description_rules import Cell, Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.spending.list_queries import (
    ExpenditureFilters,
    ExpenditureRow,
    list_expenditures,
    sums_of,
)


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    sums = sums_of(session, actor, asked.filters)
    return {"日期": "合计", "状态": f"{sums.number:,} 笔", "金额": sums.fen}


LISTED: tuple[Listed[ExpenditureRow], ...] = (
    Listed(Column("日期", "date", 12), lambda one: one.spent_on),
    Listed(Column("机构", "typed", 24), lambda one: one.organisation_name),
    Listed(Column("结对编号", "code", 14), lambda one: one.pairing_code),
    Listed(Column("资金来源", "text", 11), lambda one: one.source.label),
    Listed(Column("支出类别", "text", 11), lambda one: one.category.label),
    Listed(Column("金额", "fen", 13), lambda one: one.amount_fen),
    Listed(Column("收款人", "typed", 22), lambda one: one.payee),
    Listed(Column("用途摘要", "typed", 40), lambda one: one.purpose),
    Listed(Column("发票或单据号", "typed", 16), lambda one: one.invoice_number),
    Listed(Column("附件数", "number", 7), lambda one: one.files),
    Listed(Column("经办人", "typed", 10), lambda one: one.claimant),
    Listed(Column("状态", "text", 11), lambda one: one.state.label),
)

LISTING = Listing(
    word="expenditures",
    label="支出",
    title="支出清单",
    permission="spending.read",
    filters=ExpenditureFilters,
    read=list_expenditures,
    given=lambda _session, _asked: {},
    listed=LISTED,
    sums=_sums,
    unit="元",
)
