"""Who may be paired with whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.types import Line
from portal.pairings.life_rules import ONE_TO_ONE_CLAUSE
from portal.refusals import Refusal
from portal.standards.text import is_blank, plain_dashes, trimmed, upper

TIBET_AND_XINJIANG = frozenset({"540000", "650000"})

NOT_IN_A_CODE = re.compile(r"[/\\\x00-\x1f\x7f]|^[.\s]*$")
"""A code stands in addresses: no slash, nothing invisible, not dots alone."""

MAX_CODE = 40
MAX_AGREEMENT_NUMBER = 60
TAKEN_BY_PAGES = frozenset({"new"})
"""Words that are addresses of pages."""


class ReceivingCounty(NamedTuple):
    """The county of a pairing: its province, and whether the key-county list holds it."""

    county_code: str
    county_name: str
    province_code: str
    is_key: bool


class Proposal(NamedTuple):
    """A pairing as somebody wants to make it.

    ``exception_reason`` asks for a second partner (B14); somebody else decides on it.
    """

    line: Line
    starts_on: date
    ends_on: date
    exception_reason: str | None = None


class Party(NamedTuple):
    """One side of a proposed pairing: its province, and by year the pairing it already stands in.

    ``allows_several`` is the policy on several partners of that side.
    """

    organisation_id: int
    province_code: str
    partners: Mapping[int, str]
    allows_several: bool = False

    def taken(self, years: Iterable[int]) -> list[tuple[int, str]]:
        """Return year and pairing where the one-to-one place is taken."""
        if self.allows_several:
            return []
        return [(year, self.partners[year]) for year in years if year in self.partners]


def refusals_for_pairing(
    proposal: Proposal,
    *,
    place: ReceivingCounty,
    sending: Party,
    receiving: Party,
    years: Sequence[int],
    closed_years: Sequence[int],
) -> list[Refusal]:
    """Say every reason why this pairing cannot be made; empty if it can.

    ``years`` are the work years that the dates touch.
    """
    return [
        *_about_the_two(place, sending, receiving),
        *_about_the_dates(proposal, years, closed_years),
        *_about_the_line(proposal.line, place, proposal.starts_on),
        *_about_one_to_one(proposal, sending, receiving, years),
    ]


def _about_the_two(place: ReceivingCounty, sending: Party, receiving: Party) -> Iterable[Refusal]:
    if sending.organisation_id == receiving.organisation_id:
        yield Refusal("receiving", "not_one_to_one", "援派机构与受援机构不能是同一家机构。")
    if place.province_code != receiving.province_code:
        yield Refusal(
            "county",
            "mode_mismatch",
            f"受援县“{place.county_name}”与受援机构不在同一省份，"
            "帮扶方式由两省代码决定，请核对受援县或受援机构所在地。",
        )


def _about_the_dates(
    proposal: Proposal, years: Sequence[int], closed_years: Sequence[int]
) -> Iterable[Refusal]:
    starts_on, ends_on = proposal.starts_on, proposal.ends_on
    if ends_on < starts_on:
        yield Refusal(
            "ends_on", "invalid_value", f"结束日期 {ends_on} 早于开始日期 {starts_on}，请核对。"
        )
    elif not years:
        yield Refusal(
            "starts_on",
            "outside_work_year",
            f"{starts_on} 至 {ends_on} 不在任何工作年度内，请核对日期。",
        )
    if closed_years:
        listed = "、".join(map(str, closed_years))
        yield Refusal(
            "starts_on",
            "closed_year",
            f"{listed} 工作年度已关闭，不能新增结对；请改从之后的年度开始，"
            "或请国家级民政部门重新开放该年度。",
        )


def _about_one_to_one(
    proposal: Proposal, sending: Party, receiving: Party, years: Sequence[int]
) -> Iterable[Refusal]:
    sides = (("sending", "援派机构", sending), ("receiving", "受援机构", receiving))
    if proposal.exception_reason:
        if not any(party.taken(years) for _, _, party in sides):
            yield Refusal(
                "exception_reason",
                "needless_exception",
                "两家机构在这些年度都没有其他结对，不需要申请例外，请清空例外理由后再提交。",
            )
        return
    for field, label, party in sides:
        yield from refusals_for_place(field, label, party, years)


def refusals_for_place(
    field: str, label: str, party: Party, years: Sequence[int]
) -> Iterable[Refusal]:
    """Say that the one-to-one place of a side (``label``) is taken, if it is."""
    taken = party.taken(years)
    if taken:
        years_of: dict[str, list[str]] = {}
        for year, code in taken:
            years_of.setdefault(code, []).append(str(year))
        listed = "、".join(f"{'、'.join(of)} 年度（{code}）" for code, of in years_of.items())
        yield Refusal(
            field,
            "not_one_to_one",
            f"{label}已有结对：{listed}。按“一对一”原则（{ONE_TO_ONE_CLAUSE}），请先终止原结对；"
            f"确需第二个结对的，在“建立结对”页面填写“一对一例外的申请理由”，由{label}所在省的另一位人员批准。",
        )


def _about_the_line(line: Line, place: ReceivingCounty, starts_on: date) -> list[Refusal]:
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


def normalise_code(text: str) -> str:
    """Return a code as it is stored and looked for: half-width, plain dashes, in capitals."""
    return upper(plain_dashes(trimmed(text)))


def refusals_for_code(code: str) -> list[Refusal]:
    """Say why a text cannot be the code of a pairing: it stands in addresses and on paper."""
    if len(code) > MAX_CODE:
        return [
            Refusal("code", "text_too_long", f"结对编号 {len(code)} 字，超过上限 {MAX_CODE} 字。")
        ]
    if NOT_IN_A_CODE.search(code) or code in TAKEN_BY_PAGES:
        return [
            Refusal(
                "code",
                "invalid_value",
                f"“{code}”不能作为结对编号：编号用于网址和纸质材料，不能含斜杠或控制字符，"
                "也不能只有点号；建议用字母、数字和连字符。",
            )
        ]
    return []


def refusals_for_province(
    acting: Collection[str] | None, sending_province_code: str, receiving_province_code: str
) -> list[Refusal]:
    """Say why this office may not make the pairing. ``acting`` None stands for all provinces."""
    if acting is None or {sending_province_code, receiving_province_code} & set(acting):
        return []
    return [
        Refusal(
            "",
            "outside_scope",
            "援派机构和受援机构都不在您管辖的省份；结对由其中一方所在省的省级民政部门建立（二(二)）。",
        )
    ]


def refusals_for_agreement(
    *, number: str, signed_on: date, starts_on: date, ends_on: date, today: date
) -> list[Refusal]:
    """Say why this agreement cannot be recorded (帮扶协议, 二(五))."""
    refusals = []
    if is_blank(number):
        refusals.append(Refusal("number", "missing_value", "请填写协议编号。"))
    elif len(number) > MAX_AGREEMENT_NUMBER:
        sentence = f"协议编号 {len(number)} 字，超过上限 {MAX_AGREEMENT_NUMBER} 字。"
        refusals.append(Refusal("number", "text_too_long", sentence))
    if signed_on > today:
        refusals.append(
            Refusal("signed_on", "future_date", f"签订日期 {signed_on} 晚于今天，请核对。")
        )
    elif signed_on > ends_on:
        refusals.append(
            Refusal(
                "signed_on",
                "invalid_value",
                f"签订日期 {signed_on} 晚于结对期限（{starts_on} 至 {ends_on}），请核对。",
            )
        )
    return refusals


def refusals_for_last_day(
    *,
    starts_on: date,
    ends_on: date,
    last_day: date,
    last_workday: date | None,
    closed_years: Sequence[int],
) -> list[Refusal]:
    """Say why a pairing cannot be ended on ``last_day``.

    ``closed_years`` are the closed ones of which the pairing would lose a day.
    """
    refusals = []
    if not starts_on <= last_day <= ends_on:
        refusals.append(
            Refusal(
                "last_day",
                "invalid_value",
                f"最后一日应在结对期限内（{starts_on} 至 {ends_on}），实际为 {last_day}。",
            )
        )
    elif last_workday and last_workday > last_day:
        refusals.append(
            Refusal(
                "last_day",
                "overlap",
                f"{last_workday} 还有工作日志，最后一日不能早于该日；请先更正或退回之后的日志。",
            )
        )
    if closed_years:
        listed = "、".join(map(str, closed_years))
        refusals.append(
            Refusal(
                "last_day",
                "closed_year",
                f"{listed} 工作年度已关闭，结对在该年度内的期限不能再缩短；最后一日请填该年度的末日或之后，"
                "或请国家级民政部门重新开放该年度。",
            )
        )
    return refusals


class Term(NamedTuple):
    """Two dates, both included: of a pairing, or of a work year."""

    starts_on: date
    ends_on: date


def takes_part_in(year: Term, pairing: Term) -> bool:
    """Is a pairing in force on at least one day of a work year besides its first there (B43)?

    One that was terminated on its first day never was.
    """
    return min(pairing.ends_on, year.ends_on) > max(pairing.starts_on, year.starts_on)


def is_effective(year: Term, pairing: Term, *, is_confirmed: bool) -> bool:
    """Does a pairing count in a work year? THE definition (B43): portal/pairings/effective_queries.py in SQL."""
    return is_confirmed and takes_part_in(year, pairing)


def covers(year: Term, pairing: Term, day: date, *, is_confirmed: bool) -> bool:
    """Does a pairing cover its county on a day?

    While the work year runs, an effective one that is in force that day does; of a year that is over
    (its last day has come), or still to come, every effective one.
    """
    runs = year.starts_on <= day < year.ends_on
    return is_effective(year, pairing, is_confirmed=is_confirmed) and (
        not runs or pairing.starts_on <= day <= pairing.ends_on
    )
