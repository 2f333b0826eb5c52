"""The month sheet (工作日志月报表) as a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.types import Side, Task, WorkdayState, WorkMode
from portal.calendar.rules import weekday_of
from portal.documents.description_rules import (
    Cell,
    Column,
    Document,
    Facts,
    Printed,
    Table,
    in_days,
)

SIGNATURES = {
    Side.SENT: ("本人签名", "援派机构负责人（签章）", "受援方（签章）"),
    Side.RECEIVED: ("本人签名", "受援机构负责人（签章）", "援派方（签章）"),
}
COLUMNS = (
    Column("日期", "date", 12, "时间"),
    Column("星期", "text", 12, "时间"),
    Column("天数", "days", 7, "填报"),
    Column("方式", "text", 7, "填报"),
    Column("任务", "text", 12, "填报"),
    Column("地点", "typed", 16, "填报"),
    Column("工作内容", "typed", 58, "填报"),
    Column("状态", "text", 10, "办理"),
    Column("计入天数", "days", 9, "办理"),
    Column("待计入天数", "days", 11, "办理"),
)
PRINTED = tuple(
    Printed(one.label, width, (one.label,), group=one.group)
    for one, width in zip(COLUMNS, (66, 58, 34, 36, 62, 76, 278, 56, 48, 60), strict=True)
)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A logged day; ``halves`` of the date that are its own (a correction takes none)."""

    worked_on: date
    half_days: int
    halves: int
    mode: WorkMode
    task: Task | None
    place: str | None
    description: str
    state: WorkdayState
    is_rest_day: bool
    is_correction: bool
    counted_centidays: int
    waiting_centidays: int


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Whose days they are, of which month, in which pairing."""

    month: date
    person: str
    side: Side
    organisation: str
    partner: str
    pairing: str
    county: str
    is_demo: bool


def month_sheet(facts: MonthFacts, days: Sequence[MonthDay], *, made_at: datetime) -> Document:
    """Describe the sheet; drafts are not on it, for nobody has handed them in."""
    month = f"{facts.month.year}年{facts.month.month}月"
    title = f"工作日志月报表（{month}）"
    dates = len({day.worked_on for day in days})
    total = (
        "合计", f"{dates} 个日期", _half(sum(day.halves for day in days)), None, None, None,
        f"{len(days)} 条", None, in_days(sum(day.counted_centidays for day in days)),
        in_days(sum(day.waiting_centidays for day in days)),
    )  # fmt: skip
    return Document(
        title=title,
        subject=f"{facts.person}{title}，结对 {facts.pairing}",
        made_at=made_at,
        mark="演示数据，非真实业务" if facts.is_demo else "",
        parts=(
            Facts(
                (
                    ("姓名", f"{facts.person}（{facts.side.label}人员）"),
                    ("所在机构", facts.organisation),
                    ("结对", f"{facts.pairing}，与{facts.partner}"),
                    ("受援县", facts.county),
                )
            ),
            Table(
                "", "月报表", COLUMNS, [_row(day) for day in days], PRINTED, total=total,
                empty="本月没有已提交的工作日志。",
            ),
        ),
        is_across=True,
        signatures=SIGNATURES[facts.side],
        footnotes=("不含草稿和已失效的条目。计入天数按县级核准结果；待计入为已提交、尚未核准或暂不计入的天数。",),
        foot=f"{facts.person} · {title} · {facts.pairing}",
    )  # fmt: skip


def _row(day: MonthDay) -> tuple[Cell, ...]:
    kind = "（休）" if day.is_rest_day else ""
    return (
        day.worked_on,
        f"{weekday_of(day.worked_on)}{kind}",
        _half(day.half_days),
        day.mode.label,
        day.task.label if day.task else "未对应任务",
        day.place,
        day.description,
        f"{day.state.label}{'（更正）' if day.is_correction else ''}",
        in_days(day.counted_centidays),
        in_days(day.waiting_centidays),
    )


def _half(halves: int) -> int | float:
    return halves / 2 if halves % 2 else halves // 2
