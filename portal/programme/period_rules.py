"""When a programme or a work year may be opened and closed. Pure (decisions B3, B38)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal.refusals import Refusal
from portal.standards.text import is_blank

FAR_YEARS = 10
"""Years from today: what begins farther away is a slip of the hand."""

LONGEST_YEARS = 10
"""Years of one period; the plans so far have five."""

NOT_IN_A_CODE = re.compile(r"[^0-9A-Za-z-]")
"""A code stands in addresses and in commands."""

MAX_CODE = 40
ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """A period with its name in a sentence: a programme or a work year; both days belong to it."""

    name: str
    starts_on: date
    ends_on: date

    @property
    def dates(self) -> str:
        return f"{self.starts_on} 至 {self.ends_on}"

    def overlaps(self, other: Span) -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


class NewProgramme(NamedTuple):
    """A period as somebody wants to open it.

    Without ``lays_years`` its work years are opened one by one; ``accepts_gap`` says that there
    are days between two periods.
    """

    code: str
    name: str
    document_number: str | None
    starts_on: date
    ends_on: date
    lays_years: bool = True
    accepts_gap: bool = False


class NewWorkYear(NamedTuple):
    """A work year, or a province's own dates of one, as somebody wants to open it."""

    year: int
    starts_on: date
    ends_on: date
    region_code: str
    accepts_gap: bool = False


class Moved(NamedTuple):
    """What opening a work year would tear apart: days counted elsewhere, pairings left outside."""

    workdays: int
    pairings: int


def refusals_for_programme(
    asked: NewProgramme, *, others: Sequence[Span], today: date
) -> list[Refusal]:
    """Say every reason why this period cannot be opened; ``others`` are named by their code."""
    code = asked.code
    wanted = Span(code, asked.starts_on, asked.ends_on)
    refusals = [
        *_about_the_code(code, asked.name),
        *_about_the_order(wanted),
        *_about_the_distance(wanted.starts_on, today),
    ]
    if wanted.ends_on > _years_later(wanted.starts_on, LONGEST_YEARS):
        sentence = f"期限 {wanted.dates} 超过一期计划最长的 {LONGEST_YEARS} 年，请核对结束日期。"
        refusals.append(Refusal("ends_on", "too_long", sentence))
    if any(one.name == code for one in others):
        refusals.append(Refusal("code", "duplicate", f"计划编号“{code}”已被使用，请换一个编号。"))
    overlapping = [one for one in others if one.overlaps(wanted)]
    refusals += [
        Refusal("starts_on", "overlap", f"期限与计划“{one.name}”（{one.dates}）重叠，请错开。")
        for one in overlapping
    ]
    if not refusals and not asked.accepts_gap:
        refusals += _about_gaps(wanted, others, "任何一期计划")
    return refusals


def refusals_for_work_year(
    year: int,
    wanted: Span,
    *,
    programme: Span | None,
    same_scope: Sequence[Span],
    in_force: Sequence[Span],
    is_open_nationwide: bool | None,
    is_closed: bool,
    moved: Moved,
    today: date,
    accepts_gap: bool,
) -> list[Refusal]:
    """Say every reason why this work year cannot be opened.

    ``same_scope`` are the work years of just this scope, ``in_force`` all that hold there;
    ``is_open_nationwide`` says, of a province's own dates, whether the nation has this year at
    all, ``is_closed`` whether it is closed.
    """
    refusals = [*_about_the_order(wanted), *_about_the_distance(wanted.starts_on, today)]
    if wanted.starts_on.year != year:
        sentence = f"{year} 工作年度应在 {year} 年内开始，实际为 {wanted.starts_on}。"
        refusals.append(Refusal("starts_on", "invalid_date", sentence))
    if wanted.ends_on >= _years_later(wanted.starts_on, 1):
        sentence = f"一个工作年度最长 12 个月，{wanted.dates} 超过了，请核对结束日期。"
        refusals.append(Refusal("ends_on", "too_long", sentence))
    if programme is None or not programme.starts_on <= wanted.starts_on:
        sentence = f"{wanted.starts_on} 不在任何一期计划内，请先设立包含这一天的计划。"
        refusals.append(Refusal("starts_on", "outside_programme", sentence))
    elif wanted.ends_on > programme.ends_on:
        sentence = (
            f"结束日期 {wanted.ends_on} 超出计划“{programme.name}”的期限（{programme.dates}）。"
        )
        refusals.append(Refusal("ends_on", "outside_programme", sentence))
    refusals += _about_siblings(wanted, same_scope)
    if is_open_nationwide is False:
        sentence = f"全国还没有 {year} 工作年度；请先设立全国的，再设本省的日期。"
        refusals.append(Refusal("year", "unknown_year", sentence))
    if is_closed:
        sentence = f"{year} 工作年度已关闭，不能再改日期；确有必要的，请先重新开放该年度。"
        refusals.append(Refusal("year", "closed_year", sentence))
    refusals += _about_what_moves(moved)
    if not refusals and programme and not accepts_gap:
        inside = [one for one in in_force if one.overlaps(programme)]
        refusals += _about_gaps(wanted, inside, "任何工作年度", first=programme.starts_on)
    return refusals


def refusals_for_closing(
    wanted: Span, *, waiting: int, today: date, is_sure: bool
) -> list[Refusal]:
    """Say what speaks against closing a period now, unless whoever closes it is sure."""
    if is_sure:
        return []
    refusals = []
    if today <= wanted.ends_on:
        sentence = (
            f"{wanted.name}到 {wanted.ends_on} 才结束，现在关闭，此后的工作日将无法填报；"
            "如确要现在关闭，请声明“仍要关闭”。"
        )
        refusals.append(Refusal("", "still_running", sentence))
    if waiting:
        sentence = (
            f"{wanted.name}还有 {waiting} 条日志待审，关闭后不再计入；请先办结，或声明“仍要关闭”。"
        )
        refusals.append(Refusal("", "waiting_days", sentence))
    return refusals


def _about_the_code(code: str, name: str) -> Iterable[Refusal]:
    if is_blank(code) or is_blank(name):
        yield Refusal("code", "missing_value", "请填写计划的编号和名称。")
    elif NOT_IN_A_CODE.search(code) or len(code) > MAX_CODE:
        sentence = (
            f"计划编号应为 1–{MAX_CODE} 位字母、数字或连字符，例如 2026-2030，实际为“{code}”。"
        )
        yield Refusal("code", "invalid_value", sentence)


def _about_the_order(wanted: Span) -> Iterable[Refusal]:
    if wanted.ends_on <= wanted.starts_on:
        sentence = f"结束日期 {wanted.ends_on} 应晚于开始日期 {wanted.starts_on}。"
        yield Refusal("ends_on", "invalid_date", sentence)


def _about_the_distance(starts_on: date, today: date) -> Iterable[Refusal]:
    if abs(starts_on.year - today.year) > FAR_YEARS:
        sentence = f"开始日期 {starts_on} 与今天（{today}）相差超过 {FAR_YEARS} 年，请核对年份。"
        yield Refusal("starts_on", "far_away", sentence)


def _about_gaps(
    wanted: Span, others: Sequence[Span], of: str, *, first: date | None = None
) -> Iterable[Refusal]:
    """Name the days between this period and its neighbours that would belong to none.

    ``first`` is where the days begin that need one, if no earlier period does.
    """
    before = [one.ends_on for one in others if one.starts_on < wanted.starts_on]
    after = [one.starts_on for one in others if one.ends_on > wanted.ends_on]
    begins = max(before) + ONE_DAY if before else first or wanted.starts_on
    ends = min(after) - ONE_DAY if after else wanted.ends_on
    for since, until in ((begins, wanted.starts_on - ONE_DAY), (wanted.ends_on + ONE_DAY, ends)):
        if since <= until:
            yield Refusal(
                "",
                "gap",
                f"{since} 至 {until} 将不在{of}内，这些日期不能填报；请核对起止日期，"
                "如确有间断，请声明“允许间断”。",
            )


def _about_siblings(wanted: Span, same_scope: Sequence[Span]) -> Iterable[Refusal]:
    for one in same_scope:
        if one.name == wanted.name:
            sentence = f"{one.name}已经设立（{one.dates}），不能重复设立；请填写尚未设立的年度。"
            yield Refusal("year", "duplicate", sentence)
        elif one.overlaps(wanted):
            sentence = f"日期与{one.name}（{one.dates}）重叠，请错开。"
            yield Refusal("starts_on", "overlap", sentence)


def _about_what_moves(moved: Moved) -> Iterable[Refusal]:
    if moved.workdays:
        yield Refusal(
            "starts_on",
            "days_would_move",
            f"已有 {moved.workdays} 条工作日志按原来的日期计入了别的年度，不能再改；"
            "请让新日期避开这些日志，或从下一年度起自定日期。",
        )
    if moved.pairings:
        yield Refusal(
            "starts_on",
            "pairing_left_out",
            f"有 {moved.pairings} 对结对的期限将不在该年度内，不能这样设；请核对起止日期。",
        )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or beyond the calendar
        return date.max if day.year + years > date.max.year else date(day.year + years, 3, 1)
