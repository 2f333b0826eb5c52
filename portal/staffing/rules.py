"""Who may be assigned, and who meets the rule for sent people. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.types import CertLevel, Side
from portal.programme.policy import Policy
from portal.refusals import Refusal
from portal.standards.dates import full_months_between

CLAUSE = "二(四)2"


class CertificateFacts(NamedTuple):
    level: CertLevel
    issued_on: date | None


class Span(NamedTuple):
    starts_on: date
    ends_on: date


def shortfalls_of_person(
    *,
    side: Side,
    certificates: Sequence[CertificateFacts],
    service_started_on: date | None,
    first_day: date,
    policy: Policy,
) -> list[Refusal]:
    """Say what a sent person lacks on the first day of the assignment; empty if qualified.

    Decisions B10 and B11: a recognised certificate issued by that day, and 24 full months of
    direct service. Received people need neither.
    """
    if side == Side.RECEIVED:
        return []
    return [
        *_certificate_shortfall(certificates, first_day, policy),
        *_service_shortfall(service_started_on, first_day, policy),
    ]


def _certificate_shortfall(
    certificates: Sequence[CertificateFacts], first_day: date, policy: Policy
) -> list[Refusal]:
    levels = set(policy["cert_levels"])
    recognised = [one for one in certificates if one.level.value in levels]
    if any(one.issued_on is None or one.issued_on <= first_day for one in recognised):
        return []
    needed = "或".join(level.label for level in CertLevel if level.value in levels)
    if recognised:
        earliest = min(one.issued_on for one in recognised if one.issued_on)
        have = f"证书取得日期 {earliest} 晚于选派首日 {first_day}"
    elif certificates:
        have = "现有证书为" + "、".join(one.level.label for one in certificates)
    else:
        have = "没有登记证书"
    return [
        Refusal(
            "certificate",
            "certificate_missing",
            f"{have}；援派人员须持有{needed}证书（{CLAUSE}）。请登记证书，或由省级批准例外。",
        )
    ]


def _service_shortfall(started_on: date | None, first_day: date, policy: Policy) -> list[Refusal]:
    needed = policy["min_service_months"]
    months = full_months_between(started_on, first_day) if started_on else 0
    if months >= needed:
        return []
    have = (
        f"到选派首日 {first_day} 直接从事社会工作满 {months} 个月"
        if started_on
        else "没有登记从事社会工作起始日期"
    )
    return [
        Refusal(
            "service_started_on",
            "service_too_short",
            f"{have}；援派人员须满 {needed} 个月（{CLAUSE}）。请核对起始日期，或由省级批准例外。",
        )
    ]


def refusals_for_assignment(
    span: Span,
    *,
    pairing: Span,
    pairing_code: str,
    is_member: bool,
    others: Sequence[Span],
) -> list[Refusal]:
    """Say why a person cannot be assigned for this span; ``others`` are their spans here."""
    refusals = []
    if span.ends_on < span.starts_on:
        refusals.append(
            Refusal("ends_on", "invalid_value", f"结束日期 {span.ends_on} 早于开始日期。")
        )
    if span.starts_on < pairing.starts_on or span.ends_on > pairing.ends_on:
        refusals.append(
            Refusal(
                "starts_on",
                "outside_pairing",
                f"选派期限 {span.starts_on} 至 {span.ends_on} 超出结对 {pairing_code} 的期限"
                f"（{pairing.starts_on} 至 {pairing.ends_on}）。",
            )
        )
    if not is_member:
        refusals.append(
            Refusal(
                "person",
                "not_a_member",
                f"该人员不属于结对 {pairing_code} 这一方的机构，请先在人员信息中核对所属机构。",
            )
        )
    clash = next(
        (one for one in others if one.starts_on <= span.ends_on and span.starts_on <= one.ends_on),
        None,
    )
    if clash:
        refusals.append(
            Refusal(
                "starts_on",
                "overlap",
                f"与该人员在本结对的另一段选派（{clash.starts_on} 至 {clash.ends_on}）重叠。",
            )
        )
    return refusals
