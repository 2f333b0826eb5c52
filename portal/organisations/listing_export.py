"""The list of organisations as a document."""

from __future__ import annotations

from portal.documents.description_rules import Column
from portal.documents.listing_export import Listed, Listing
from portal.organisations.queries import Filters, OrganisationRow, list_organisations
from portal.programme.queries import current_year

LISTED: tuple[Listed[OrganisationRow], ...] = (
    Listed(Column("机构名称", "typed", 40), lambda one: one.name),
    Listed(Column("统一社会信用代码", "code", 22), lambda one: one.credit_code),
    Listed(Column("机构类型", "text", 26), lambda one: one.type.label),
    Listed(Column("所在地", "text", 42), lambda one: one.seat),
    Listed(
        Column("本年度结对", "typed", 30),
        lambda one: (
            "、".join(f"{each.side.label} {each.code}" for each in one.pairings) or "未结对"
        ),
    ),
    Listed(Column("所在地代码", "text", 12, is_beside=True), lambda one: one.region_code),
)

LISTING = Listing(
    word="organisations",
    label="机构",
    title="机构名单",
    permission="organisation.read",
    filters=Filters,
    read=list_organisations,
    given=lambda session, asked: {"year": current_year(session, asked.on)},
    listed=LISTED,
)
