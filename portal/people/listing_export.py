"""The list of people as a document; numbers are masked as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.documents.description_rules import Column, Row
from portal.documents.listing_export import PIECE, Listing
from portal.documents.listing_rules import AsAsked
from portal.paging import Slice
from portal.people.queries import Filters, PersonRow, list_people

COLUMNS = (
    Column("姓名", "typed", 16),
    Column("机构", "typed", 44),
    Column("证件号码", "text", 24),
    Column("证书", "text", 34),
    Column("从业时长（月）", "number", 12),
    Column("援派资格", "text", 12),
    Column("机构统一社会信用代码", "typed", 22, is_beside=True),
)


def _read(session: Any, actor: Any, asked: AsAsked, cursor: str | None) -> Slice[PersonRow]:
    return list_people(
        session, actor, asked.filters, on=asked.on, sort=asked.sort, cursor=cursor, size=PIECE
    )


def _cells(_session: Any, _asked: AsAsked, rows: Sequence[PersonRow]) -> list[Row]:
    return [
        (
            row.name,
            row.organisation_name,
            row.id_number_masked,
            "、".join(one.level.label for one in row.certificates) or "没有登记",
            row.service_months,
            "不要求" if row.only_receives else "符合" if row.is_qualified else "不符合",
            row.credit_code,
        )
        for row in rows
    ]


LISTING = Listing(
    word="people",
    label="人员",
    title="人员名单",
    permission="person.read",
    columns=COLUMNS,
    filters=Filters,
    read=_read,
    cells=_cells,
)
