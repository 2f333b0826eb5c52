"""The list of working days as a document; what was written stands there whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.clock import date_of
from portal.documents.description_rules import Cell, Column, in_days
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.programme.queries import policy_of_year
from portal.workdays.list_queries import (
    DayText,
    Filters,
    ListRow,
    WorkdayRow,
    list_workdays,
    sums_of,
    words_of,
)


class _Line(NamedTuple):
    day: WorkdayRow
    worth: int | float
    row: ListRow
    words: DayText


def _lines(session: Any, _asked: AsAsked, rows: Sequence[ListRow]) -> Iterator[_Line]:
    words = words_of(session, [row.day.id for row in rows])
    return (
        _Line(row.day, in_days(row.day.worth_centidays), row, words[row.day.id]) for row in rows
    )


def _given(session: Any, asked: AsAsked) -> dict[str, Any]:
    return {"policy": policy_of_year(session, asked.filters.year)}


def _sums(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell] | None:
    """Return the sums, as the page has them: none of more than a thousand days."""
    sums = sums_of(session, actor, asked.filters, **_given(session, asked))
    if sums is None:
        return None
    return {
        "日期": "合计",
        "天数": sums.logged,
        "计入天数": sums.counted,
        "待审天数": sums.waiting,
    }


def _state(line: _Line) -> str:
    return f"{line.day.state.label}{'（更正）' if line.day.corrects_id else ''}"


LISTED: tuple[Listed[_Line], ...] = (
    Listed(Column("日期", "date", 12), lambda one: one.day.worked_on),
    Listed(Column("星期", "text", 6), lambda one: one.day.weekday),
    Listed(Column("日期性质", "text", 10), lambda one: one.day.day_kind),
    Listed(Column("姓名", "typed", 12), lambda one: one.day.person_name),
    Listed(Column("结对编号", "code", 15), lambda one: one.day.pairing_code),
    Listed(Column("角色", "text", 7), lambda one: one.day.side.label),
    Listed(Column("天数", "days", 7), lambda one: in_days(one.day.half_days * 50)),
    Listed(Column("方式", "text", 8), lambda one: one.day.mode.label),
    Listed(
        Column("任务", "text", 14), lambda one: one.day.task.label if one.day.task else "未对应任务"
    ),
    Listed(Column("工作内容", "typed", 60), lambda one: one.words.description),
    Listed(Column("状态", "text", 11), _state),
    Listed(Column("对方异议", "typed", 20), lambda one: one.words.dispute),
    Listed(Column("计入天数", "days", 8), lambda one: one.worth if one.row.counts else None),
    Listed(Column("待审天数", "days", 8), lambda one: one.worth if one.row.waits else None),
    Listed(Column("填报日期", "date", 12), lambda one: date_of(one.day.entered_at)),
    Listed(Column("补录天数", "number", 8), lambda one: one.day.lag_days),
    Listed(Column("地点代码", "text", 12, is_beside=True), lambda one: one.words.township_code),
)

LISTING = Listing(
    word="workdays",
    label="工作日志",
    title="工作日志",
    permission="workday.read",
    filters=Filters,
    read=list_workdays,
    given=_given,
    listed=LISTED,
    lines=_lines,
    sums=_sums,
    unit="天",
)
