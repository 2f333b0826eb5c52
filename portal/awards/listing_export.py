"""The list of awards as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.awards.list_queries import AwardRow, AwardsAsked, list_awards, sums_of
from portal.clock import date_of
from portal.documents.description_rules import Cell, Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    sums = sums_of(session, actor, asked.filters)
    return {"姓名": "合计", "状态": f"{sums.number:,} 项", "奖补金额": sums.fen}


LISTED: tuple[Listed[AwardRow], ...] = (
    Listed(Column("姓名", "typed", 10), lambda one: one.person_name),
    Listed(Column("机构", "typed", 24), lambda one: one.organisation_name),
    Listed(Column("证书等级", "text", 14), lambda one: one.level.label),
    Listed(Column("证书编号", "typed", 18), lambda one: one.certificate_number),
    Listed(Column("取得日期", "date", 12), lambda one: one.certificate_issued_on),
    Listed(Column("奖补金额", "fen", 13), lambda one: one.amount_fen),
    Listed(Column("申请日期", "date", 12), lambda one: date_of(one.claimed_at)),
    Listed(Column("公示期满", "date", 12), lambda one: one.notice_until),
    Listed(Column("发放日期", "date", 12), lambda one: one.paid_on),
    Listed(Column("凭证号", "typed", 16), lambda one: one.voucher_number),
    Listed(Column("状态", "text", 10), lambda one: one.state.label),
)

LISTING = Listing(
    word="awards",
    label="证书奖补",
    title="证书奖补清单",
    permission="award.read",
    filters=AwardsAsked,
    read=list_awards,
    given=lambda _session, _asked: {},
    listed=LISTED,
    sums=_sums,
    unit="元",
)
