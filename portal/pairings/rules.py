"""Who may be paired with whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.types import Line, Mode
from portal.refusals import Refusal

TIBET_AND_XINJIANG = frozenset({"540000", "650000"})


class Place(NamedTuple):
    """The county of a pairing: its province, and whether the key-county list holds it."""

    county_code: str
    county_name: str
    province_code: str
    is_key: bool


def mode_of(sending_province_code: str, receiving_province_code: str) -> Mode:
    """帮扶方式 follows from the two provinces (二(二), R018)."""
    return (
        Mode.IN_PROVINCE
        if sending_province_code == receiving_province_code
        else Mode.CROSS_PROVINCE
    )


def refusals_for_pairing(
    *,
    is_same_organisation: bool,
    line: Line,
    place: Place,
    receiving_province_code: str,
    starts_on: date,
    ends_on: date,
    years: Sequence[int],
    closed_years: Sequence[int],
    sending_partners: Mapping[int, str],
    receiving_partners: Mapping[int, str],
) -> list[Refusal]:
    """Say every reason why this pairing cannot be made; empty if it can.

    ``years`` are the work years that the dates touch; ``*_partners`` map a year to the code of
    the pairing in which the organisation already stands on that side.
    """
    refusals = []
    if is_same_organisation:
        refusals.append(
            Refusal("receiving", "not_one_to_one", "援派机构与受援机构不能是同一家机构。")
        )
    if ends_on < starts_on:
        refusals.append(Refusal("ends_on", "invalid_value", f"结束日期 {ends_on} 早于开始日期。"))
    elif not years:
        refusals.append(
            Refusal(
                "starts_on",
                "outside_work_year",
                f"{starts_on} 至 {ends_on} 不在任何工作年度内，请核对日期。",
            )
        )
    if place.province_code != receiving_province_code:
        refusals.append(
            Refusal(
                "county",
                "mode_mismatch",
                f"受援县“{place.county_name}”与受援机构不在同一省份，"
                "帮扶方式由两省代码决定，请核对受援县或受援机构所在地。",
            )
        )
    refusals.extend(_about_the_line(line, place, starts_on))
    for side, label, partners in (
        ("sending", "援派机构", sending_partners),
        ("receiving", "受援机构", receiving_partners),
    ):
        taken = [(year, partners[year]) for year in years if year in partners]
        if taken:
            listed = "、".join(f"{year} 年度（{code}）" for year, code in taken)
            refusals.append(
                Refusal(
                    side,
                    "not_one_to_one",
                    f"{label}已有结对：{listed}。按“一对一”原则（二(一)），"
                    "请先终止原结对，或由省级批准例外。",
                )
            )
    if closed_years:
        listed = "、".join(map(str, closed_years))
        refusals.append(
            Refusal("starts_on", "closed_year", f"{listed} 工作年度已关闭，不能新增结对。")
        )
    return refusals


def _about_the_line(line: Line, place: Place, starts_on: date) -> list[Refusal]:
    if line == Line.KEY_COUNTY and not place.is_key:
        return [
            Refusal(
                "county",
                "not_key_county",
                f"“{place.county_name}”（{place.county_code}）在 {starts_on} 不在国家乡村振兴"
                "重点帮扶县名单内，任务线“重点县”只能选名单内的县；请改选任务线或核对县代码。",
            )
        ]
    if line == Line.TIBET_XINJIANG and place.province_code not in TIBET_AND_XINJIANG:
        return [
            Refusal(
                "line",
                "mode_mismatch",
                f"任务线“援藏援疆”的受援地须在西藏或新疆，“{place.county_name}”不在其中。",
            )
        ]
    return []


def refusals_for_termination(
    *, starts_on: date, ends_on: date, last_day: date, reason: str, last_workday: date | None
) -> list[Refusal]:
    """Say why a pairing cannot be ended on ``last_day``."""
    refusals = []
    if not reason.strip():
        refusals.append(Refusal("reason", "missing_value", "终止结对须填写原因。"))
    if not starts_on <= last_day <= ends_on:
        refusals.append(
            Refusal(
                "last_day",
                "invalid_value",
                f"终止日期应在结对期限内（{starts_on} 至 {ends_on}），实际为 {last_day}。",
            )
        )
    elif last_workday and last_workday > last_day:
        refusals.append(
            Refusal(
                "last_day",
                "overlap",
                f"{last_workday} 还有工作日志，终止日期不能早于该日；请先更正或退回之后的日志。",
            )
        )
    return refusals
