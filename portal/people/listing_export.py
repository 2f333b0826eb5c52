"""The list of people as a document; numbers are masked as on the page."""

from __future__ import annotations

from portal.documents.description_rules import Column
from portal.documents.listing_export import Listed, Listing
from portal.people.queries import Filters, PersonRow, list_people

LISTED: tuple[Listed[PersonRow], ...] = (
    Listed(Column("姓名", "typed", 16), lambda one: one.name),
    Listed(Column("机构", "typed", 44), lambda one: one.organisation_name),
    Listed(Column("证件号码", "code", 24), lambda one: one.id_number_masked),
    Listed(
        Column("证书", "text", 28),
        lambda one: "、".join(held.level.label for held in one.certificates) or "没有登记",
    ),
    Listed(Column("从业时长（月）", "number", 11), lambda one: one.service_months),
    Listed(
        Column("援派资格", "text", 12),
        lambda one: "不要求" if one.only_receives else "符合" if one.is_qualified else "不符合",
    ),
    Listed(
        Column("机构统一社会信用代码", "typed", 22, is_beside=True), lambda one: one.credit_code
    ),
)

LISTING = Listing(
    word="people",
    label="人员",
    title="人员名单",
    permission="person.read",
    filters=Filters,
    read=list_people,
    given=lambda _session, asked: {"on": asked.on},
    listed=LISTED,
)
