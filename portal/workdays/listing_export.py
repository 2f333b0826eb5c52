"""The list of working days as a document; what was written stands there whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.clock import date_of
from portal.documents.description_rules import Cell, Column, Row, in_days
from portal.documents.listing_export import PIECE, Listing
from portal.documents.listing_rules import AsAsked
from portal.paging import Slice
from portal.programme.queries import policy_of_year
from portal.workdays.list_queries import Filters, ListRow, list_workdays, sums_of, words_of

COLUMNS = (
    Column("日期", "text", 12),
    Column("星期", "text", 6),
    Column("日期性质", "text", 10),
    Column("姓名", "typed", 12),
    Column("结对编号", "typed", 15),
    Column("角色", "text", 7),
    Column("天数", "days", 7),
    Column("方式", "text", 8),
    Column("任务", "text", 14),
    Column("工作内容", "typed", 60),
    Column("状态", "text", 11),
    Column("计入天数", "days", 8),
    Column("待审天数", "days", 8),
    Column("填报日期", "text", 12),
    Column("补录天数", "number", 8),
    Column("地点代码", "text", 12, is_beside=True),
)


def _read(session: Any, actor: Any, asked: AsAsked, cursor: str | None) -> Slice[ListRow]:
    return list_workdays(
        session,
        actor,
        asked.filters,
        policy_of_year(session, asked.filters.year),
        sort=asked.sort,
        cursor=cursor,
        size=PIECE,
    )


def _cells(session: Any, _asked: AsAsked, rows: Sequence[ListRow]) -> list[Row]:
    words = words_of(session, [row.day.id for row in rows])
    return [_row(row, *words[row.day.id]) for row in rows]


def _row(row: ListRow, description: str, township: str | None) -> Row:
    one = row.day
    worth = in_days(one.worth_centidays)
    return (
        one.worked_on.isoformat(),
        one.weekday,
        one.day_kind,
        one.person_name,
        one.pairing_code,
        one.side.label,
        in_days(one.half_days * 50),
        one.mode.label,
        one.task.label if one.task else "未对应任务",
        description,
        f"{one.state.label}{'（更正）' if one.corrects_id else ''}",
        worth if row.counts else None,
        worth if row.waits else None,
        date_of(one.entered_at).isoformat(),
        one.lag_days,
        township,
    )


def _total(session: Any, actor: Any, asked: AsAsked) -> Row | None:
    """Return the sums, as the page has them: none of more than a thousand days."""
    policy = policy_of_year(session, asked.filters.year)
    sums = sums_of(session, actor, asked.filters, policy)
    if sums is None:
        return None
    totals: dict[str, Cell] = {
        "日期": "合计",
        "天数": sums.logged,
        "计入天数": sums.counted,
        "待审天数": sums.waiting,
    }
    return tuple(totals.get(column.label) for column in COLUMNS)


LISTING = Listing(
    word="workdays",
    label="工作日志",
    title="工作日志",
    permission="workday.read",
    columns=COLUMNS,
    filters=Filters,
    read=_read,
    cells=_cells,
    total=_total,
    unit="天",
)
