"""What an organisation must be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.types import OrgType
from portal.refusals import Refusal
from portal.standards.bank_account import check_bank_account
from portal.standards.credit_code import check_credit_code
from portal.standards.phone import check_phone

MAX_NAME = 100
MAX_BANK = 100
"""Characters of 开户行."""


MAX_SHORT_TEXT = 60
"""Characters of 法定代表人 and 联系人."""

MAX_REASON = 200
"""Characters of 类型说明."""


class OrganisationFacts(NamedTuple):
    """An organisation as somebody wants to register it; texts normalised, empty ones None."""

    credit_code: str
    name: str
    type: OrgType
    type_reason: str | None
    region_code: str
    legal_representative: str | None
    contact_name: str | None
    contact_phone: str | None
    bank_account: str | None
    founded_on: date | None
    bank_name: str | None = None


class Seat(NamedTuple):
    """所在地: where an organisation has its seat, and whether that lies within the actor's scope."""

    name: str
    province_code: str
    is_within_scope: bool


def refusals_for_organisation(
    facts: OrganisationFacts, *, seat: Seat | None, is_taken: bool, scope: str, today: date
) -> list[Refusal]:
    """Say every reason why this organisation cannot be registered as it stands.

    ``seat`` is None where the region code is none in force; ``is_taken`` says that another
    organisation bears the credit code; ``scope`` names the area for which the actor answers.
    """
    return [
        *_about_the_code(facts, is_taken=is_taken),
        *refusals_for_details(facts, seat=seat, scope=scope, today=today),
    ]


def refusals_for_details(
    facts: OrganisationFacts, *, seat: Seat | None, scope: str, today: date
) -> list[Refusal]:
    """Say what is wrong with everything but the credit code, which an edit leaves as it is."""
    return [
        *_about_the_name(facts),
        *_about_the_place(facts, seat, scope),
        *_about_the_contact(facts),
        *_about_the_date(facts, today),
    ]


def refusals_for_move(
    seat: Seat | None, *, province_code: str, pairing_codes: Sequence[str]
) -> list[Refusal]:
    """Say why the seat cannot go to another province: a pairing carries its two provinces."""
    if seat is None or seat.province_code == province_code or not pairing_codes:
        return []
    return [
        Refusal(
            "region_code",
            "paired",
            f"该机构已有结对（{'、'.join(pairing_codes)}），帮扶方式由两省决定（二(二)），"
            "所在地不能改到另一省份；迁出原省的机构请按新机构登记。",
        )
    ]


def _about_the_code(facts: OrganisationFacts, *, is_taken: bool) -> Iterable[Refusal]:
    problem = check_credit_code(facts.credit_code)
    if problem:
        yield Refusal("credit_code", "invalid_credit_code", problem.sentence)
    elif is_taken:
        yield Refusal(
            "credit_code",
            "duplicate",
            f"统一社会信用代码 {facts.credit_code} 已登记，同一机构不必重复登记，可直接修改原记录。",
        )


def _about_the_name(facts: OrganisationFacts) -> Iterable[Refusal]:
    if not facts.name:
        yield Refusal("name", "missing_value", "请填写机构名称（与登记证书一致）。")
    elif len(facts.name) > MAX_NAME:
        yield Refusal(
            "name", "text_too_long", f"机构名称 {len(facts.name)} 字，超过上限 {MAX_NAME} 字。"
        )
    if facts.type == OrgType.OTHER and not facts.type_reason:
        yield Refusal(
            "type_reason",
            "missing_value",
            "机构类型为“其他”时，须填写说明（二(二)列明的九类之外的法人单位须说明理由）。",
        )
    for field, label, value, most in (
        ("type_reason", "类型说明", facts.type_reason, MAX_REASON),
        ("legal_representative", "法定代表人", facts.legal_representative, MAX_SHORT_TEXT),
        ("contact_name", "联系人", facts.contact_name, MAX_SHORT_TEXT),
    ):
        if value and len(value) > most:
            yield Refusal(field, "text_too_long", f"{label} {len(value)} 字，超过上限 {most} 字。")


def _about_the_place(facts: OrganisationFacts, seat: Seat | None, scope: str) -> Iterable[Refusal]:
    if seat is None:
        yield Refusal(
            "region_code",
            "unknown_region",
            f"所在地代码“{facts.region_code}”不是现行县级行政区划代码，请填写6位县（市、区）代码。",
        )
    elif not seat.is_within_scope:
        yield Refusal(
            "region_code",
            "outside_scope",
            f"所在地“{seat.name}”（{facts.region_code}）不在您的管辖范围（{scope}）内，"
            "请核对代码，或由当地民政部门登记。",
        )


def _about_the_contact(facts: OrganisationFacts) -> Iterable[Refusal]:
    if facts.contact_phone and (problem := check_phone(facts.contact_phone)):
        yield Refusal("contact_phone", "invalid_value", problem.sentence)
    if facts.bank_account and (problem := check_bank_account(facts.bank_account)):
        yield Refusal("bank_account", "invalid_value", problem.sentence)
    if len(facts.bank_name or "") > MAX_BANK:
        sentence = f"开户行 {len(facts.bank_name or '')} 字，超过上限 {MAX_BANK} 字。"
        yield Refusal("bank_name", "text_too_long", sentence)


def _about_the_date(facts: OrganisationFacts, today: date) -> Iterable[Refusal]:
    if facts.founded_on and facts.founded_on > today:
        yield Refusal(
            "founded_on", "future_date", f"成立日期 {facts.founded_on} 晚于今天，请核对。"
        )
