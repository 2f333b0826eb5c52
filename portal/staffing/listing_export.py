"""The list of assignments as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.types import Side
from portal.documents.description_rules import Column, Row
from portal.documents.listing_export import PIECE, Listing
from portal.documents.listing_rules import AsAsked
from portal.paging import Slice
from portal.staffing.list_queries import (
    AssignmentRow,
    Filters,
    credit_codes_of,
    list_assignments,
)

COLUMNS = (
    Column("姓名", "typed", 16),
    Column("角色", "text", 8),
    Column("机构", "typed", 44),
    Column("结对", "typed", 18),
    Column("开始日期", "text", 13),
    Column("结束日期", "text", 13),
    Column("状态", "text", 12),
    Column("援派资格", "text", 12),
    Column("机构统一社会信用代码", "typed", 22, is_beside=True),
)


def _read(session: Any, actor: Any, asked: AsAsked, cursor: str | None) -> Slice[AssignmentRow]:
    return list_assignments(
        session,
        actor,
        asked.filters,
        today=asked.on,
        sort=asked.sort or "-starts_on",
        cursor=cursor,
        size=PIECE,
    )


def _cells(session: Any, _asked: AsAsked, rows: Sequence[AssignmentRow]) -> list[Row]:
    codes = credit_codes_of(session, [row.public_id for row in rows])
    return [
        (
            row.name,
            row.side.label,
            row.organisation_name,
            row.pairing_code,
            row.starts_on.isoformat(),
            row.ends_on.isoformat(),
            row.state.label,
            _qualification(row),
            codes[row.public_id],
        )
        for row in rows
    ]


def _qualification(row: AssignmentRow) -> str:
    """Return what the page says (templates/staffing/_tags.html)."""
    if row.side is Side.RECEIVED and row.is_qualified:
        return "不要求"
    if row.is_excepted:
        return "例外批准"
    return "符合" if row.is_qualified else "不符合"


LISTING = Listing(
    word="assignments",
    label="选派",
    title="选派名单",
    permission="assignment.read",
    columns=COLUMNS,
    filters=Filters,
    read=_read,
    cells=_cells,
)
