"""Who counts as 社会工作专业人才 on which side of a pairing. Pure.

One rule, asked by pages, imports and commands alike: what is missing is named, and until it is
there the person's days wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import CertLevel, Side
from portal.people.rules import CertificateFacts, missing_on
from portal.programme.policy import PLAN, Policy
from portal.refusals import Refusal
from portal.standards.dates import full_months_between, months_in_words

EXCEPTION = {Side.SENT: "，或由省级批准例外", Side.RECEIVED: ""}
"""How a sent person may count all the same (B10, B11); of received ones the policy says who counts."""


class Check(NamedTuple):
    """One requirement on a person: what is there and what is needed, in words.

    ``code`` and ``field`` are those of the refusal where it is not met.
    """

    code: str
    field: str
    label: str
    is_met: bool
    have: str
    need: str
    mend: str


def checks_of_person(
    *,
    side: Side,
    certificates: Sequence[CertificateFacts],
    service_started_on: date | None,
    first_day: date,
    policy: Policy,
) -> list[Check]:
    """Check a person against what is asked of a side on the first day of the assignment.

    Sent (decisions B10 and B11): a recognised certificate, recorded with its number and issued by
    that day, and 24 full months of direct service. Received (decision B41): whoever the receiving
    organisation employs and assigns, which no assignment does without; or, as the policy says, a
    known start in social work, or a certificate of any level.
    """
    if side == Side.SENT:
        return [
            _check_certificate(side, certificates, set(policy["cert_levels"]), first_day),
            _check_service(service_started_on, first_day, policy),
        ]
    match policy["received_requires"]:
        case "certificate":
            return [_check_certificate(side, certificates, set(CertLevel), first_day)]
        case "social_work":
            return [_check_social_work(service_started_on, first_day)]
    return []


def shortfalls(checks: Iterable[Check]) -> list[Refusal]:
    """Say what a person lacks; empty if qualified."""
    return [
        Refusal(check.field, check.code, f"{check.have}；{check.need}（{PLAN}）。{check.mend}")
        for check in checks
        if not check.is_met
    ]


def _check_certificate(
    side: Side, certificates: Sequence[CertificateFacts], levels: set[str], first_day: date
) -> Check:
    recognised = [one for one in certificates if one.level.value in levels]
    complete = [one for one in recognised if not missing_on(one)]
    valid = [one for one in complete if one.issued_on and one.issued_on <= first_day]
    code, mend = "certificate_missing", "请登记证书"
    if valid:
        best = max(valid, key=lambda one: list(CertLevel).index(one.level))
        have = f"持有{best.level.label}证书（{best.issued_on} 取得）"
    elif complete:
        earliest = min(one.issued_on for one in complete if one.issued_on)
        have = f"证书取得日期 {earliest} 晚于选派首日 {first_day}"
    elif recognised:
        have = "；".join(
            f"{one.level.label}证书没有登记{'和'.join(missing_on(one))}" for one in recognised
        )
        code, mend = "certificate_incomplete", "请按证书原件补登"
    elif certificates:
        have = "现有证书为" + "、".join(one.level.label for one in certificates)
    else:
        have = "没有登记证书"
    needed = (
        "任一等级的社会工作者职业水平"
        if levels == set(CertLevel)
        else "或".join(level.label for level in CertLevel if level.value in levels)
    )
    return Check(
        code,
        "certificate",
        "职业水平证书",
        is_met=bool(valid),
        have=have,
        need=f"{side.label}人员须持有{needed}证书",
        mend=f"{mend}{EXCEPTION[side]}。",
    )


def _check_service(started_on: date | None, first_day: date, policy: Policy) -> Check:
    needed = policy["min_service_months"]
    months = full_months_between(started_on, first_day) if started_on else 0
    have = (
        f"到选派首日 {first_day} 直接从事社会工作满 {months_in_words(months)}"
        if started_on
        else "没有登记从事社会工作起始日期"
    )
    return Check(
        "service_too_short",
        "service_started_on",
        "直接服务年限",
        is_met=months >= needed,
        have=have,
        need=f"{Side.SENT.label}人员须满 {months_in_words(needed)}",
        mend=f"请核对起始日期{EXCEPTION[Side.SENT]}。",
    )


def _check_social_work(started_on: date | None, first_day: date) -> Check:
    has_begun = started_on is not None and started_on <= first_day
    if started_on is None:
        have = "没有登记从事社会工作起始日期"
    elif has_begun:
        have = f"{started_on} 起从事社会工作"
    else:
        have = f"从事社会工作起始日期 {started_on} 晚于选派首日 {first_day}"
    return Check(
        "no_social_work",
        "service_started_on",
        "从事社会工作",
        is_met=has_begun,
        have=have,
        need=f"{Side.RECEIVED.label}人员须在受援机构从事社会工作",
        mend="请登记起始日期。",
    )
