"""When a month may be declared complete, and which of its working days are empty. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import WorkdayState
from portal.calendar.rules import Calendar
from portal.refusals import Refusal
from portal.standards.dates import last_of_month


class OwnTerm(NamedTuple):
    """A term of a person in a pairing, both days included."""

    starts_on: date
    ends_on: date


class Left(NamedTuple):
    """What a person has not handed in of a month: drafts, those that others wrote among them."""

    drafts: int = 0
    returned: int = 0

    @property
    def words(self) -> str:
        parts = (
            (self.drafts, "条草稿未提交（含他人代填、待您确认的）"),
            (self.returned, "条被退回未重新提交"),
        )
        return "、".join(f"{count} {what}" for count, what in parts if count)

    @property
    def state(self) -> WorkdayState | None:
        """The one state in which all of it stands; None if there are two."""
        if self.drafts and self.returned:
            return None
        return WorkdayState.DRAFT if self.drafts else WorkdayState.RETURNED


def name_of(month: date) -> str:
    """2025年11月."""
    return f"{month.year}年{month.month}月"


def empty_days(
    month: date,
    *,
    terms: Iterable[OwnTerm],
    taken: Collection[date],
    calendar: Calendar,
    today: date,
) -> list[date]:
    """Return the working days of a month, up to today and within the terms, with no entry at all."""
    last = min(last_of_month(month), today)
    spans = list(terms)
    return [
        day
        for day in calendar.working_days(month, last)
        if day not in taken and any(one.starts_on <= day <= one.ends_on for one in spans)
    ]


def refusals_for_declaration(
    month: date, *, terms: Sequence[OwnTerm], left: Left, today: date
) -> list[Refusal]:
    """Say every reason why a month cannot be declared complete; empty working days are none."""
    refusals = []
    if month > today:
        sentence = (
            f"{name_of(month)}尚未开始（今天 {today}），不能声明填完，请在当月工作结束后声明。"
        )
        refusals.append(Refusal("month", "future_date", sentence))
    last = last_of_month(month)
    if not any(one.starts_on <= last and one.ends_on >= month for one in terms):
        sentence = f"您在{name_of(month)}没有这一结对的选派，无须声明；请核对月份和结对。"
        refusals.append(Refusal("month", "not_assigned", sentence))
    if left.words:
        sentence = (
            f"{name_of(month)}还有 {left.words}，请先在“工作日志”中提交、修改或答复，再声明填完。"
        )
        refusals.append(Refusal("month", "entries_left", sentence))
    return refusals


NOT_DECLARED = Refusal(
    "", "wrong_state", "这个月目前没有有效的“已填完”声明，无须撤回；需要时可以重新声明。"
)
ALREADY_DECLARED = Refusal(
    "", "wrong_state", "这个月已声明填完，无须再次声明；有补充时直接填报，声明随之失效。"
)
NO_SUCH_MONTH = Refusal(
    "", "missing_value", "没有这个月份或结对可以声明；请打开“本月已填完”，选择结对和月份后办理。"
)
