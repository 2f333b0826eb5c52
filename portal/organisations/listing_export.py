"""The list of organisations as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.documents.description_rules import Column, Row
from portal.documents.listing_export import PIECE, Listing
from portal.documents.listing_rules import AsAsked
from portal.organisations.queries import Filters, OrganisationRow, list_organisations
from portal.paging import Slice
from portal.programme.queries import current_year

COLUMNS = (
    Column("机构名称", "typed", 40),
    Column("统一社会信用代码", "typed", 22),
    Column("机构类型", "text", 24),
    Column("所在地", "text", 40),
    Column("本年度结对", "typed", 34),
    Column("所在地代码", "text", 12, is_beside=True),
)


def _read(session: Any, actor: Any, asked: AsAsked, cursor: str | None) -> Slice[OrganisationRow]:
    return list_organisations(
        session,
        actor,
        asked.filters,
        year=current_year(session, asked.on),
        sort=asked.sort,
        cursor=cursor,
        size=PIECE,
    )


def _cells(_session: Any, _asked: AsAsked, rows: Sequence[OrganisationRow]) -> list[Row]:
    return [
        (
            row.name,
            row.credit_code,
            row.type.label,
            row.seat,
            "、".join(f"{one.side.label} {one.code}" for one in row.pairings) or "未结对",
            row.region_code,
        )
        for row in rows
    ]


LISTING = Listing(
    word="organisations",
    label="机构",
    title="机构名单",
    permission="organisation.read",
    columns=COLUMNS,
    filters=Filters,
    read=_read,
    cells=_cells,
)
