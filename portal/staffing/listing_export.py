"""The list of assignments as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from models.types import Side
from portal.documents.description_rules import Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.staffing.list_queries import (
    AssignmentRow,
    Filters,
    credit_codes_of,
    list_assignments,
)


class _Line(NamedTuple):
    row: AssignmentRow
    credit_code: str


def _lines(session: Any, _asked: AsAsked, rows: Sequence[AssignmentRow]) -> Iterator[_Line]:
    codes = credit_codes_of(session, [row.public_id for row in rows])
    return (_Line(row, codes[row.public_id]) for row in rows)


def _qualification(row: AssignmentRow) -> str:
    """Return what the page says (templates/staffing/_tags.html)."""
    if row.side is Side.RECEIVED and row.is_qualified:
        return "不要求"
    if row.is_excepted:
        return "例外批准"
    return "符合" if row.is_qualified else "不符合"


LISTED: tuple[Listed[_Line], ...] = (
    Listed(Column("姓名", "typed", 16), lambda one: one.row.name),
    Listed(Column("角色", "text", 8), lambda one: one.row.side.label),
    Listed(Column("机构", "typed", 44), lambda one: one.row.organisation_name),
    Listed(Column("结对", "code", 18), lambda one: one.row.pairing_code),
    Listed(Column("开始日期", "date", 13), lambda one: one.row.starts_on),
    Listed(Column("结束日期", "date", 13), lambda one: one.row.ends_on),
    Listed(Column("状态", "text", 12), lambda one: one.row.state.label),
    Listed(Column("援派资格", "text", 12), lambda one: _qualification(one.row)),
    Listed(
        Column("机构统一社会信用代码", "typed", 22, is_beside=True), lambda one: one.credit_code
    ),
)

LISTING = Listing(
    word="assignments",
    label="选派",
    title="选派名单",
    permission="assignment.read",
    filters=Filters,
    read=list_assignments,
    given=lambda _session, asked: {"today": asked.on},
    listed=LISTED,
    lines=_lines,
)
