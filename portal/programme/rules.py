"""What may stand in the task-allocation table (任务分配表, 二(二)). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from models.types import Line, Mode
from portal.refusals import Refusal

TIBET_AND_XINJIANG = frozenset({"540000", "650000"})
"""The two receivers of the line 援藏援疆, 二(一)."""

MAX_PAIRS = 999
"""Pairings in one row; the whole country has 160 key counties."""


def mode_of(sending_province_code: str, receiving_province_code: str) -> Mode:
    """帮扶方式 follows from the two provinces (二(二), R018)."""
    return (
        Mode.IN_PROVINCE
        if sending_province_code == receiving_province_code
        else Mode.CROSS_PROVINCE
    )


class AllocationKey(NamedTuple):
    """What names a row of the table; ``county_code`` is "" where it names none."""

    year: int
    sending_province_code: str
    receiving_province_code: str
    line: Line
    county_code: str


class AllocationFacts(NamedTuple):
    """A row as somebody wants to write it; ``county_code`` is "" where it names no county."""

    year: int
    sending_province_code: str
    receiving_province_code: str
    pairs: int
    line: Line
    county_code: str = ""

    @property
    def key(self) -> AllocationKey:
        return AllocationKey(
            self.year,
            self.sending_province_code,
            self.receiving_province_code,
            self.line,
            self.county_code,
        )


class County(NamedTuple):
    """The county that a row names: its province, and whether the key-county list holds it."""

    name: str
    province_code: str
    is_key: bool


def refusals_for_allocation(
    facts: AllocationFacts,
    *,
    closed_by_year: Mapping[int, bool],
    province_codes: Collection[str],
    county: County | None,
) -> list[Refusal]:
    """Say every reason why this row cannot stand in the table; empty if it can.

    ``closed_by_year`` says of every work year whether it is closed, ``province_codes`` are the
    provinces in force, ``county`` is what ``facts.county_code`` names, or None if it is unknown
    or empty. Pages and imports ask the same.
    """
    return [
        *_about_the_year(facts.year, closed_by_year),
        *_about_the_provinces(facts, province_codes),
        *_about_the_pairs(facts.pairs),
        *_about_the_county(facts, county),
    ]


def refusals_for_removal(year: int, closed_by_year: Mapping[int, bool]) -> list[Refusal]:
    """Say why a row of a work year cannot leave the table; empty if it can."""
    return list(_about_the_year(year, closed_by_year))


def refusals_for_closed_years(years: Collection[int], verb: str) -> list[Refusal]:
    """Say why nothing that counts in closed work years can change: the rule of every room."""
    if not years:
        return []
    listed = "、".join(map(str, sorted(years)))
    return [
        Refusal(
            "",
            "closed_year",
            f"{listed} 工作年度已关闭，不能再{verb}；确有必要的，请先由国家级民政部门重新开放该年度。",
        )
    ]


def _about_the_year(year: int, closed_by_year: Mapping[int, bool]) -> Iterable[Refusal]:
    if year not in closed_by_year:
        known = "、".join(map(str, sorted(closed_by_year)))
        yield Refusal(
            "year",
            "outside_work_year",
            f"没有 {year} 工作年度；已设置的工作年度：{known or '无'}。",
        )
    elif closed_by_year[year]:
        yield Refusal(
            "year",
            "closed_year",
            f"{year} 工作年度已关闭，任务分配表不能再改；如需调整，请先重新开放该年度。",
        )


def _about_the_provinces(
    facts: AllocationFacts, province_codes: Collection[str]
) -> Iterable[Refusal]:
    for field, label, code in (
        ("sending_province_code", "援派省份", facts.sending_province_code),
        ("receiving_province_code", "受援省份", facts.receiving_province_code),
    ):
        if code not in province_codes:
            yield Refusal(
                field, "unknown_region", f"{label}代码“{code}”不是省级行政区划代码（如 350000）。"
            )
    if facts.line == Line.TIBET_XINJIANG and (
        facts.receiving_province_code not in TIBET_AND_XINJIANG
    ):
        yield Refusal(
            "receiving_province_code",
            "invalid_value",
            "任务线“援藏援疆”的受援省份应为西藏自治区（540000）或新疆维吾尔自治区（650000），"
            "见二(一)；其他省份请改选任务线。",
        )


def _about_the_pairs(pairs: int) -> Iterable[Refusal]:
    if not 1 <= pairs <= MAX_PAIRS:
        yield Refusal(
            "pairs", "invalid_value", f"结对数量应为 1–{MAX_PAIRS} 的整数，实际为 {pairs}。"
        )


def _about_the_county(facts: AllocationFacts, county: County | None) -> Iterable[Refusal]:
    code = facts.county_code
    if not code:
        return
    if county is None:
        yield Refusal(
            "county_code",
            "unknown_region",
            f"受援县代码“{code}”不是现行的县级行政区划代码；不指定县时请留空。",
        )
        return
    if county.province_code != facts.receiving_province_code:
        yield Refusal(
            "county_code",
            "mode_mismatch",
            f"受援县“{county.name}”不属于受援省份 {facts.receiving_province_code}，"
            "请核对受援县或受援省份。",
        )
    if facts.line == Line.KEY_COUNTY and not county.is_key:
        yield Refusal(
            "county_code",
            "not_key_county",
            f"“{county.name}”不在160个国家乡村振兴重点帮扶县名单内，"
            "请改选任务线“援藏援疆”或“延续”，或核对县代码。",
        )
